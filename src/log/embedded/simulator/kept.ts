/**
 * Scenarios in files: one that broke a rule is kept with what it broke, in `kept/`, and run again with every test.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultKinds, type Scenario } from './scenario.ts';

/** What such a file holds. */
export interface KeptCase {
  /** The rule that was broken. */
  readonly rule: string;
  /** By what, in a sentence. */
  readonly found: string;
  readonly scenario: Scenario;
}

const folder = fileURLToPath(new URL('./kept/', import.meta.url));

/** A case as it goes into a file. */
export const keptText = (kept: KeptCase): string => `${JSON.stringify(kept, null, 2)}\n`;

/** Reads a case from a file. Throws when it is none, saying what is wrong. */
export const readKept = (path: string): KeptCase => {
  const wrong = (what: string): Error =>
    new Error(
      `${path} is not a scenario of the simulator: ${what}. \`npm run sim\` prints one for a seed that breaks a rule`,
    );
  let kept: Partial<KeptCase> | null;
  try {
    kept = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const scenario = kept?.scenario;
  if (scenario === undefined) throw wrong('it has no “scenario”');
  for (const name of [
    'seed',
    'members',
    'minInSync',
    'diskMs',
    'networkMs',
    'snapshotEvery',
    'logKeepEntries',
    'stormMs',
  ] as const)
    if (typeof scenario[name] !== 'number') throw wrong(`its “${name}” is not a number`);
  if (typeof scenario.clients?.everyMs !== 'number') throw wrong('it has no “clients”');
  if (!Array.isArray(scenario.faults)) throw wrong('its “faults” are not a list');
  for (const { kind, atMs } of scenario.faults)
    if (!faultKinds.includes(kind) || typeof atMs !== 'number') throw wrong(`there is no fault “${kind}” at ${atMs}`);
  return { rule: kept?.rule ?? '', found: kept?.found ?? '', scenario };
};

/** All that are kept, by name. */
export const keptCases = (): readonly (readonly [name: string, kept: KeptCase])[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [basename(file, '.json'), readKept(join(folder, file))]);

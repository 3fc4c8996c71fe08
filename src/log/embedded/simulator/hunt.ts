/**
 * Faults planted into copies of the engine's source, one at a time, to see whether the simulation finds them: a checker
 * that has never caught anything proves nothing. The engine itself knows nothing of this.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './mutants.ts';
import type { Scenario } from './scenario.ts';
import { type SimulationResult, simulate } from './simulate.ts';

/** What came of a mutant: which seed broke which rule, after how many steps; `rule` null when none did. */
export interface MutantResult {
  readonly mutant: Mutant;
  readonly seed: number;
  readonly steps: number;
  readonly rule: string | null;
}

/** An engine with a fault in it. */
export interface MutantEngine {
  readonly simulate: (seed: number) => SimulationResult;
  readonly run: (scenario: Scenario) => SimulationResult;
}

const source = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Plants a mutant into a copy of the engine, and lets `use` have it. Works from the sources only. Throws when the
 * mutant's text is not there exactly once: then it must be written anew.
 */
export const plant = async <T>(mutant: Mutant, use: (engine: MutantEngine) => T): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-mutant-'));
  try {
    for (const room of ['log', 'protocol']) cpSync(join(source, room), join(folder, room), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const [find, replace, file = mutant.file] of mutant.edits) {
      const path = join(folder, 'log/embedded/replica', file);
      const text = readFileSync(path, 'utf8');
      if (text.split(find).length !== 2) throw new Error(`“${mutant.name}”: “${find}” is not once in ${file}`);
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
    }
    const door = pathToFileURL(join(folder, 'log/embedded/simulator/simulate.ts')).href;
    return use((await import(door)) as MutantEngine);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Simulates seeds from `first` until a mutant breaks a rule, `seeds` at most. Throws when the engine without it does, too. */
export const hunt = (mutant: Mutant, first: number, seeds: number): Promise<MutantResult> =>
  plant(mutant, (engine) => {
    let steps = 0;
    for (let seed = first; seed < first + seeds; seed++) {
      const { steps: taken, violation } = engine.simulate(seed);
      steps += taken;
      if (violation === null) continue;
      const sound = simulate(seed).violation;
      if (sound !== null) throw new Error(`seed ${seed} breaks the engine without a mutant, too: ${sound.message}`);
      return { mutant, seed, steps, rule: violation.rule };
    }
    return { mutant, seed: first + seeds - 1, steps, rule: null };
  });

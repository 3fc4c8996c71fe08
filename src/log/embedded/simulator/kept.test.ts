import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, scenarioOf } from './index.ts';
import { keptCases, keptText, readKept } from './kept.ts';

describe('what broke a rule once does not any more:', () => {
  it.each(keptCases())('%s', (_name, { scenario }) => {
    expect(run(scenario).violation).toBeNull();
  });
});

describe('a scenario in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-kept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (text: string): string => {
    const path = join(folder, 'case.json');
    writeFileSync(path, text);
    return path;
  };

  it('is read back as it was written', () => {
    const kept = { rule: 'R4', found: 'a mutant', scenario: scenarioOf(3) };
    expect(readKept(file(keptText(kept)))).toEqual(kept);
  });

  it.each([
    ['{', 'is not a scenario'],
    ['{}', 'it has no “scenario”'],
    [JSON.stringify({ scenario: { ...scenarioOf(3), members: '3' } }), 'its “members” is not a number'],
    [JSON.stringify({ scenario: { ...scenarioOf(3), faults: [{ kind: 'flood', atMs: 1 }] } }), 'no fault “flood”'],
  ])('that is none is refused, and it says why', (text, why) => {
    expect(() => readKept(file(text))).toThrow(why);
  });
});

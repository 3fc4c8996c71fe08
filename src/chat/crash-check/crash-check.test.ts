import { describe, expect, it } from 'vitest';
import { chatMutants, checkCrashes, huntInChat } from './index.ts';

describe('R11 R12 R20 P4 a chat machine that crashes again and again', () => {
  it('says and holds what one does that never stops, whatever comes again', { timeout: 300_000 }, () => {
    const results = Array.from({ length: 8 }, (_, at) => checkCrashes(at + 1));
    expect(results.filter(({ violation }) => violation !== null)).toEqual([]);
    // The runs must be worth something.
    expect(results.reduce((sum, { crashes }) => sum + crashes, 0)).toBeGreaterThan(50);
    expect(results.reduce((sum, { retries }) => sum + retries, 0)).toBeGreaterThan(400);
  });

  it('does so again in the same way for the same seed', () => {
    expect(checkCrashes(7)).toEqual(checkCrashes(7));
    expect(checkCrashes(7)).not.toEqual({ ...checkCrashes(8), seed: 7 });
  });
});

describe('the crash check finds a planted fault:', () => {
  it.each(chatMutants.map((mutant) => [mutant.rule, mutant.name, mutant] as const))(
    '%s a chat machine that %s',
    { timeout: 300_000 },
    async (_rule, _name, mutant) => {
      const result = await huntInChat(mutant, 1, 12);
      expect(result.rule).not.toBeNull();
    },
  );

  it('and says so when a mutant no longer fits the machine', async () => {
    const stale = { name: 'stale', rule: 'R11', file: 'machine.ts', edits: [['no such text', '']] } as const;
    await expect(huntInChat(stale, 1, 1)).rejects.toThrow('not once in machine.ts');
  });
});

import { describe, expect, it } from 'vitest';
import { hunt, mutants } from './index.ts';

describe('the simulation finds a planted fault:', () => {
  it.each(mutants.map((mutant) => [mutant.rule, mutant.name, mutant] as const))(
    '%s an engine that %s',
    { timeout: 240_000 },
    async (_rule, _name, mutant) => {
      const result = await hunt(mutant, 1, 600);
      expect(result.rule).not.toBeNull();
    },
  );

  it('and says so when a mutant no longer fits the engine', async () => {
    const stale = { name: 'stale', rule: 'R1', file: 'core.ts', edits: [['no such text', '']] } as const;
    await expect(hunt(stale, 1, 1)).rejects.toThrow('not once in core.ts');
  });
});

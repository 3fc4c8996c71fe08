import { describe, expect, it } from 'vitest';
import { plant } from './hunt.ts';
import { mutants, scenarioOf, shrink, simulate } from './index.ts';
import { keptText } from './kept.ts';
import { run } from './simulate.ts';

describe('a scenario that breaks a rule is made smaller', () => {
  const mutant = mutants.find(({ name }) => name === 'leads from outside the set')!;

  it('until hardly anything is left that it does not need, and still breaks the same rule', { timeout: 300_000 }, () =>
    plant(mutant, (engine) => {
      let seed = 1;
      while (engine.simulate(seed).violation === null || scenarioOf(seed).faults.length < 12) seed++;
      const whole = engine.simulate(seed);
      const { scenario, result, runs } = shrink(scenarioOf(seed), (smaller) => engine.run(smaller), 250);
      expect(result.violation?.rule).toBe(whole.violation?.rule);
      expect(scenario.faults.length).toBeLessThanOrEqual(4);
      expect(scenario.stormMs).toBeLessThan(scenarioOf(seed).stormMs);
      expect(runs).toBeLessThanOrEqual(250);
      // It is plain data: what is written into a file and read back gives the same run, here and in the sound engine.
      const read = JSON.parse(keptText({ rule: '', found: '', scenario })).scenario;
      const again = engine.run(read);
      expect([again.trace, again.steps, again.violation?.rule]).toEqual([
        result.trace,
        result.steps,
        result.violation?.rule,
      ]);
      expect(run(read).violation).toBeNull();
    }),
  );

  it('and one that breaks none is refused', () => {
    expect(simulate(1).violation).toBeNull();
    expect(() => shrink(scenarioOf(1), run)).toThrow('breaks no rule');
  });
});

import { describe, expect, it } from 'vitest';
import { genesis, mark, sequence } from '../replica/entry.ts';
import { Checker } from './checker.ts';
import { run, type SimulationResult, scenarioOf, simulate } from './index.ts';
import { faultKinds } from './scenario.ts';
import { Violation } from './violation.ts';
import { VirtualDisk } from './virtual-disk.ts';

const fixedSeeds = 200;
const freshSeeds = 200;

/** Runs seeds, and says what that was. */
const simulateFrom = (first: number, count: number): readonly SimulationResult[] => {
  const results = Array.from({ length: count }, (_, at) => simulate(first + at));
  const sum = (of: (result: SimulationResult) => number): number =>
    results.reduce((all, result) => all + of(result), 0);
  process.stdout.write(
    `${count} seeds from ${first}: ${sum(({ steps }) => steps)} steps, ${sum(({ faults }) => faults)} faults\n`,
  );
  return results;
};

const broken = (results: readonly SimulationResult[]): readonly string[] =>
  results
    .filter(({ violation }) => violation !== null)
    .map(({ seed, violation }) => `npm run sim -- --seeds 1 --seed ${seed}: ${violation?.message}`);

describe('R1 to R17 hold in simulated clusters under every fault that the simulator knows', () => {
  it(`for ${fixedSeeds} fixed seeds`, { timeout: 300_000 }, () => {
    const results = simulateFrom(1, fixedSeeds);
    expect(broken(results)).toEqual([]);
    // The runs must be worth something: every kind of fault strikes, they do take over, and clients are answered.
    const struck = new Set(results.flatMap((result) => Object.keys(result.struck)));
    expect([...struck].sort()).toEqual([...faultKinds].sort());
    expect(results.reduce((sum, { takeovers }) => sum + takeovers, 0)).toBeGreaterThan(fixedSeeds);
    expect(results.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(fixedSeeds * 100);
  });

  it(`for ${freshSeeds} fresh seeds`, { timeout: 300_000 }, () => {
    expect(broken(simulateFrom(Date.now() * 1_000, freshSeeds))).toEqual([]);
  });

  it('the same seed gives the same run, to the last step, whatever faults strike', { timeout: 300_000 }, () => {
    const struck = new Set<string>();
    for (let seed = 7; struck.size < faultKinds.length; seed++) {
      const once = simulate(seed);
      for (const kind of Object.keys(once.struck)) struck.add(kind);
      expect(simulate(seed)).toEqual(once);
      expect(run({ ...scenarioOf(seed), seed: seed + 1 }).trace).not.toBe(once.trace);
    }
  });
});

describe('the checker catches', () => {
  const body = new Uint8Array([1]);
  const first = mark(genesis, 1, 10);
  const second = sequence(first, 1, 11, { id: '0190a0b0-0000-7000-8000-000000000001', body });
  const other = sequence(first, 1, 11, { id: '0190a0b0-0000-7000-8000-000000000002', body });
  const thrown = (act: (checker: Checker) => void): string => {
    try {
      act(new Checker());
    } catch (error) {
      return error instanceof Violation ? error.rule : 'another error';
    }
    return 'nothing';
  };

  it('R17 a gap', () => {
    expect(thrown((checker) => checker.gaveOut('s1', 1, second))).toBe('R17');
  });

  it('P2 two histories', () => {
    const act = (checker: Checker) => {
      checker.gaveOut('s1', 1, first);
      checker.gaveOut('s1', 2, second);
      checker.gaveOut('s2', 2, other);
    };
    expect(thrown(act)).toBe('P2');
  });

  it('R4 an answer before the commit', () => {
    expect(thrown((checker) => checker.answered('s1', first))).toBe('R4');
  });

  it('R4 a member of the set without a committed entry', () => {
    const manifest = { cluster: 'c', epoch: 1, inSync: [{ name: 's2', incarnation: 'i' }] };
    const act = (checker: Checker) => {
      checker.gaveOut('s1', 1, first);
      checker.set(manifest, () => new VirtualDisk('i'));
    };
    expect(thrown(act)).toBe('R4');
  });

  it('R1 a primary without the lock, and P3 two of one epoch', () => {
    const manifest = { cluster: 'c', epoch: 1, inSync: [] };
    expect(thrown((checker) => checker.leads('s1', 1, false, manifest))).toBe('R1');
    const act = (checker: Checker) => {
      checker.leads('s1', 1, true, manifest);
      checker.leads('s2', 1, true, manifest);
    };
    expect(thrown(act)).toBe('P3');
  });

  it('P1 an acknowledged command that is gone after healing', () => {
    const act = (checker: Checker) => {
      checker.gaveOut('s1', 1, first);
      checker.answered('s1', first);
      checker.healed([{ name: 's2', disk: new VirtualDisk('i'), committed: 1 }]);
    };
    expect(thrown(act)).toBe('P1');
  });
});

/**
 * Makes a scenario that breaks a rule smaller, for as long as it still breaks that rule: fewer faults, fewer servers, a
 * shorter storm, idler clients. What is left is easier to understand, and worth keeping.
 */
import { type Fault, nodeNames, type Scenario } from './scenario.ts';
import type { SimulationResult } from './simulate.ts';

export interface Shrunk {
  readonly scenario: Scenario;
  /** What the smallest scenario comes to. */
  readonly result: SimulationResult;
  readonly runs: number;
}

/** With this few faults left, other luck is tried as well: what a run needs may depend on a delay or two. */
const luckFaults = 6;
const luckTries = 2;

class Shrinker {
  readonly #run: (scenario: Scenario) => SimulationResult;
  readonly #runsMax: number;
  readonly #rule: string;
  scenario: Scenario;
  result: SimulationResult;
  runs = 1;

  constructor(scenario: Scenario, run: (scenario: Scenario) => SimulationResult, runsMax: number) {
    this.#run = run;
    this.#runsMax = runsMax;
    this.scenario = scenario;
    this.result = run(scenario);
    const rule = brokenRule(this.result);
    if (rule === null) throw new Error(`seed ${scenario.seed} breaks no rule: there is nothing to make smaller`);
    this.#rule = rule;
  }

  get exhausted(): boolean {
    return this.runs >= this.#runsMax;
  }

  /** Takes a smaller scenario for the present one if it breaks the same rule. */
  tries(smaller: Scenario): boolean {
    const tries = smaller.faults.length <= luckFaults ? luckTries : 0;
    for (let luck = 0; luck <= tries && !this.exhausted; luck++) {
      const scenario = { ...smaller, seed: smaller.seed + luck };
      const result = this.#run(scenario);
      this.runs++;
      if (brokenRule(result) !== this.#rule) continue;
      this.scenario = scenario;
      this.result = result;
      return true;
    }
    return false;
  }
}

/** The rule; of a failed assertion, which one it was. */
const brokenRule = ({ violation }: SimulationResult): string | null => {
  if (violation === null || violation.rule !== 'assertion') return violation?.rule ?? null;
  return violation.message.split('\n')[0]!.replace(/\d+/g, 'N');
};

/**
 * The smallest scenario found that breaks the same rule, in at most so many runs. Throws when this one breaks none.
 * @param run runs a scenario; the engine under test may be another than this one's
 */
export const shrink = (
  scenario: Scenario,
  run: (scenario: Scenario) => SimulationResult,
  runsMax: number = 400,
): Shrunk => {
  const shrinker = new Shrinker(scenario, run, runsMax);
  for (;;) {
    const before = JSON.stringify(shrinker.scenario);
    endSooner(shrinker);
    leaveFaultsOut(shrinker);
    leaveServersOut(shrinker);
    simplify(shrinker);
    if (shrinker.exhausted || JSON.stringify(shrinker.scenario) === before) break;
  }
  const { scenario: smallest, result, runs } = shrinker;
  return { scenario: smallest, result, runs };
};

/** Whatever comes after the rule was broken goes. */
const endSooner = (shrinker: Shrinker): void => {
  const { scenario, result } = shrinker;
  const stormMs = Math.min(scenario.stormMs, Math.ceil(result.endedAtMs));
  const faults = scenario.faults.filter(({ atMs }) => atMs <= stormMs);
  if (faults.length < scenario.faults.length) shrinker.tries({ ...scenario, faults });
  const lastMs = Math.ceil(shrinker.scenario.faults.at(-1)?.atMs ?? 0) + 1;
  for (const sooner of [lastMs, (lastMs + stormMs) / 2, stormMs])
    if (sooner < shrinker.scenario.stormMs && shrinker.tries({ ...shrinker.scenario, stormMs: sooner })) return;
};

/** Delta debugging: leaves out halves, then quarters, down to single faults. */
const leaveFaultsOut = (shrinker: Shrinker): void => {
  let size = Math.ceil(shrinker.scenario.faults.length / 2);
  while (size >= 1 && !shrinker.exhausted) {
    let left = false;
    for (let from = shrinker.scenario.faults.length - size; from > -size; from -= size) {
      const { scenario } = shrinker;
      const faults = scenario.faults.filter((_, at) => at < from || at >= from + size);
      if (faults.length < scenario.faults.length && shrinker.tries({ ...scenario, faults })) left = true;
    }
    if (!left || size > shrinker.scenario.faults.length) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
};

const leaveServersOut = (shrinker: Shrinker): void => {
  for (let members = 1; members < shrinker.scenario.members; members++) {
    const { scenario } = shrinker;
    const names = nodeNames(members);
    const there = (name: string | null): boolean => name === null || names.includes(name);
    const faults = scenario.faults.filter(
      (fault: Fault) => !('node' in fault && !there(fault.node)) && !('other' in fault && !there(fault.other)),
    );
    if (shrinker.tries({ ...scenario, members, minInSync: Math.min(scenario.minInSync, members), faults })) return;
  }
};

const simplify = (shrinker: Shrinker): void => {
  const change = (changes: Partial<Scenario>): void => {
    const smaller = { ...shrinker.scenario, ...changes };
    if (JSON.stringify(smaller) !== JSON.stringify(shrinker.scenario)) shrinker.tries(smaller);
  };
  change({ minInSync: 1 });
  change({ clients: { everyMs: 100, batchMax: 1, bodyMaxBytes: 0 } });
  change({ clients: { ...shrinker.scenario.clients, batchMax: 1 } });
  change({ clients: { ...shrinker.scenario.clients, bodyMaxBytes: 0 } });
  for (let at = 0; at < shrinker.scenario.faults.length && !shrinker.exhausted; at++) {
    const faults = [...shrinker.scenario.faults];
    const fault = faults[at]!;
    if (fault.kind === 'crash' && fault.afterOutputs > 0) faults[at] = { ...fault, afterOutputs: 0 };
    else if (fault.kind === 'cut' && fault.lateMs > 0) faults[at] = { ...fault, lateMs: 0 };
    else if (fault.kind === 'wipe' && fault.all) faults[at] = { ...fault, all: false };
    else continue;
    change({ faults });
  }
};

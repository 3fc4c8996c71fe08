/**
 * One simulated run: a cluster, clients, faults; then everything heals, and must come to one history that holds every
 * answer ever given. A scenario and a commit replay it exactly.
 */
import { limits } from '../../../protocol/index.ts';
import { Clients } from './clients.ts';
import { scheduleFaults } from './faults.ts';
import { type FaultKind, type Scenario, scenarioOf } from './scenario.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** What a run came to. */
export interface SimulationResult {
  readonly seed: number;
  readonly steps: number;
  readonly faults: number;
  readonly takeovers: number;
  readonly checks: number;
  readonly acknowledged: number;
  /** How often each kind of fault struck. */
  readonly struck: { readonly [Kind in FaultKind]?: number };
  /** Links cut because their other end did not read. */
  readonly overflows: number;
  /** The longest that anybody waited for an answer while all was well. */
  readonly longestMs: number;
  /** A digest of all that happened. The same scenario gives the same. */
  readonly trace: number;
  /** When the run ended. */
  readonly endedAtMs: number;
  /** The rule that was broken and how, or null. */
  readonly violation: { readonly rule: string; readonly message: string } | null;
}

/** The longest that healing may go on without any progress, and how often all this is looked at. */
const stallMaxMs = 60_000;
const lookEveryMs = 200;
/** A run that takes more steps than this goes round in circles. */
const stepsMax = 250_000;

/** Runs the cluster of this seed. Throws nothing: what goes wrong is in `violation`. */
export const simulate = (seed: number): SimulationResult => run(scenarioOf(seed));

/** Runs a scenario. @param tell is told everything that happens, a line each */
export const run = (scenario: Scenario, tell: ((line: string) => void) | null = null): SimulationResult => {
  const world = new World(scenario, tell);
  const struck = new Map<FaultKind, number>();
  let violation: SimulationResult['violation'] = null;
  try {
    const clients = new Clients(world);
    scheduleFaults(world, scenario.faults, struck);
    lookRegularly(world);
    while (world.agenda.nowMs < scenario.stormMs && goesOn(world));
    heal(world, clients);
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'assertion';
    violation = { rule, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const { steps, takeovers, trace } = world;
  const { checks, acknowledged } = world.checker;
  return {
    seed: scenario.seed,
    steps,
    faults: [...struck.values()].reduce((sum, count) => sum + count, 0),
    takeovers,
    checks,
    acknowledged,
    struck: Object.fromEntries(struck),
    overflows: world.network.overflows,
    longestMs: Math.round(world.liveness.longestMs),
    trace,
    endedAtMs: world.agenda.nowMs,
    violation,
  };
};

/** Does the next thing; false when there is nothing left to do. */
const goesOn = (world: World): boolean => {
  if (world.steps > stepsMax) throw new Violation('convergence', `more than ${stepsMax} steps`);
  return world.agenda.step();
};

const lookRegularly = (world: World): void => {
  world.agenda.after(lookEveryMs, () => {
    world.lookAtClients();
    lookRegularly(world);
  });
};

/**
 * No more faults: the cluster must come together again, by itself, and never stand still for long on the way. As soon
 * as it has been quiet for long enough, somebody writes at every server, and waits for the answers.
 */
const heal = (world: World, clients: Clients): void => {
  const progress = () => world.nodes.reduce((sum, { process }) => sum + (process?.givenOut ?? 0), 0);
  let [seen, seenAtMs] = [progress(), world.agenda.nowMs];
  let nextLookMs = world.agenda.nowMs + 2 * limits.primarySilenceMaxMs;
  for (const node of world.nodes) [node.crash, node.pauseWithLockMs, node.medium.failing] = [null, null, null];
  world.lock.medium.failing = null;
  let asked = false;
  while (goesOn(world)) {
    if (world.agenda.nowMs < nextLookMs) continue;
    nextLookMs = world.agenda.nowMs + lookEveryMs;
    if (!asked && world.liveness.settledAtMs(world.agenda.nowMs) !== null) {
      asked = true;
      clients.ask();
    }
    if (asked && world.converged && clients.answered) {
      world.checker.healed(
        world.nodes.map(({ name, disk, process }) => ({ name, disk, committed: process?.givenOut ?? 0 })),
      );
      return;
    }
    if (progress() !== seen) [seen, seenAtMs] = [progress(), world.agenda.nowMs];
    else if (world.agenda.nowMs - seenAtMs > stallMaxMs) break;
  }
  const states = world.nodes.map(
    ({ name, disk, process }) =>
      `${name} ${JSON.stringify(process?.status ?? 'down')} on disk ${disk.base.index}..${disk.end}`,
  );
  throw new Violation('convergence', `stuck; manifest ${JSON.stringify(world.lock.manifest)}; ${states.join('; ')}`);
};

/**
 * One simulated run: a cluster of a random shape, clients, faults of a random mix; then everything heals, and must come
 * to one history that holds every answer ever given. A seed and a commit replay it exactly.
 */
import { commandIdFrom, limits } from '../../../protocol/index.ts';
import type { NewEntry } from '../../log.ts';
import { Violation } from './checker.ts';
import { Random } from './random.ts';
import { World } from './world.ts';

/** What a run came to. */
export interface SimulationResult {
  readonly seed: number;
  readonly steps: number;
  readonly faults: number;
  readonly takeovers: number;
  readonly checks: number;
  readonly acknowledged: number;
  /** A digest of all that happened. The same seed gives the same. */
  readonly trace: number;
  /** The rule that was broken and how, or null. */
  readonly violation: { readonly rule: string; readonly message: string } | null;
}

/** Virtual time with faults, and the longest that healing may go on without any progress. */
const stormMs = 5_000;
const stallMaxMs = 60_000;
/** A run that takes more steps than this goes round in circles. */
const stepsMax = 250_000;

/** Runs the cluster of this seed. Throws nothing: what goes wrong is in `violation`. */
export const simulate = (seed: number): SimulationResult => {
  const random = new Random(seed);
  const members = random.pick([1, 2, 3, 3, 3, 4, 5])!;
  const world = new World(
    {
      members,
      minInSync: members >= 3 && random.chance(0.3) ? 2 : 1,
      diskMs: random.pick([0.2, 1, 1, 8])!,
      networkMs: random.pick([0.05, 0.3, 0.3, 5])!,
      crashChance: random.pick([0, 0.0005, 0.002, 0.005])!,
    },
    random,
  );
  let violation: SimulationResult['violation'] = null;
  try {
    scheduleClients(world, random);
    scheduleFaults(world, random);
    while (world.agenda.nowMs < stormMs && goesOn(world));
    heal(world);
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : 'assertion';
    violation = { rule, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const { steps, faults, takeovers, trace } = world;
  const { checks, acknowledged } = world.checker;
  return { seed, steps, faults, takeovers, checks, acknowledged, trace, violation };
};

/** Does the next thing; false when there is nothing left to do. */
const goesOn = (world: World): boolean => {
  if (world.steps > stepsMax) throw new Violation('convergence', `more than ${stepsMax} steps`);
  return world.agenda.step();
};

const scheduleClients = (world: World, random: Random): void => {
  const everyMs = random.pick([3, 20, 100])!;
  const batchMax = random.pick([1, 4, 30])!;
  const sent: NewEntry[] = [];
  const work = () => {
    if (world.agenda.nowMs > stormMs) return;
    const node = random.pick(world.nodes)!;
    const commands = Array.from({ length: random.between(1, batchMax) }, (): NewEntry => {
      const again = random.chance(0.1) ? random.pick(sent) : undefined;
      const at = 1_700_000_000_000 + world.agenda.nowMs;
      return again ?? { id: commandIdFrom(at, random.bytes(10)), body: random.bytes(random.between(0, 40)) };
    });
    sent.push(...commands);
    world.append(node, commands);
    world.agenda.after(random.delay(everyMs), work);
  };
  world.agenda.after(random.delay(200), work);
};

const scheduleFaults = (world: World, random: Random): void => {
  const everyMs = random.pick([150, 500, 2_000])!;
  const favourite = random.between(0, 9);
  const strike = () => {
    if (world.agenda.nowMs > stormMs) return;
    const node = random.pick(world.nodes)!;
    const other = random.pick(world.nodes)!;
    const kind = random.chance(0.4) ? favourite : random.between(0, 9);
    if (kind <= 2) world.crash(node);
    else if (kind === 3) world.pause(node, random.between(5, limits.memberSilenceMaxMs));
    else if (kind === 4) world.pause(node, random.between(limits.memberSilenceMaxMs, 3 * limits.primarySilenceMaxMs));
    else if (kind === 5) world.stepDown(node);
    else if (kind === 6) world.wipe(node);
    else if (kind === 7) for (const each of world.nodes) world.crash(each);
    else if (node !== other) world.cut(node, other, random.delay(400));
    world.agenda.after(random.delay(everyMs), strike);
  };
  world.agenda.after(random.delay(500), strike);
};

/** No more faults: the cluster must come together again, by itself, and never stand still for long on the way. */
const heal = (world: World): void => {
  world.crashChance = 0;
  const progress = () => world.nodes.reduce((sum, { process }) => sum + (process?.givenOut ?? 0), 0);
  let [seen, seenAtMs] = [progress(), world.agenda.nowMs];
  let nextLookMs = world.agenda.nowMs + 2 * limits.primarySilenceMaxMs;
  while (goesOn(world)) {
    if (world.agenda.nowMs < nextLookMs) continue;
    nextLookMs = world.agenda.nowMs + 200;
    if (world.converged) {
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
      `${name} ${JSON.stringify(process?.replica.status ?? 'down')} on disk ${disk.entries.length}`,
  );
  throw new Violation('convergence', `stuck; manifest ${JSON.stringify(world.lock.manifest)}; ${states.join('; ')}`);
};

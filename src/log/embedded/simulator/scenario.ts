/**
 * What a simulated run is made of, decided beforehand: the cluster's shape, its clients, and every fault with its time.
 * A seed makes one; as plain data it can be printed, kept, replayed, and made smaller fault by fault.
 */
import { limits } from '../../../protocol/index.ts';
import { Random } from './random.ts';

/** Something goes wrong. Where the promise does not allow it (the last good disk), or its server is not there, nothing happens. */
export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'crash'; readonly node: string; readonly afterOutputs: number; readonly downMs: number }
  | { readonly kind: 'power-cut'; readonly downMs: number }
  | { readonly kind: 'pause'; readonly node: string; readonly forMs: number }
  /** Paused at the next gain of the lock, before it has told anybody. */
  | { readonly kind: 'pause-with-lock'; readonly node: string; readonly forMs: number }
  /** `lateMs`: bytes under way may take this much longer, and one end may see the end of the link that much later. */
  | {
      readonly kind: 'cut';
      readonly node: string;
      readonly other: string;
      readonly forMs: number;
      readonly lateMs: number;
    }
  | { readonly kind: 'step-down'; readonly node: string }
  /** The disk is another, empty one at the next start; `all`: and the power of all machines was cut. */
  | { readonly kind: 'wipe'; readonly node: string; readonly all: boolean }
  /** No room: of one server, or of all and the lock. */
  | { readonly kind: 'full-disk'; readonly node: string | null; readonly forMs: number }
  /** The next write fails; `there`: and yet it is on the disk. */
  | { readonly kind: 'failing-write'; readonly node: string; readonly there: boolean }
  | { readonly kind: 'failing-manifest'; readonly there: boolean }
  | { readonly kind: 'slow-disk'; readonly node: string; readonly forMs: number; readonly times: number }
  /** Of the entries known to be committed there, the one this far along (0 to 1) is not what was written any more. */
  | {
      readonly kind: 'bit-flip';
      readonly node: string;
      readonly along: number;
      readonly part: 'body' | 'hash';
      readonly restart: boolean;
    }
  /** It hangs until the set has dropped it, then it is the only one left: all others are down. */
  | { readonly kind: 'left-behind'; readonly node: string; readonly downMs: number }
  /** A SIGKILL for the process of this moment arrives only then. */
  | { readonly kind: 'late-kill'; readonly node: string; readonly lateMs: number }
);

export type FaultKind = Fault['kind'];

/** Times in virtual ms. */
export interface Scenario {
  /** Of all that is left to chance: delays, what clients send, which writes a crash leaves. */
  readonly seed: number;
  readonly members: number;
  readonly minInSync: number;
  readonly diskMs: number;
  readonly networkMs: number;
  /** A replica makes a snapshot when it has given out so many entries since the last one; 0: never. */
  readonly snapshotEvery: number;
  /** Entries that stay in its log all the same. */
  readonly logKeepEntries: number;
  readonly clients: { readonly everyMs: number; readonly batchMax: number; readonly bodyMaxBytes: number };
  /** Clients and faults stop then, and everything must heal. */
  readonly stormMs: number;
  readonly faults: readonly Fault[];
}

/** The names of the servers of a cluster of this size. */
export const nodeNames = (members: number): readonly string[] =>
  Array.from({ length: members }, (_, at) => `s${at + 1}`);

type Maker = (random: Random, names: readonly string[]) => Fault;
const one = (random: Random, names: readonly string[]): string => random.pick(names)!;

/** Shorter and longer than every deadline; now and then so long that the others must have gone on without it. */
const pauseMs = (random: Random): number => {
  if (random.chance(0.1)) return random.between(9_000, 12_000);
  if (random.chance(0.4)) return random.between(5, limits.memberSilenceMaxMs);
  return random.between(limits.memberSilenceMaxMs, 3 * limits.primarySilenceMaxMs);
};

/** How each kind of fault is made. The time is set afterwards. */
const makers: { readonly [Kind in FaultKind]: Maker } = {
  crash: (random, names) => ({
    atMs: 0,
    kind: 'crash',
    node: one(random, names),
    afterOutputs: random.chance(0.3) ? 0 : random.between(0, 40),
    downMs: random.chance(0.1) ? random.between(1_000, 5_000) : Math.round(random.delay(300)),
  }),
  'power-cut': (random) => ({ atMs: 0, kind: 'power-cut', downMs: Math.round(random.delay(300)) }),
  pause: (random, names) => ({
    atMs: 0,
    kind: 'pause',
    node: one(random, names),
    forMs: pauseMs(random),
  }),
  'pause-with-lock': (random, names) => ({
    atMs: 0,
    kind: 'pause-with-lock',
    node: one(random, names),
    forMs: random.between(limits.primarySilenceMaxMs, 4 * limits.primarySilenceMaxMs),
  }),
  cut: (random, names) => {
    const node = one(random, names);
    const other = one(
      random,
      names.filter((name) => name !== node),
    );
    const lateMs = random.chance(0.5) ? 0 : Math.round(random.delay(60));
    return { atMs: 0, kind: 'cut', node, other: other ?? node, forMs: Math.round(random.delay(400)), lateMs };
  },
  'step-down': (random, names) => ({ atMs: 0, kind: 'step-down', node: one(random, names) }),
  wipe: (random, names) => ({ atMs: 0, kind: 'wipe', node: one(random, names), all: random.chance(0.5) }),
  'full-disk': (random, names) => ({
    atMs: 0,
    kind: 'full-disk',
    node: random.chance(0.25) ? null : one(random, names),
    forMs: random.between(10, 1_500),
  }),
  'failing-write': (random, names) => ({
    atMs: 0,
    kind: 'failing-write',
    node: one(random, names),
    there: random.chance(0.5),
  }),
  'failing-manifest': (random) => ({ atMs: 0, kind: 'failing-manifest', there: random.chance(0.5) }),
  'slow-disk': (random, names) => ({
    atMs: 0,
    kind: 'slow-disk',
    node: one(random, names),
    forMs: random.between(50, 2_000),
    times: random.pick([5, 30, 200])!,
  }),
  'bit-flip': (random, names) => ({
    atMs: 0,
    kind: 'bit-flip',
    node: one(random, names),
    along: random.chance(0.5) ? 1 - random.fraction() ** 4 : random.fraction(),
    part: random.pick(['body', 'hash'])!,
    restart: random.chance(0.7),
  }),
  'left-behind': (random, names) => ({
    atMs: 0,
    kind: 'left-behind',
    node: one(random, names),
    downMs: random.between(1_500, 4_000),
  }),
  'late-kill': (random, names) => ({
    atMs: 0,
    kind: 'late-kill',
    node: one(random, names),
    lateMs: Math.round(random.delay(500)),
  }),
};

export const faultKinds = Object.keys(makers) as readonly FaultKind[];

/** How often each kind comes where nothing else is said. */
const weights: { readonly [Kind in FaultKind]?: number } = { crash: 3, pause: 4, cut: 3, wipe: 2 };

/** The scenario of this seed. */
export const scenarioOf = (seed: number): Scenario => {
  const random = new Random(seed);
  const members = random.pick([1, 2, 3, 3, 3, 4, 5])!;
  const stormMs = 5_000;
  return {
    seed,
    members,
    minInSync: random.chance(0.6) ? 1 : random.between(1, Math.min(members, 3)),
    diskMs: random.pick([0.2, 1, 1, 8])!,
    networkMs: random.pick([0.05, 0.3, 0.3, 5])!,
    snapshotEvery: random.pick([0, 8, 30, 120])!,
    logKeepEntries: random.pick([0, 3, 20])!,
    clients: {
      everyMs: random.pick([5, 25, 100])!,
      batchMax: random.pick([1, 4, 16])!,
      bodyMaxBytes: random.pick([0, 40, 40, 400])!,
    },
    stormMs,
    faults: faultsOf(random, nodeNames(members), stormMs),
  };
};

/** A mix of its own: some kinds, one of them more often, strikes now and then or all the time; and crashes besides. */
const faultsOf = (random: Random, names: readonly string[], stormMs: number): readonly Fault[] => {
  const faults: Fault[] = [];
  const possible = names.length > 1 ? faultKinds : faultKinds.filter((kind) => kind !== 'cut');
  const some = possible.filter(() => random.chance(0.6));
  const kinds = (some.length > 0 ? some : possible).flatMap((kind) => Array(weights[kind] ?? 1).fill(kind));
  const favourite = random.pick(kinds) as FaultKind;
  const everyMs = random.pick([150, 500, 2_000])!;
  const add = (kind: FaultKind, atMs: number): void => {
    faults.push({ ...makers[kind](random, names), atMs: Math.round(atMs * 1_000) / 1_000 });
  };
  // In some runs it is quiet for a while before the end, for what must happen in quiet to be seen under load.
  const untilMs = random.chance(0.2) ? stormMs / 5 : stormMs;
  for (let atMs = random.delay(500); atMs < untilMs; atMs += random.delay(everyMs)) {
    add(random.chance(0.4) ? favourite : (random.pick(kinds) as FaultKind), atMs);
  }
  const crashes = random.pick([0, 3, 10, 25])!;
  for (let count = 0; count < crashes; count++) add('crash', random.fraction() * untilMs);
  return faults.sort((a, b) => a.atMs - b.atMs);
};

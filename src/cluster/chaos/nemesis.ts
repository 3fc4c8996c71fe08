/**
 * Breaks the cluster, one fault at a time, at random moments, and waits after each until all servers are back in sync.
 * It signals real processes: SIGKILL for a crash, SIGSTOP for a hang, SIGTERM for an orderly end. A hung primary is
 * killed by the others.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { groupFaults } from './group-faults.ts';
import { chaosLimits } from './options.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import { stolenMs, stolenSince } from './stolen-time.ts';
import { startTakeoverProbe, type TakeoverProbe } from './takeover-probe.ts';
import { ChaosFailure, until } from './waiting.ts';

/** How many faults of which kind a run shall have. */
export interface FaultCounts {
  readonly kills: number;
  readonly pauses: number;
  readonly backups: number;
  readonly doubles: number;
  readonly rolling: number;
  readonly blackouts: number;
  readonly storms: number;
  readonly freezes: number;
  readonly wipes: number;
}

/** Kinds that hit one server and leave others to measure through. */
type SingleFault = 'kill-primary' | 'pause-primary' | 'kill-backup';
type GroupFault = keyof typeof groupFaults;
export type FaultKind = SingleFault | GroupFault | 'rolling';

/** One fault as it went. */
export interface FaultRecord {
  readonly kind: FaultKind;
  /** The servers that were hit. */
  readonly servers: readonly string[];
  /** From the signal to the first acknowledged write begun after it, through a server that was not hit; null when all may be hit. */
  readonly writesResumedMs: number | null;
  /** Rolling restarts: the longest that any write took while each server restarted, from its beginning to its answer. */
  readonly longestWritesMs: readonly number[];
  /** From the signal to all servers being in sync again. */
  readonly inSyncMs: number;
  /** What the host withheld of the processors' time between the two; null where nobody counts it, and where no time is measured. */
  readonly stolenMs: number | null;
}

/** Quiet before each fault, with everything in sync. */
const quietMs = { low: 50, high: 500 } as const;

export interface NemesisContext {
  readonly cluster: ClusterUnderTest;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Who probes, with which token, in which room. */
  readonly probe: { readonly name: string; readonly token: string; readonly room: string };
  readonly signal: AbortSignal;
  /** Resolves when all clients are connected, so that the next fault hits a system at work. */
  readonly whenConnected: () => Promise<void>;
  readonly onFault: (record: FaultRecord, at: number, of: number) => Promise<void>;
}

const kindOf = {
  kills: 'kill-primary',
  pauses: 'pause-primary',
  backups: 'kill-backup',
  doubles: 'double',
  rolling: 'rolling',
  blackouts: 'blackout',
  storms: 'storm',
  freezes: 'freeze',
  wipes: 'wipe',
} as const satisfies Record<keyof FaultCounts, FaultKind>;

/** The faults of a run, in a random order. */
export const planFaults = (counts: FaultCounts, random: Random): readonly FaultKind[] => {
  const names = Object.keys(kindOf) as (keyof FaultCounts)[];
  return random.shuffle(names.flatMap((name) => new Array<FaultKind>(counts[name]).fill(kindOf[name])));
};

/** Carries the plan out. Rejects when the cluster does not recover within the bounds. */
export const runNemesis = async (
  plan: readonly FaultKind[],
  context: NemesisContext,
): Promise<readonly FaultRecord[]> => {
  const records: FaultRecord[] = [];
  for (const kind of plan) {
    // A generator for each fault: how many draws one of them takes depends on the machine, and must not move the next.
    const own = { ...context, random: context.random.fork() };
    await context.whenConnected();
    await own.cluster.whenInSync(chaosLimits.recoverMaxMs, own.signal);
    const record = await strike(kind, own);
    records.push(record);
    await context.onFault(record, records.length, plan.length);
  }
  return records;
};

const strike = (kind: FaultKind, context: NemesisContext): Promise<FaultRecord> => {
  if (kind === 'rolling') return rolling(context);
  if (kind === 'kill-primary' || kind === 'pause-primary' || kind === 'kill-backup') return single(kind, context);
  return group(kind, context);
};

/** Probes through a server while something is done to another one. */
const probing = async <Found>(
  survivor: string,
  { cluster, recorder, probe, random, signal }: NemesisContext,
  act: (probe: TakeoverProbe) => Promise<Found>,
): Promise<Found> => {
  const target = { client: probe.name, server: survivor, url: cluster.url(survivor), ...probe };
  const started = startTakeoverProbe(target, recorder);
  try {
    await started.warm;
    await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
    return await act(started);
  } finally {
    await started.stop();
  }
};

/** One server is hit, and a probe measures through another one. */
const single = async (kind: SingleFault, context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, signal } = context;
  const primary = await cluster.requirePrimary();
  const victim = kind === 'kill-backup' ? random.pick(cluster.names.filter((name) => name !== primary)) : primary;
  const survivor = random.pick(cluster.names.filter((name) => name !== victim));
  const { writesResumedMs, hitAt, stolenBefore } = await probing(survivor, context, async (probe) => {
    const mark = cluster.mark(victim);
    const stolenBefore = stolenMs();
    const resumed = probe.fault();
    const hitAt = performance.now();
    if (mark === null || !cluster.signal(mark, kind === 'pause-primary' ? 'SIGSTOP' : 'SIGKILL'))
      throw new ChaosFailure(`${victim} is gone though nobody hit it`);
    const writesResumedMs = await resumed;
    // Had the others not killed it, it goes on now, and must find out by itself that it is no primary any more.
    if (kind === 'pause-primary') cluster.signal(mark, 'SIGCONT');
    return { writesResumedMs, hitAt, stolenBefore };
  });
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const inSyncMs = performance.now() - hitAt;
  const stolen = stolenSince(stolenBefore);
  return { kind, servers: [victim], writesResumedMs, longestWritesMs: [], inSyncMs, stolenMs: stolen };
};

/** Several servers are hit and none is spared for certain, so nobody is left to measure through. */
const group = async (kind: GroupFault, context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, signal } = context;
  await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
  const hitAt = performance.now();
  const servers = await groupFaults[kind](context);
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const inSyncMs = performance.now() - hitAt;
  return { kind, servers, writesResumedMs: null, longestWritesMs: [], inSyncMs, stolenMs: null };
};

/** Every server in turn is told to stop; the next one when it is back in the set. Writes go on all the while. */
const rolling = async (context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, signal } = context;
  const servers = random.shuffle(cluster.names);
  const longestWritesMs: number[] = [];
  const beganAt = performance.now();
  for (const name of servers) {
    const survivor = random.pick(cluster.names.filter((other) => other !== name));
    const longestMs = await probing(survivor, context, async (probe) => {
      const mark = cluster.mark(name);
      const resumed = probe.fault();
      if (mark === null || !cluster.signal(mark, 'SIGTERM'))
        throw new ChaosFailure(`${name} is gone though nobody hit it`);
      await resumed;
      await until(() => (cluster.isRunning(mark) ? null : true), {
        maxMs: chaosLimits.stopMaxMs,
        signal,
        what: () => `${name} does not stop`,
      });
      return probe.longestMs;
    });
    longestWritesMs.push(longestMs);
    await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  }
  const inSyncMs = performance.now() - beganAt;
  return { kind: 'rolling', servers, writesResumedMs: null, longestWritesMs, inSyncMs, stolenMs: null };
};

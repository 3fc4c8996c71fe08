/**
 * Breaks the cluster, one fault at a time, at random moments, and waits after each until all servers are back in sync.
 * It signals real processes: SIGKILL for a crash, SIGSTOP for a hang. A hung primary is killed by the others.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { newCommandId } from '../../protocol/index.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { chaosLimits } from './options.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import { startTakeoverProbe } from './takeover-probe.ts';
import { ChaosFailure } from './waiting.ts';

export type FaultKind = 'kill-primary' | 'pause-primary' | 'kill-backup' | 'blackout' | 'storm' | 'freeze' | 'wipe';

/** Kinds that hit one server and leave others to measure through. */
type SingleFault = 'kill-primary' | 'pause-primary' | 'kill-backup';
const isSingle = (kind: FaultKind): kind is SingleFault => /^(kill|pause)-/.test(kind);

/** One fault as it went. */
export interface FaultRecord {
  readonly kind: FaultKind;
  /** The servers that were hit. */
  readonly servers: readonly string[];
  /** From the signal to the first acknowledged write begun after it, through a server that was not hit; null when all may be hit. */
  readonly writesResumedMs: number | null;
  /** From the signal to all servers being in sync again. */
  readonly inSyncMs: number;
}

/** Quiet before each fault, with everything in sync. */
const quietMs = { low: 50, high: 500 } as const;

/** The longest wait between two kills of a storm. */
const stormMs = 400;

/** How long a freeze lasts before the primary is killed. */
const freezeMs = { low: 100, high: 2_500 } as const;
/** How long the backups hang before the primary’s disk is lost: well below what gets them dropped from the in-sync set. */
const wipeFreezeMs = { low: 50, high: 300 } as const;

export interface NemesisContext {
  readonly cluster: ClusterUnderTest;
  readonly random: Random;
  readonly recorder: Recorder;
  /** A token for the probes, and the room they write to. */
  readonly token: string;
  readonly room: string;
  readonly signal: AbortSignal;
  /** Resolves when all clients are connected, so that the next fault hits a system at work. */
  readonly whenConnected: () => Promise<void>;
  readonly onFault: (record: FaultRecord, at: number, of: number) => void;
}

/** How many faults of which kind a run shall have. */
export interface FaultCounts {
  readonly kills: number;
  readonly pauses: number;
  readonly backups: number;
  readonly blackouts: number;
  readonly storms: number;
  readonly freezes: number;
  readonly wipes: number;
}

/** The faults of a run, in a random order. */
export const planFaults = (counts: FaultCounts, random: Random): readonly FaultKind[] => {
  const times = (kind: FaultKind, count: number): FaultKind[] => new Array<FaultKind>(count).fill(kind);
  return random.shuffle([
    ...times('kill-primary', counts.kills),
    ...times('pause-primary', counts.pauses),
    ...times('kill-backup', counts.backups),
    ...times('blackout', counts.blackouts),
    ...times('storm', counts.storms),
    ...times('freeze', counts.freezes),
    ...times('wipe', counts.wipes),
  ]);
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
    const record = isSingle(kind) ? await single(kind, own) : await many(kind, own);
    records.push(record);
    context.onFault(record, records.length, plan.length);
  }
  return records;
};

/** One server is hit, and a probe measures through another one. */
const single = async (kind: SingleFault, context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, recorder, token, room, signal } = context;
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const primary = await primaryOf(cluster);
  const victim = kind === 'kill-backup' ? random.pick(cluster.names.filter((name) => name !== primary)) : primary;
  const survivor = random.pick(cluster.names.filter((name) => name !== victim));

  const client = `probe-${newCommandId().slice(-6)}`;
  const probe = startTakeoverProbe({ client, server: survivor, url: cluster.url(survivor), token, room }, recorder);
  try {
    await probe.warm;
    await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
    const mark = cluster.mark(victim);
    if (mark === null) throw new ChaosFailure(`${victim} is gone though nobody hit it`);
    const resumed = probe.fault();
    const hitAt = performance.now();
    if (!cluster.signal(mark, kind === 'pause-primary' ? 'SIGSTOP' : 'SIGKILL'))
      throw new ChaosFailure(`${victim} is gone though nobody hit it`);
    const writesResumedMs = await resumed;
    // Had the others not killed it, it goes on now, and must find out by itself that it is no primary any more.
    if (kind === 'pause-primary') cluster.signal(mark, 'SIGCONT');
    await probe.stop();
    await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
    return { kind, servers: [victim], writesResumedMs, inSyncMs: performance.now() - hitAt };
  } finally {
    await probe.stop();
  }
};

/** Several servers are hit and none is spared, so nobody is left to measure through. */
const many = async (kind: Exclude<FaultKind, SingleFault>, context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, signal } = context;
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
  const hitAt = performance.now();
  const servers = await { blackout, storm, freeze, wipe }[kind](context);
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  return { kind, servers, writesResumedMs: null, inSyncMs: performance.now() - hitAt };
};

const signalTo = (cluster: ClusterUnderTest, name: string, signal: NodeJS.Signals): boolean => {
  const mark = cluster.mark(name);
  return mark !== null && cluster.signal(mark, signal);
};

/** Kills all at once. */
const blackout = async ({ cluster }: NemesisContext): Promise<readonly string[]> =>
  cluster.names.filter((name) => signalTo(cluster, name, 'SIGKILL'));

/** Kills whichever runs, again and again, without waiting for anybody to be back. */
const storm = async ({ cluster, random, signal }: NemesisContext): Promise<readonly string[]> => {
  const killed: string[] = [];
  const kills = cluster.names.length + random.below(cluster.names.length);
  while (killed.length < kills) {
    const name = random.pick(cluster.names);
    if (signalTo(cluster, name, 'SIGKILL')) killed.push(name);
    await pause(random.between(0, stormMs), undefined, { signal });
  }
  return killed;
};

const primaryOf = async (cluster: ClusterUnderTest): Promise<string> => {
  const primary = await cluster.primary();
  if (primary === null) throw new ChaosFailure('all servers are in sync, and most of them know no primary');
  return primary;
};

/**
 * Makes all backups hang, for less or more time than it takes to drop them from the in-sync set, and then kills the
 * primary; the backups are killed too or go on. Whatever the primary acknowledged on its own must still be there.
 */
const freeze = async ({ cluster, random, signal }: NemesisContext): Promise<readonly string[]> => {
  const primary = await primaryOf(cluster);
  const fate = random.next() < 0.5 ? 'SIGKILL' : 'SIGCONT';
  await whileHanging(cluster, primary, fate, async () => {
    await pause(random.between(freezeMs.low, freezeMs.high), undefined, { signal });
    signalTo(cluster, primary, 'SIGKILL');
  });
  return cluster.names;
};

/**
 * Kills the primary and removes its disk. Every other time the backups hang just before and are killed just after, so
 * that only what they had on their disks is left: all that was acknowledged, if acknowledgements waited for them.
 */
const wipe = async ({ cluster, random, signal }: NemesisContext): Promise<readonly string[]> => {
  const primary = await primaryOf(cluster);
  const lose = (): void => {
    if (signalTo(cluster, primary, 'SIGKILL')) cluster.wipe(primary);
  };
  if (random.next() < 0.5) {
    lose();
    return [primary];
  }
  await whileHanging(cluster, primary, 'SIGKILL', async () => {
    await pause(random.between(wipeFreezeMs.low, wipeFreezeMs.high), undefined, { signal });
    lose();
  });
  return cluster.names;
};

/** Stops all servers but the primary, does something, and then gives all of them the signal `fate`, however it went. */
const whileHanging = async (
  cluster: ClusterUnderTest,
  primary: string,
  fate: 'SIGKILL' | 'SIGCONT',
  act: () => Promise<void>,
): Promise<void> => {
  const marks = cluster.names.flatMap((name) => (name === primary ? [] : (cluster.mark(name) ?? [])));
  for (const mark of marks) cluster.signal(mark, 'SIGSTOP');
  try {
    await act();
  } finally {
    for (const mark of marks) cluster.signal(mark, fate);
  }
};

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

export type FaultKind = 'kill-primary' | 'pause-primary' | 'kill-backup' | 'blackout' | 'storm';

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

/** Chance that a backup is killed as well, between two faults of the plan. */
const backupChance = 0.2;
/** Quiet before each fault, with everything in sync. */
const quietMs = { low: 50, high: 500 } as const;

/** The longest wait between two kills of a storm. */
const stormMs = 400;

export interface NemesisContext {
  readonly cluster: ClusterUnderTest;
  readonly random: Random;
  readonly recorder: Recorder;
  /** A token for the probes, and the room they write to. */
  readonly token: string;
  readonly room: string;
  readonly signal: AbortSignal;
  readonly onFault: (record: FaultRecord, at: number, of: number) => void;
}

/** How many faults of which kind a run shall have. */
export interface FaultCounts {
  readonly kills: number;
  readonly pauses: number;
  readonly blackouts: number;
  readonly storms: number;
}

/** The faults of a run, in a random order. */
export const planFaults = (counts: FaultCounts, random: Random): readonly FaultKind[] => {
  const times = (kind: FaultKind, count: number): FaultKind[] => new Array<FaultKind>(count).fill(kind);
  const asked = random.shuffle([
    ...times('kill-primary', counts.kills),
    ...times('pause-primary', counts.pauses),
    ...times('blackout', counts.blackouts),
    ...times('storm', counts.storms),
  ]);
  return asked.flatMap((kind) => (random.next() < backupChance ? ['kill-backup' as const, kind] : [kind]));
};

/** Carries the plan out. Rejects when the cluster does not recover within the bounds. */
export const runNemesis = async (
  plan: readonly FaultKind[],
  context: NemesisContext,
): Promise<readonly FaultRecord[]> => {
  const records: FaultRecord[] = [];
  for (const kind of plan) {
    const record = kind === 'blackout' || kind === 'storm' ? await many(kind, context) : await single(kind, context);
    records.push(record);
    context.onFault(record, records.length, plan.length);
  }
  return records;
};

/** One server is hit, and a probe measures through another one. */
const single = async (
  kind: Exclude<FaultKind, 'blackout' | 'storm'>,
  context: NemesisContext,
): Promise<FaultRecord> => {
  const { cluster, random, recorder, token, room, signal } = context;
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const primary = await cluster.primary();
  if (primary === null) throw new Error('all servers are in sync, and most of them know no primary');
  const victim = kind === 'kill-backup' ? random.pick(cluster.names.filter((name) => name !== primary)) : primary;
  const survivor = random.pick(cluster.names.filter((name) => name !== victim));

  const client = `probe-${newCommandId().slice(-6)}`;
  const probe = startTakeoverProbe({ client, server: survivor, url: cluster.url(survivor), token, room }, recorder);
  try {
    await probe.warm;
    await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
    const mark = cluster.mark(victim);
    if (mark === null) throw new Error(`${victim} is gone though nobody hit it`);
    const resumed = probe.fault();
    const hitAt = performance.now();
    if (!cluster.signal(mark, kind === 'pause-primary' ? 'SIGSTOP' : 'SIGKILL')) throw new Error(`${victim} is gone`);
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

/**
 * Several servers are hit and none is spared, so nobody is left to measure through. A blackout kills all at once; a storm
 * kills whichever runs, again and again, without waiting for anybody to be back.
 */
const many = async (kind: 'blackout' | 'storm', context: NemesisContext): Promise<FaultRecord> => {
  const { cluster, random, signal } = context;
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  await pause(random.between(quietMs.low, quietMs.high), undefined, { signal });
  const hit: string[] = [];
  const kill = (name: string): void => {
    const mark = cluster.mark(name);
    if (mark !== null && cluster.signal(mark, 'SIGKILL')) hit.push(name);
  };
  const hitAt = performance.now();
  if (kind === 'blackout') {
    cluster.names.forEach(kill);
  } else {
    const kills = cluster.names.length + random.below(cluster.names.length);
    while (hit.length < kills) {
      kill(random.pick(cluster.names));
      await pause(random.between(0, stormMs), undefined, { signal });
    }
  }
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  return { kind, servers: hit, writesResumedMs: null, inSyncMs: performance.now() - hitAt };
};

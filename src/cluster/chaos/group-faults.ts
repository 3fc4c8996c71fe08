/** Faults that hit several servers, one after the other or all at once. Each returns the servers that it hit. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { chaosLimits } from './options.ts';
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';
import { until } from './waiting.ts';

export interface GroupContext {
  readonly cluster: ClusterUnderTest;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** The longest wait between two kills of a storm. */
const stormMs = 400;
/** The longest wait between the two kills of a double one, where the second does not wait for a new primary. */
const doubleMs = 60;
/** How long a freeze lasts before the primary is killed. */
const freezeMs = { low: 100, high: 2_500 } as const;
/** How long the backups hang before the primary’s disk is lost: well below what gets them dropped from the in-sync set. */
const wipeFreezeMs = { low: 50, high: 300 } as const;

const signalTo = (cluster: ClusterUnderTest, name: string, signal: NodeJS.Signals): boolean => {
  const mark = cluster.mark(name);
  return mark !== null && cluster.signal(mark, signal);
};

/** Kills all at once. */
const blackout = async ({ cluster }: GroupContext): Promise<readonly string[]> =>
  cluster.names.filter((name) => signalTo(cluster, name, 'SIGKILL'));

/** Kills whichever runs, again and again, without waiting for anybody to be back. */
const storm = async ({ cluster, random, signal }: GroupContext): Promise<readonly string[]> => {
  const killed: string[] = [];
  const kills = cluster.names.length + random.below(cluster.names.length);
  while (killed.length < kills) {
    const name = random.pick(cluster.names);
    if (signalTo(cluster, name, 'SIGKILL')) killed.push(name);
    await pause(random.between(0, stormMs), undefined, { signal });
  }
  return killed;
};

/**
 * Kills the primary and then whoever follows it: at once when it says that it leads, or, every other time, some backup
 * in the middle of the takeover, which may or may not be the one.
 */
const double = async ({ cluster, random, signal }: GroupContext): Promise<readonly string[]> => {
  const primary = await cluster.requirePrimary();
  const backups = cluster.names.filter((name) => name !== primary);
  const guess = random.pick(backups);
  const waits = random.next() < 0.5;
  const waitMs = random.between(0, doubleMs);
  const marks = new Map(backups.map((name) => [name, cluster.mark(name)]));
  signalTo(cluster, primary, 'SIGKILL');
  if (!waits) await pause(waitMs, undefined, { signal });
  const next = waits ? await nextPrimary(cluster, primary, signal) : guess;
  const mark = marks.get(next);
  if (mark) cluster.signal(mark, 'SIGKILL');
  return [primary, next];
};

/** Who leads after `before`, as soon as that one says so itself. */
const nextPrimary = (cluster: ClusterUnderTest, before: string, signal: AbortSignal): Promise<string> =>
  until(
    async () => {
      const topologies = await cluster.topologies();
      return (
        topologies.find((topology) => topology?.primary === topology?.you && topology?.you !== before)?.you ?? null
      );
    },
    { maxMs: chaosLimits.takeoverMaxMs, everyMs: 2, signal, what: () => `nobody leads after ${before}` },
  );

/**
 * Makes all backups hang, for less or more time than it takes to drop them from the in-sync set, and then kills the
 * primary; the backups are killed too or go on. Whatever the primary acknowledged on its own must still be there.
 */
const freeze = async ({ cluster, random, signal }: GroupContext): Promise<readonly string[]> => {
  const primary = await cluster.requirePrimary();
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
const wipe = async ({ cluster, random, recorder, signal }: GroupContext): Promise<readonly string[]> => {
  const primary = await cluster.requirePrimary();
  const lose = (): void => {
    if (!signalTo(cluster, primary, 'SIGKILL')) return;
    cluster.wipe(primary);
    recorder.lost(primary);
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

export const groupFaults = { double, blackout, storm, freeze, wipe } as const;

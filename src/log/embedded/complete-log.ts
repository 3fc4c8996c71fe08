/**
 * Completes one replica's log from another's on the same disk (rule 7): the way in which a replica that was outside the
 * in-sync set may come to serve, when no member of it is left alive.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Index } from '../log.ts';
import { LogDisk, type LogState } from './log-disk.ts';
import type { Input, Output, StoreOperation } from './replica/effects.ts';
import { type Base, chainHash, type Point, sameHash } from './replica/entry.ts';
import type { Snapshotter } from './snapshotter.ts';

/** This log, not the one it is completed from, could not be written (rule 16). */
export class NotWritten extends Error {}

/** What came of it. After `refused`, part of the other log may be here. */
export type Completion =
  | { readonly result: 'complete'; readonly epoch: number }
  | { readonly result: 'refused'; readonly reason: string };

/**
 * Brings the other replica's snapshot here, for a log that has nothing in common with the other's any more; or says why
 * it cannot. `placeAt` is the other log.
 */
export type FetchSnapshot = (placeAt: (index: Index) => Base | null) => Promise<Base | string>;

const refused = (reason: string): Completion => ({ result: 'refused', reason });

const notWritten = (cause: unknown): never => {
  throw new NotWritten(cause instanceof Error ? cause.message : String(cause), { cause });
};

const keep = (disk: LogDisk, operation: StoreOperation): void => {
  try {
    disk.store([operation], 0);
  } catch (cause) {
    notWritten(cause);
  }
};

const commonPlace = (disk: LogDisk, other: LogDisk, committed: Index): Index | 'needs-snapshot' | 'another history' => {
  const same = (index: Index): boolean => {
    const [here, there] = [disk.at(index), other.at(index)];
    return here !== null && there !== null && sameHash(here.hash, there.hash);
  };
  let agrees = Math.max(committed, other.base.index);
  if (!same(agrees)) return agrees > committed ? 'needs-snapshot' : 'another history';
  let differs = Math.min(disk.end.index, other.end.index) + 1;
  while (agrees + 1 < differs) {
    const middle = agrees + Math.floor((differs - agrees) / 2);
    if (same(middle)) agrees = middle;
    else differs = middle;
  }
  return agrees;
};

/**
 * Makes `disk` the whole of the log at `path`, whose state must be of this cluster and incarnation. What is here and not
 * there is cut, but never up to `committed`, nor what this disk knows to be. Gives the event loop its turn between
 * batches. Throws `NotWritten`.
 */
export const completeLog = async (
  disk: LogDisk,
  path: string,
  { cluster, incarnation, committed }: Omit<LogState, 'epoch'>,
  fetchSnapshot: FetchSnapshot,
): Promise<Completion> => {
  if (!existsSync(path)) return refused('its log is not on this disk');
  let other: LogDisk;
  try {
    other = new LogDisk(path);
  } catch (error) {
    return refused(`its log cannot be read: ${error}`);
  }
  try {
    // Its owner may come back, and let go of what its snapshot has before it is read here: the end of what is left would
    // be taken for the log's.
    other.freeze();
    const theirs = other.state;
    // One of no cluster is that of a founder that died before it wrote anything: nothing was ever committed.
    const isIt = theirs.cluster === cluster || theirs.cluster === '';
    if (!isIt || theirs.incarnation !== incarnation) {
      return refused('its log has started over since');
    }
    const common = commonPlace(disk, other, Math.max(committed, disk.state.committed));
    if (common === 'another history') return refused('its history is not ours');
    if (common === 'needs-snapshot') {
      const snapshot = await fetchSnapshot((index) => other.at(index));
      if (typeof snapshot === 'string') return refused(snapshot);
      keep(disk, { replaceWith: snapshot, entries: [], cluster });
    } else keep(disk, { truncateAfter: common, entries: [], cluster });
    let previous: Point = disk.end;
    for (;;) {
      const entries = other.read(previous.index + 1, 1_024, 1 << 20);
      if (entries.length === 0) return { result: 'complete', epoch: theirs.epoch };
      for (const entry of entries) {
        if (!sameHash(chainHash(previous.hash, entry), entry.hash)) {
          return refused(`its entry ${entry.index} is damaged`);
        }
        previous = entry;
      }
      keep(disk, { entries });
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    other.close();
  }
};

/**
 * Completes `disk` from the first of these members' logs that serves, and gives the replica's next input. Rejects with
 * `NotWritten` when this disk cannot be written.
 */
export const completeFromAny = async (
  disk: LogDisk,
  data: string,
  { cluster, committed, members }: Extract<Output, { type: 'complete-from' }>,
  snapshotter: Snapshotter,
): Promise<Input> => {
  const reasons: string[] = [];
  for (const { name, incarnation } of members) {
    const fetchSnapshot: FetchSnapshot = async (placeAt) => {
      const result = await snapshotter.copyFrom(name, placeAt);
      return typeof result === 'string' ? `its snapshot is of no use: ${result}` : result;
    };
    try {
      const path = join(data, name, 'log.db');
      const completion = await completeLog(disk, path, { cluster, incarnation, committed }, fetchSnapshot);
      if (completion.result === 'complete') {
        return { type: 'completed', member: name, epoch: completion.epoch, log: disk.ends };
      }
      reasons.push(`${name}: ${completion.reason}`);
    } catch (error) {
      if (error instanceof NotWritten) throw error;
      reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const member = members.map(({ name }) => name).join(', ');
  return { type: 'not-completed', member, log: disk.ends, reason: reasons.join('; ') };
};

/**
 * Makes, fetches and hands out a replica's snapshots: the work of rule 18 that takes time, beside the replica's logic,
 * which decides when. One thing at a time; what fails is said, and tried again later.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../protocol/index.ts';
import type { Index } from '../log.ts';
import { type Base, type Point, sameHash } from './replica/entry.ts';
import { type Progress, type Snapshot, SnapshotStore, UnusableSnapshot } from './snapshot-store.ts';

/** What the log does not know: how to write down what was derived from it. */
export interface SnapshotFormat {
  /** About how many bytes a snapshot would have now. */
  bytes(): number;
  /** Writes everything derived so far into a new file at `path`; gives up when told to. */
  write(path: string, signal: AbortSignal): Promise<void>;
  /** The newest entry that a file holds. Throws when it is no snapshot. */
  place(path: string): Point;
  /**
   * Has on this disk, durably, what belongs to the snapshot at `path` and is not in it. Asked before a snapshot of the
   * server `from` counts here: until it resolves, this log does not begin behind it, and if it rejects, never does.
   */
  complete?(path: string, from: string, progress: Progress, signal: AbortSignal): Promise<void>;
}

/** How often snapshots are made, for tests and for small disks; `limits` has the standard. */
export interface SnapshotPolicy {
  readonly everyEntries: number;
  readonly everyBytes: number;
}

interface Options {
  readonly data: string;
  readonly name: string;
  /** Null when nothing that is derived from this log can be written down: then it keeps its whole history. */
  readonly format: SnapshotFormat | null;
  readonly policy: SnapshotPolicy;
  /** The place of an entry of this replica's log. */
  readonly placeAt: (index: Index) => Base | null;
  readonly made: (snapshot: Base) => void;
  readonly warn: (message: string) => void;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Snapshotter {
  readonly store: SnapshotStore;
  readonly #options: Options;
  #making = false;
  #notBeforeMs = 0;
  #failures = 0;
  #bytes = 0;
  /** Entries between the two newest snapshots made here. */
  #span = Number.POSITIVE_INFINITY;
  #progress: { readonly done: number; readonly of: number } | null = null;
  #stopped = false;
  readonly #stopping = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.store = new SnapshotStore(join(options.data, options.name));
  }

  /**
   * Entries that stay in the log although the newest snapshot has them: a share of what lies between two snapshots, so
   * that large entries, of which few make a snapshot due, are not kept in great numbers.
   */
  get logKeepEntries(): number {
    return Math.floor(Math.min(this.#span, this.#options.policy.everyEntries) * limits.logKeepShare);
  }

  /** Bytes of a snapshot copied so far, while one is. */
  get progress(): { readonly done: number; readonly of: number } | null {
    return this.#progress;
  }

  /** Entries of that many bytes have come into the log. */
  grew(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Makes a snapshot if it is time: enough has been applied since the last one. */
  considerAt(applied: Index): void {
    const { everyEntries, everyBytes } = this.#options.policy;
    const since = applied - (this.store.current?.index ?? 0);
    if (since >= everyEntries || (since > 0 && this.#bytes >= everyBytes)) this.make();
  }

  /** Makes a snapshot, unless one is being made or the last attempt has only just failed. */
  make(): void {
    const { format } = this.#options;
    if (format === null || this.#making || this.#stopped || performance.now() < this.#notBeforeMs) return;
    this.#making = true;
    this.#inTurn(() => this.#make(format))
      .then(() => {
        this.#failures = 0;
      })
      .catch((error: unknown) => {
        const pauseMs = Math.min(limits.snapshotRetryMs * 2 ** this.#failures++, limits.snapshotRetryMaxMs);
        this.#notBeforeMs = performance.now() + pauseMs;
        if (!this.#stopped)
          this.#options.warn(`no snapshot could be made, and the log stays as long: ${reasonOf(error)}`);
      })
      .finally(() => {
        this.#making = false;
      });
  }

  /**
   * Brings a sibling's snapshot here.
   * @param placeAt the log that it must be a snapshot of
   * @param wanted asked when its turn has come: whether anybody still waits for it
   * @returns the snapshot, or why there is none: nothing of the log is lost by that, and another try may do better
   */
  async copyFrom(
    sibling: string,
    placeAt: (index: Index) => Point | null,
    wanted: () => boolean = () => true,
  ): Promise<Snapshot | string> {
    const { format, data } = this.#options;
    if (format === null) return 'this server can do nothing with a snapshot';
    const readPlace = (path: string): Point => {
      try {
        return format.place(path);
      } catch (error) {
        throw new UnusableSnapshot(`it cannot be opened: ${reasonOf(error)}`);
      }
    };
    const objection = ({ index, hash }: Point): string | null => {
      if (this.#stopped || !wanted()) return 'nobody waits for it any more';
      // What counts here must go on reaching to where this log begins.
      if (index < (this.store.current?.index ?? 0)) return `it is older than the one that is here`;
      const there = placeAt(index);
      return there !== null && sameHash(there.hash, hash) ? null : `it is of another entry ${index}`;
    };
    const progress = (done: number, of: number): void => {
      if (this.#stopped) throw new UnusableSnapshot('this server is stopping');
      this.#progress = { done, of };
    };
    const complete = async (path: string): Promise<void> =>
      format.complete?.(path, sibling, progress, this.#stopping.signal);
    try {
      const checks = { objection, readPlace, complete };
      return await this.#inTurn(() => this.store.copyFrom(join(data, sibling), checks, progress));
    } catch (error) {
      return reasonOf(error);
    } finally {
      this.#progress = null;
    }
  }

  /**
   * Hands the snapshot that counts out, if it reaches to `base` and is whole; it stays where it is until `work` is done.
   * Resolves with its place, or null when there is none such.
   */
  handOut(base: Index, work: (path: string, upto: Index) => Promise<void>): Promise<Base | null> {
    return this.#inTurn(async () => {
      const { current } = this.store;
      if (current === null || current.index < base) return null;
      const here = this.#options.placeAt(current.index);
      if (here !== null && !sameHash(here.hash, current.hash)) return null;
      if (!(await this.store.isWhole(current))) return null;
      await work(this.store.pathOf(current), current.index);
      return current;
    });
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.abort();
    await this.#last;
  }

  /** One at a time: each sweeps away whatever does not count when it is done. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work, work);
    this.#last = done.catch(() => {});
    return done;
  }

  async #make(format: SnapshotFormat): Promise<void> {
    await this.store.requireRoom(format.bytes());
    const path = this.store.newPath('new');
    const bytes = this.#bytes;
    try {
      await format.write(path, this.#stopping.signal);
      const { index, hash } = format.place(path);
      const here = this.#options.placeAt(index);
      if (here === null || !sameHash(here.hash, hash)) throw new Error(`its entry ${index} is not the log's`);
      const before = this.store.current?.index ?? 0;
      const snapshot = await this.store.keep(path, here);
      this.#span = snapshot.index - before;
      this.#bytes -= bytes;
      if (!this.#stopped) this.#options.made(snapshot);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }
}

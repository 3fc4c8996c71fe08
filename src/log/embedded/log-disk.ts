/**
 * A replica's log on its disk: one SQLite database in WAL mode with FULL synchronisation, so that a transaction that
 * returned survives a loss of power. It stores what the replica's logic says, and decides nothing.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Index } from '../log.ts';
import type { StoreOperation } from './replica/effects.ts';
import { chainHash, type Entry, entrySize, genesis, type Point, sameHash } from './replica/entry.ts';
import type { LogReader } from './replica/log-window.ts';

/** Version of the database's layout. */
const layout = 1;
/** Entries whose chain is checked each time a log is opened; the rest is checked whenever it is sent or copied. */
const checkedAtOpen = 2_000;

/** What belongs to the log as a whole. */
export interface LogState {
  readonly cluster: string;
  readonly incarnation: string;
  readonly epoch: number;
  readonly committed: Index;
}

/** The log on disk is not what was written there. */
export class LogDamaged extends Error {}
/** The log was written by a later version of Estafet. */
export class NewerLayout extends Error {}
/** This log, not the one it is completed from, could not be written (rule 16). */
export class NotWritten extends Error {}

interface Row {
  idx: number;
  epoch: number;
  at: number;
  mark: number;
  id: string;
  hash: Uint8Array;
  body: Uint8Array;
}

const toEntry = (row: Row): Entry => ({
  index: row.idx,
  epoch: row.epoch,
  at: row.at,
  kind: row.mark === 1 ? 'mark' : 'command',
  id: row.id,
  hash: row.hash,
  body: row.body,
});

export class LogDisk implements LogReader {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #truncate: StatementSync;
  readonly #update: StatementSync;
  readonly #range: StatementSync;

  /** Opens the log at `path`, making an empty one of a new incarnation if there is none. Throws `LogDamaged`, `NewerLayout`. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 2_000 });
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > layout) {
      this.#db.close();
      throw new NewerLayout(`${path} has layout ${version}, and this Estafet knows layout ${layout}`);
    }
    if (version === 0) this.#create();
    this.#insert = this.#db.prepare(
      'INSERT INTO entries (idx, epoch, at, mark, id, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#truncate = this.#db.prepare('DELETE FROM entries WHERE idx > ?');
    this.#update = this.#db.prepare(
      "UPDATE state SET epoch = max(epoch, ?), cluster = CASE WHEN ? = '' THEN cluster ELSE ? END, committed = max(committed, ?)",
    );
    this.#range = this.#db.prepare('SELECT * FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?');
    try {
      this.#check();
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #create(): void {
    this.#db.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE entries (
        idx INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL, mark INTEGER NOT NULL,
        id TEXT NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL
      ) STRICT;
      CREATE TABLE state (
        one INTEGER PRIMARY KEY CHECK (one = 1), cluster TEXT NOT NULL, incarnation TEXT NOT NULL,
        epoch INTEGER NOT NULL, committed INTEGER NOT NULL
      ) STRICT;
      INSERT INTO state VALUES (1, '', '${randomUUID()}', 0, 0);
      PRAGMA user_version = ${layout};
      COMMIT;`);
  }

  /** Rule 15: a gap or a broken chain is damage, and fails closed. */
  #check(): void {
    const count = this.#db.prepare('SELECT count(*) AS count, coalesce(max(idx), 0) AS last FROM entries').get() as {
      count: number;
      last: number;
    };
    const state = this.state;
    if (count.count !== count.last) throw new LogDamaged(`${count.count} entries up to index ${count.last}`);
    if (state.committed > count.last) throw new LogDamaged(`committed ${state.committed}, stored ${count.last}`);
    const from = Math.max(1, count.last - checkedAtOpen);
    let previous: Point | undefined = from === 1 ? genesis : this.read(from - 1, 1, 1)[0];
    for (const row of this.#range.iterate(from, -1) as IterableIterator<unknown>) {
      const entry = toEntry(row as Row);
      if (previous === undefined || !sameHash(chainHash(previous.hash, entry), entry.hash)) {
        throw new LogDamaged(`entry ${entry.index} does not fit the chain of hashes`);
      }
      previous = entry;
    }
  }

  get state(): LogState {
    const state = this.#db.prepare('SELECT cluster, incarnation, epoch, committed FROM state').get();
    if (state === undefined) throw new LogDamaged('the log has lost its state');
    return state as unknown as LogState;
  }

  get last(): Entry | null {
    const row = this.#db.prepare('SELECT * FROM entries ORDER BY idx DESC LIMIT 1').get();
    return row === undefined ? null : toEntry(row as unknown as Row);
  }

  read(from: Index, maxEntries: number, maxBytes: number): readonly Entry[] {
    const entries: Entry[] = [];
    let bytes = 0;
    for (const row of this.#range.iterate(from, maxEntries) as IterableIterator<unknown>) {
      const entry = toEntry(row as Row);
      bytes += entrySize(entry);
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Does all operations in order, in one durable transaction, and remembers how far is known to be committed. */
  store(operations: readonly StoreOperation[], committed: Index): void {
    this.#transaction(() => {
      for (const { truncateAfter, entries, epoch, cluster } of operations) {
        if (truncateAfter !== undefined) this.#truncate.run(truncateAfter);
        for (const { index, epoch, at, kind, id, hash, body } of entries) {
          this.#insert.run(index, epoch, at, kind === 'mark' ? 1 : 0, id, hash, body);
        }
        if (epoch !== undefined || cluster !== undefined) this.#update.run(epoch ?? 0, cluster ?? '', cluster ?? '', 0);
      }
      this.#update.run(0, '', '', committed);
    });
  }

  /**
   * Makes this log the whole of the one at `path`, whose state must be of this cluster and incarnation (rule 7). What
   * is here and not there is cut, but never up to `committed`, nor what this disk knows to be. Gives the event loop its turn between batches.
   * @returns the other log's epoch, or why its log cannot serve; then part of it may be here. Throws `NotWritten`.
   */
  async completeFrom(
    path: string,
    { cluster, incarnation, committed }: Omit<LogState, 'epoch'>,
  ): Promise<number | string> {
    if (!existsSync(path)) return 'its log is not on this disk';
    let other: LogDisk;
    try {
      other = new LogDisk(path);
    } catch (error) {
      return `its log cannot be read: ${error}`;
    }
    try {
      const theirs = other.state;
      if (theirs.cluster !== cluster || theirs.incarnation !== incarnation) return 'its log has started over since';
      const common = this.#commonWith(other, Math.max(committed, this.state.committed));
      if (common === null) return 'its history is not ours';
      this.#keep({ truncateAfter: common, entries: [], cluster });
      let previous: Point = this.#at(common)!;
      for (;;) {
        const entries = other.read(previous.index + 1, 1_024, 1 << 20);
        if (entries.length === 0) return theirs.epoch;
        for (const entry of entries) {
          if (!sameHash(chainHash(previous.hash, entry), entry.hash)) return `its entry ${entry.index} is damaged`;
          previous = entry;
        }
        this.#keep({ entries });
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      other.close();
    }
  }

  #keep(operation: StoreOperation): void {
    try {
      this.store([operation], 0);
    } catch (cause) {
      throw new NotWritten(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  #at(index: Index): Point | null {
    return index === 0 ? genesis : (this.read(index, 1, 1).find((entry) => entry.index === index) ?? null);
  }

  #commonWith(other: LogDisk, committed: Index): Index | null {
    const same = (index: Index): boolean => {
      const [here, there] = [this.#at(index), other.#at(index)];
      return here !== null && there !== null && sameHash(here.hash, there.hash);
    };
    let agrees = committed;
    if (!same(agrees)) return null;
    let differs = Math.min(this.last?.index ?? 0, other.last?.index ?? 0) + 1;
    while (agrees + 1 < differs) {
      const middle = agrees + Math.floor((differs - agrees) / 2);
      if (same(middle)) agrees = middle;
      else differs = middle;
    }
    return agrees;
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

/** Opens the log in `folder`. A damaged one is put aside, whole, and an empty one of a new incarnation begun (rule 8). */
export const openLogDisk = (folder: string): { readonly disk: LogDisk; readonly damage: string | null } => {
  const path = join(folder, 'log.db');
  try {
    return { disk: new LogDisk(path), damage: null };
  } catch (error) {
    if (error instanceof NewerLayout) throw error;
    const code = (error as { errcode?: number }).errcode;
    // SQLITE_CORRUPT and SQLITE_NOTADB are damage; a full or failing disk, or a lock, is not.
    if (!(error instanceof LogDamaged) && code !== 11 && code !== 26) throw error;
    const aside = join(folder, `damaged-${Date.now()}`);
    mkdirSync(aside);
    for (const file of ['log.db', 'log.db-wal', 'log.db-shm']) {
      if (existsSync(join(folder, file))) renameSync(join(folder, file), join(aside, file));
    }
    return {
      disk: new LogDisk(path),
      damage: `${error instanceof Error ? error.message : error}; it is kept in ${aside}`,
    };
  }
};

/** Whether the log at `path` has ever belonged to a cluster. Only looks: it neither makes nor changes anything. */
export const belongsToCluster = (path: string): boolean => {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    return version > 0 && (db.prepare('SELECT cluster FROM state').get() as { cluster: string }).cluster !== '';
  } finally {
    db.close();
  }
};

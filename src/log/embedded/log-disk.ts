/**
 * A replica's log on its disk: one SQLite database in WAL mode with FULL synchronisation, so that a transaction that
 * returned survives a loss of power. It stores what the replica's logic says, and decides nothing.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Index } from '../log.ts';
import type { StoreOperation } from './replica/effects.ts';
import { type Base, chainHash, type Entry, entrySize, type Point, sameHash } from './replica/entry.ts';
import type { LogEnds, LogReader } from './replica/log-window.ts';
import { walDamage } from './wal-damage.ts';

/** Version of the database's layout. */
const layout = 2;
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
  readonly #trim: StatementSync;
  readonly #rebase: StatementSync;
  readonly #sizes: StatementSync;
  #base: Base;
  #oldest = { base: -1, count: 0 };

  /** Opens the log at `path`, making an empty one of a new incarnation if there is none. Throws `LogDamaged`, `NewerLayout`. */
  constructor(path: string) {
    // SQLite would open it, and silently go on without what stands behind the damage.
    const torn = walDamage(`${path}-wal`);
    if (torn !== null) throw new LogDamaged(torn);
    this.#db = new DatabaseSync(path, { timeout: 2_000 });
    try {
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
      const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number };
      if (version > layout) {
        throw new NewerLayout(`${path} has layout ${version}, and this Estafet knows layout ${layout}`);
      }
      if (version === 0) this.#create();
      if (version === 1) this.#addBase();
      this.#insert = this.#db.prepare(
        'INSERT INTO entries (idx, epoch, at, mark, id, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      );
      this.#truncate = this.#db.prepare('DELETE FROM entries WHERE idx > ?');
      this.#update = this.#db.prepare(
        "UPDATE state SET epoch = max(epoch, ?), cluster = CASE WHEN ? = '' THEN cluster ELSE ? END, committed = max(committed, ?)",
      );
      this.#range = this.#db.prepare('SELECT * FROM entries WHERE idx >= ? ORDER BY idx LIMIT ?');
      this.#sizes = this.#db.prepare('SELECT length(body) AS bytes FROM entries WHERE idx > ? ORDER BY idx LIMIT ?');
      this.#trim = this.#db.prepare('DELETE FROM entries WHERE idx <= ?');
      this.#rebase = this.#db.prepare('UPDATE state SET base = ?, base_hash = ?, base_epoch = ?, base_at = ?');
      this.#base = this.#readBase();
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
        epoch INTEGER NOT NULL, committed INTEGER NOT NULL,
        base INTEGER NOT NULL, base_hash BLOB NOT NULL, base_epoch INTEGER NOT NULL, base_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO state VALUES (1, '', '${randomUUID()}', 0, 0, 0, zeroblob(32), 0, 0);
      PRAGMA user_version = ${layout};
      COMMIT;`);
  }

  /** Layout 1 had no base: a log had its whole history. */
  #addBase(): void {
    this.#db.exec(`
      BEGIN IMMEDIATE;
      ALTER TABLE state ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE state ADD COLUMN base_hash BLOB NOT NULL DEFAULT x'${'00'.repeat(32)}';
      ALTER TABLE state ADD COLUMN base_epoch INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE state ADD COLUMN base_at INTEGER NOT NULL DEFAULT 0;
      PRAGMA user_version = ${layout};
      COMMIT;`);
  }

  #readBase(): Base {
    const sql = 'SELECT base AS "index", base_hash AS hash, base_epoch AS epoch, base_at AS at FROM state';
    const base = this.#db.prepare(sql).get();
    if (base === undefined) throw new LogDamaged('the log has lost its state');
    return base as unknown as Base;
  }

  /** Rule 15: a gap or a broken chain is damage, and fails closed. */
  #check(): void {
    const { count } = this.#db.prepare('SELECT count(*) AS count FROM entries').get() as { count: number };
    const { committed } = this.state;
    const [base, last] = [this.#base.index, this.end.index];
    if (count !== last - base) throw new LogDamaged(`${count} entries behind index ${base} and up to index ${last}`);
    if (committed > last) throw new LogDamaged(`committed ${committed}, stored ${last}`);
    for (let from = Math.max(base, last - checkedAtOpen) + 1; from <= last; ) {
      from += this.read(from, 1_024, 1 << 20).length;
    }
  }

  get state(): LogState {
    const state = this.#db.prepare('SELECT cluster, incarnation, epoch, committed FROM state').get();
    if (state === undefined) throw new LogDamaged('the log has lost its state');
    return state as unknown as LogState;
  }

  /** Where the log begins: its first entry is the one behind this. */
  get base(): Base {
    return this.#base;
  }

  get last(): Entry | null {
    const row = this.#db.prepare('SELECT * FROM entries ORDER BY idx DESC LIMIT 1').get();
    return row === undefined ? null : toEntry(row as unknown as Row);
  }

  get ends(): LogEnds {
    return { base: this.#base, last: this.last };
  }

  /** The newest entry's place, or the base when there is none. */
  get end(): Base {
    return this.last ?? this.#base;
  }

  /** The place at `index`, or null when the log has none there. */
  at(index: Index): Base | null {
    return index === this.#base.index ? this.#base : this.#row(index);
  }

  /** See `LogReader`. Checks the chain on the way (rule 15): throws `LogDamaged` rather than give out what was not written. */
  read(from: Index, maxEntries: number, maxBytes: number): readonly Entry[] {
    if (from <= this.#base.index) return [];
    const entries: Entry[] = [];
    let bytes = 0;
    let previous: Point | null = this.at(from - 1);
    for (const row of this.#range.iterate(from, maxEntries) as IterableIterator<unknown>) {
      const entry = toEntry(row as Row);
      bytes += entrySize(entry);
      if (entries.length > 0 && bytes > maxBytes) break;
      const follows = previous !== null && entry.index === previous.index + 1;
      if (!follows || !sameHash(chainHash(previous!.hash, entry), entry.hash)) {
        throw new LogDamaged(`entry ${entry.index} does not fit the chain of hashes`);
      }
      entries.push(entry);
      previous = entry;
    }
    return entries;
  }

  /** How many of the oldest entries have at most so many bytes together: at least one, at most `maxEntries`. */
  oldestWithin(maxEntries: number, maxBytes: number): number {
    const { index } = this.#base;
    if (this.#oldest.base === index) return this.#oldest.count;
    let count = 0;
    let bytes = 0;
    for (const row of this.#sizes.iterate(index, maxEntries)) {
      bytes += Number(row.bytes);
      if (count > 0 && bytes > maxBytes) break;
      count++;
    }
    // What is asked at each tick is looked up once, when there is enough to be cut at all.
    if (count === maxEntries || bytes > maxBytes) this.#oldest = { base: index, count };
    return Math.max(1, count);
  }

  #row(index: Index): Entry | null {
    const row = this.#range.get(index, 1) as Row | undefined;
    return row?.idx === index ? toEntry(row) : null;
  }

  /** Does all operations in order, in one durable transaction, and remembers how far is known to be committed. */
  store(operations: readonly StoreOperation[], committed: Index): void {
    this.#transaction(() => {
      for (const { truncateAfter, trimTo, replaceWith, entries, epoch, cluster } of operations) {
        if (trimTo !== undefined) this.#trim.run(trimTo.index);
        if (replaceWith !== undefined) this.#truncate.run(0);
        const base = replaceWith ?? trimTo;
        if (base !== undefined) this.#rebase.run(base.index, base.hash, base.epoch, base.at);
        if (truncateAfter !== undefined) this.#truncate.run(truncateAfter);
        for (const { index, epoch, at, kind, id, hash, body } of entries) {
          this.#insert.run(index, epoch, at, kind === 'mark' ? 1 : 0, id, hash, body);
        }
        if (epoch !== undefined || cluster !== undefined) this.#update.run(epoch ?? 0, cluster ?? '', cluster ?? '', 0);
      }
      this.#update.run(0, '', '', committed);
    });
    if (operations.some(({ trimTo, replaceWith }) => (trimTo ?? replaceWith) !== undefined))
      this.#base = this.#readBase();
  }

  /**
   * Makes everything durable that can be read. An earlier process may have ended because it could not sync: what it wrote
   * is then in the system's memory and looks as if it were on disk.
   */
  settle(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
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

  /** What is read until `close` is the log as it is now, whatever its owner does to it meanwhile. Nothing may be stored. */
  freeze(): void {
    this.#db.exec('BEGIN');
    this.#base = this.#readBase();
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

const damagePathIn = (folder: string): string => join(folder, 'log.damaged');

/** Has the log in `folder` put aside when it is opened next: what was read from it is not what was written. */
export const condemn = (folder: string, reason: string): void => writeFileSync(damagePathIn(folder), `${reason}\n`);

/** Whether an error says that a log is not what was written there, and not merely that a disk or a lock is in the way. */
export const isDamage = (error: unknown): boolean => {
  // SQLITE_CORRUPT and SQLITE_NOTADB, with whatever extended code.
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return error instanceof LogDamaged || code === 11 || code === 26;
};

/** Opens the log in `folder`. A damaged one is put aside, whole, and an empty one of a new incarnation begun (rule 8). */
export const openLogDisk = (folder: string): { readonly disk: LogDisk; readonly damage: string | null } => {
  const path = join(folder, 'log.db');
  const condemned = damagePathIn(folder);
  try {
    if (existsSync(condemned)) throw new LogDamaged(readFileSync(condemned, 'utf8').trim());
    const disk = new LogDisk(path);
    disk.settle();
    return { disk, damage: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = join(folder, `damaged-${Date.now()}`);
    mkdirSync(aside);
    for (const file of ['log.db', 'log.db-wal', 'log.db-shm']) {
      if (existsSync(join(folder, file))) renameSync(join(folder, file), join(aside, file));
    }
    rmSync(condemned, { force: true });
    return {
      disk: new LogDisk(path),
      damage: `${error instanceof Error ? error.message : error}; it is kept in ${aside}`,
    };
  }
};

/** Whether the log at `path` has ever belonged to a cluster. Only looks: it neither makes nor changes anything. */
const belongsToCluster = (path: string): boolean => {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    return version > 0 && (db.prepare('SELECT cluster FROM state').get() as { cluster: string }).cluster !== '';
  } finally {
    db.close();
  }
};

/** The same, and true also when that cannot be told. */
export const mayBelongToCluster = (path: string): boolean => {
  try {
    return belongsToCluster(path);
  } catch {
    return true;
  }
};

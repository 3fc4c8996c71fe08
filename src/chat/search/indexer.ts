/**
 * Brings the search database forward, a slice at a time, each slice one transaction with the place that it reaches. What
 * a message says now is what goes in, whenever that is, so a slice done twice does no harm.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Doc, Source } from './source.ts';

export interface Indexer {
  /** Up to which index everything can be found; 0 while older messages are still being added. */
  readonly complete: number;
  /** Up to which index everything that has happened since it was begun can be found. */
  readonly upto: number;
  /**
   * Adds a slice of about `count` messages. False when there is nothing to add. Throws `Forgotten` when the chat does not
   * know any more what happened, so that the whole must be made again.
   */
  step(count: number): boolean;
}

/** What happened between the index and the chat is not known any more. */
export class Forgotten extends Error {
  constructor(upto: number) {
    super(`what happened after ${upto} has been forgotten`);
    this.name = 'Forgotten';
  }
}

export const openIndexer = (db: DatabaseSync, source: Source): Indexer => {
  const state = db.prepare('SELECT upto, scanned FROM state').get();
  let upto = Number(state?.upto);
  let scanned = state?.scanned === null ? null : Number(state?.scanned);
  const known = db.prepare('SELECT 1 FROM docs WHERE idx = ?');
  const remember = db.prepare('INSERT OR REPLACE INTO docs VALUES (?, ?, ?)');
  const forget = db.prepare('DELETE FROM docs WHERE idx = ?');
  const insert = db.prepare(
    'INSERT INTO found (rowid, text, files, room, author, mentions, traits) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM found WHERE rowid = ?');
  const save = db.prepare('UPDATE state SET upto = ?, scanned = ?');

  // SQLite tells of each the last row id that was inserted, and those of the index's own tables are larger than numbers.
  for (const statement of [remember, forget, insert, remove, save]) statement.setReadBigInts(true);

  const put = ({ index, room, at, columns }: Doc): void => {
    const isKnown = known.get(index) !== undefined;
    if (isKnown) remove.run(index);
    if (columns === null) {
      if (isKnown) forget.run(index);
      return;
    }
    if (!isKnown) remember.run(index, room, at);
    const { text, files, author, mentions, traits } = columns;
    insert.run(index, text, files, columns.room, author, mentions, traits);
  };

  const write = (docs: readonly Doc[], to: number, scannedTo: number | null): void => {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const doc of docs) put(doc);
      save.run(to, scannedTo);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
    upto = to;
    scanned = scannedTo;
  };

  return {
    get complete() {
      return scanned === null ? upto : 0;
    },
    get upto() {
      return upto;
    },
    step: (count) => {
      if (source.position() > upto) {
        const slice = source.changes(upto, count);
        if (slice === null) throw new Forgotten(upto);
        write(slice.docs, slice.upto, scanned);
        return true;
      }
      if (scanned === null) return false;
      const slice = source.scan(scanned, count);
      // What came or changed since the scan began is there already, and newer.
      const missing = slice.docs.filter(({ index }) => known.get(index) === undefined);
      write(missing, upto, slice.upto);
      return true;
    },
  };
};

/**
 * The search database: its tables, and when they are of use. Everything in it is derived from the chat database beside
 * it, and is thrown away rather than mended.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';

/** Raised by one with each change of the tables, or of what is put into them. */
const version = 1;

/**
 * A message's row id is its index in the log, so that the newest come first by walking an index backwards. The texts
 * themselves are not kept, only which words are where. Rooms, people and what a message has are words too, in columns of
 * their own, so that every condition is a list that is walked along with the others.
 *
 * The tokenizer only parts at spaces: what it gets are the words of `words.ts`. Beginnings of two and three letters have
 * lists of their own; longer ones are looked up in `terms`.
 */
const tables = `
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- What this was made by and from.
  made TEXT NOT NULL,
  -- Up to which index it has everything that happened,
  upto INTEGER NOT NULL,
  -- and, while it is being made, up to which message's key it has what was there before; null when it has it all.
  scanned INTEGER
) STRICT;

CREATE TABLE docs (
  idx INTEGER PRIMARY KEY,
  room INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE found USING fts5(
  text, files, room, author, mentions, traits,
  content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3'
);
CREATE VIRTUAL TABLE terms USING fts5vocab('found', 'instance');
`;

/** Of what a search database was made: the log's copy, and this version of the code and of Unicode. */
export interface Provenance {
  readonly origin: string;
  readonly unicode: string;
}

const madeOf = ({ origin, unicode }: Provenance): string => `${version} ${unicode} ${origin}`;

/** Removes the search database at `path`. */
export const removeSearchDb = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

const madeBy = (db: DatabaseSync): string | null => {
  const exists = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state'").get();
  const row = exists && db.prepare('SELECT made FROM state').get();
  return row ? String(row.made) : null;
};

const openAt = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8000');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/**
 * Opens the search database at `path`, empty when there is none or it is of no use. Throws when the disk does.
 * @param newest the newest entry of the chat: an index beyond it was made from another chat
 */
export const openSearchDb = (path: string, provenance: Provenance, newest: number): DatabaseSync => {
  const made = madeOf(provenance);
  try {
    const db = openAt(path);
    try {
      if (madeBy(db) === made && Number(db.prepare('SELECT upto FROM state').get()?.upto) <= newest) return db;
    } catch (error) {
      db.close();
      throw error;
    }
    db.close();
  } catch {
    // It cannot be read. Whether one can be written is seen next.
  }
  removeSearchDb(path);
  const db = openAt(path);
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec(tables);
    // Everything that has happened so far is what the first scan brings.
    db.prepare('INSERT INTO state VALUES (1, ?, ?, 0)').run(made, newest);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Above the numbers of people and rooms there may be: one private character each. */
const firstSymbol = 0xf0000;
if (Math.max(limits.usersMax, limits.roomsMax + limits.directRoomsMax) > 0xfffd) {
  throw new Error('limits.ts allows more people or rooms than search has symbols for');
}

/** How a person's or a room's number stands in the index: as one character, which no beginning of a word is. */
export const symbolOf = (number: number): string => String.fromCodePoint(firstSymbol + number);
/** The symbol of everybody in a room. */
export const everybody = symbolOf(0);

/** Words in the column `traits`. Each message has one of `open` and `closed`. */
export const traitTokens = { open: 'o', closed: 'c', file: 'f', image: 'i', link: 'l' } as const;

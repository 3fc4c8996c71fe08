/**
 * The chat database: its tables, and how a connection to it is set up. Everything the chat machine knows is in these
 * tables; nothing else defines or alters one.
 *
 * `synchronous=NORMAL` is enough here: the log is what must survive, and this file can be rebuilt from it. In WAL mode a
 * power cut may lose the newest transactions but never half of one, and each transaction carries the position it
 * brought the database to, so applying simply goes on from there.
 */
import { DatabaseSync } from 'node:sqlite';
import { generalRoom, limits, systemUser } from '../protocol/index.ts';

/** Raised by one with each change of the tables. */
const schemaVersion = 3;
/** "Estf", in the header of the file, so that some other program's database is not mistaken for ours. */
const applicationId = 0x45737466;

/** What came with version 3. */
export const requestTables = `
-- Numbered requests, the newest of them. 'server' processed it: who led its epoch, or nothing while the log has not said.
CREATE TABLE requests (
  num INTEGER PRIMARY KEY,
  idx INTEGER NOT NULL UNIQUE,
  id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  fail_in INTEGER,
  server TEXT NOT NULL
) STRICT;
CREATE INDEX requests_by_server ON requests (server, num);
-- How many requests each server has processed in all, those among them that are kept no more.
CREATE TABLE processed (
  server TEXT PRIMARY KEY,
  requests INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Who led which epoch, and how long it took them to.
CREATE TABLE takeovers (
  epoch INTEGER PRIMARY KEY,
  server TEXT NOT NULL,
  previous TEXT,
  cause TEXT NOT NULL,
  idx INTEGER NOT NULL,
  last_sign_at REAL,
  detected_at REAL,
  locked_at REAL,
  durable_at REAL,
  acknowledged_at REAL
) STRICT;
`;

/**
 * People and rooms have small numbers, given in the order they came to be, beside their ids: numbers are what the
 * tables refer to each other by. Number 0 is nobody; room 1 is `general`.
 *
 * A message's key is `room * 2^38 + index`, so that a room's messages lie together in the order of the log: a page costs
 * the same whatever the number of messages, and search can use the key as its row id.
 */
const tables = `
CREATE TABLE position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  idx INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  joined_idx INTEGER NOT NULL,
  about TEXT NOT NULL,
  -- The id of the file that is their picture.
  avatar TEXT,
  -- The argon2id hash of their password.
  password TEXT
) STRICT;

-- Names that people had, for as long as events from their time are kept.
CREATE TABLE past_names (
  user INTEGER NOT NULL,
  until INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (user, until)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_names_by_end ON past_names (until);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user INTEGER NOT NULL,
  device TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_idx INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user, opened_idx);

-- A direct room has no name; it is found by the numbers of its people, ascending, with commas between them.
CREATE TABLE rooms (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT UNIQUE,
  topic TEXT NOT NULL,
  access TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  members INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  people TEXT UNIQUE
) STRICT;
CREATE INDEX open_rooms ON rooms (num) WHERE access = 'open';

-- Who is in which room, since which index, and up to where they have read.
CREATE TABLE members (
  room INTEGER NOT NULL,
  user INTEGER NOT NULL,
  since INTEGER NOT NULL,
  read_idx INTEGER NOT NULL,
  -- What they chose to be notified of; null while they have chosen nothing.
  notify TEXT,
  PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user, room);

-- Memberships that ended, for as long as events from their time are kept.
CREATE TABLE past_members (
  user INTEGER NOT NULL,
  until INTEGER NOT NULL,
  room INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (user, until, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_members_by_end ON past_members (until);

CREATE TABLE messages (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  author INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  edited_at INTEGER,
  deleted INTEGER NOT NULL,
  -- What else there is of it, in other tables: see 'has' below. Of a plain message nothing, and nothing is looked for.
  flags INTEGER NOT NULL,
  -- The key of the message that it answers.
  reply_to INTEGER
) STRICT;
CREATE INDEX replies ON messages (reply_to) WHERE reply_to IS NOT NULL;

-- Whom a message mentions: user 0 is everybody in its room.
CREATE TABLE mentions (
  message INTEGER NOT NULL,
  user INTEGER NOT NULL,
  author INTEGER NOT NULL,
  PRIMARY KEY (message, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_user ON mentions (user, message, author);

-- Who reacted, in the order they did.
CREATE TABLE reactions (
  message INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  idx INTEGER NOT NULL,
  user INTEGER NOT NULL,
  PRIMARY KEY (message, emoji, idx)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reactions_by_user ON reactions (message, emoji, user);
CREATE TABLE reaction_counts (
  message INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_idx INTEGER NOT NULL,
  PRIMARY KEY (message, emoji)
) STRICT, WITHOUT ROWID;

CREATE TABLE pins (
  room INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  message INTEGER NOT NULL UNIQUE,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (room, idx)
) STRICT, WITHOUT ROWID;

-- What messages said before they were edited, and since when; 'idx' is of the edit.
CREATE TABLE wordings (
  message INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message, idx)
) STRICT, WITHOUT ROWID;

-- First outcomes of the commands of the last positions. A message that was posted is its own record.
CREATE TABLE outcomes (
  idx INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  sender TEXT NOT NULL,
  code TEXT,
  user TEXT,
  room TEXT,
  request TEXT
) STRICT;
-- Those whose position has been forgotten, but whose ids are from a clock ahead of ours and do not look old yet.
CREATE TABLE outcomes_ahead (
  id TEXT PRIMARY KEY,
  idx INTEGER NOT NULL,
  sender TEXT NOT NULL,
  code TEXT,
  user TEXT,
  room TEXT,
  request TEXT
) STRICT, WITHOUT ROWID;
-- When each round position was sequenced, as far back as positions are remembered.
CREATE TABLE milestones (
  idx INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

-- What each entry told the clients. 'room' is set when all of it went to that one room. 'json' is empty while it is
-- but a plain message that was posted and has not been touched since: that is in 'messages', word for word.
CREATE TABLE events (
  idx INTEGER PRIMARY KEY,
  room INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;

-- Uploads, and the files that they become when they are finished. 'num' is the index of the command that began it.
-- 'sha256' is what the client says that it will have, until it is finished. 'uses' counts its rows in 'file_uses'.
CREATE TABLE files (
  num INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT,
  width INTEGER,
  height INTEGER,
  at INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  content INTEGER NOT NULL
) STRICT;
CREATE INDEX files_unused ON files (owner, at) WHERE uses = 0;
CREATE INDEX files_by_content ON files (content);
-- What is in files, once each; without a SHA-256 while it arrives. Its size counts in 'files_total' from the start.
CREATE TABLE contents (
  num INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX contents_by_hash ON contents (sha256, size) WHERE sha256 <> '';
-- The pieces of a content, which lie on the servers' disks under their SHA-256.
CREATE TABLE pieces (
  content INTEGER NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (content, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX pieces_by_hash ON pieces (hash);
-- Which message (by its key) uses which files, in their order; and, under minus a person's number, their picture.
CREATE TABLE file_uses (
  key INTEGER NOT NULL,
  place INTEGER NOT NULL,
  file INTEGER NOT NULL,
  PRIMARY KEY (key, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_uses_by_file ON file_uses (file);
CREATE TABLE files_total (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  bytes INTEGER NOT NULL
) STRICT;
${requestTables}
`;

const create = (db: DatabaseSync): void => {
  db.exec('BEGIN IMMEDIATE');
  db.exec(tables);
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`);
  db.prepare("INSERT INTO position VALUES (1, 0, '')").run();
  db.prepare('INSERT INTO files_total VALUES (1, 0)').run();
  db.prepare("INSERT INTO rooms VALUES (1, ?, ?, ?, '', 'open', ?, 0, 0, 0, NULL)").run(
    generalRoom,
    generalRoom,
    generalRoom,
    systemUser,
  );
  db.exec('COMMIT');
};

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);

const isEmpty = (db: DatabaseSync): boolean => pragma(db, 'schema_version') === 0;

/** Throws when the database is not a chat's, or was made by a newer Estafet. */
export const checkDatabase = (db: DatabaseSync, path: string): void => {
  const version = pragma(db, 'user_version');
  if (pragma(db, 'application_id') !== applicationId) {
    throw new Error(`${path} is a database of another program, not of Estafet. Name another data folder.`);
  }
  if (version > schemaVersion) {
    throw new Error(
      `${path} was made by a newer Estafet (database version ${version}; this one knows up to ${schemaVersion}). ` +
        'Start the newer version, or remove this file: it is rebuilt from the log.',
    );
  }
};

/** The version of the tables in the database at `path`. Throws as `checkDatabase` does. */
export const databaseVersion = (path: string): number => {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkDatabase(db, path);
    return pragma(db, 'user_version');
  } finally {
    db.close();
  }
};

/** A chat database that an older Estafet made: to be made again from the log. */
export class OutdatedDatabase extends Error {
  constructor(path: string) {
    super(`${path} was made by an older Estafet. Remove it: it is rebuilt from the log.`);
    this.name = 'OutdatedDatabase';
  }
}

/**
 * Opens the chat database at `path` (`:memory:` for one that goes with the process), and makes its tables when it is
 * new. Throws when the file is not a chat database or was made by another version of Estafet.
 */
export const openDatabase = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const empty = isEmpty(db);
    if (!empty) {
      checkDatabase(db, path);
      if (pragma(db, 'user_version') < schemaVersion) throw new OutdatedDatabase(path);
    }
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // 16 MB between checkpoints: pages that change with every batch are written back a quarter as often.
    db.exec('PRAGMA wal_autocheckpoint = 4000');
    if (empty) create(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** What else there is of a message, as bits of its 'flags'. */
export const has = { reply: 1, files: 2, mentions: 4, reactions: 8, pin: 16, wordings: 32 } as const;

const indexBits = 38;
const indices = 2 ** indexBits;
/** Rooms that message keys have numbers for: keys stay below 2^53. */
if (limits.roomsMax + limits.directRoomsMax >= 2 ** (53 - indexBits)) {
  throw new Error('limits.ts allows more rooms than message keys have numbers for');
}

/** Where a message lies: by room, then by index. */
export const messageKey = (room: number, index: number): number => room * indices + index;
export const roomOfKey = (key: number): number => Math.floor(key / indices);
export const indexOfKey = (key: number): number => key % indices;
/** The number of the room of a message's key, in SQL. */
export const roomOfKeyInSql = (key: string): string => `(${key} >> ${indexBits})`;

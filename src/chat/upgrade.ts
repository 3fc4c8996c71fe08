/**
 * Brings a snapshot that an older Estafet made to the tables of this one. A server's own database is not brought forward
 * but made again from the log, so that it has all that the log comes to today; what a snapshot stands for, the log no
 * longer has.
 *
 * Of version 1: messages of its time have no mentions and no earlier wordings, for nobody kept them then. Before
 * version 3, nobody counted requests or wrote down who took over.
 */
import { renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { AddressedEvent } from '../protocol/index.ts';
import { databaseVersion, openDatabase, requestTables } from './schema.ts';

/** Keys of version 1 had room for 2^40 indices. */
const keyOfVersion1 = '(key >> 40 << 38) + (key & ((1 << 40) - 1))';

const copies = `
DELETE FROM position; INSERT INTO position SELECT * FROM old.position;
INSERT INTO users SELECT num, id, name, name_key, role, joined_at, joined_idx, '', NULL, NULL FROM old.users;
INSERT INTO sessions SELECT * FROM old.sessions;
DELETE FROM rooms;
INSERT INTO rooms SELECT num, id, name, name_key, topic, access, created_by, created_at, members, 0, NULL FROM old.rooms;
INSERT INTO members SELECT room, user, since, read_idx, NULL FROM old.members;
INSERT INTO past_members SELECT * FROM old.past_members;
INSERT INTO messages SELECT ${keyOfVersion1}, id, author, at, text, edited_at, deleted, 0, NULL FROM old.messages;
INSERT INTO outcomes SELECT idx, id, sender, code, user, NULL, NULL FROM old.outcomes;
INSERT INTO outcomes_ahead SELECT id, idx, sender, code, user, NULL, NULL FROM old.outcomes_ahead;
INSERT INTO milestones SELECT * FROM old.milestones;
INSERT INTO events SELECT * FROM old.events;
`;

/** Version 1 told a mark to the person alone, and did not say in it whose it was. */
const nameReaders = (db: DatabaseSync): void => {
  const update = db.prepare('UPDATE events SET json = ? WHERE idx = ?');
  for (const { idx, json } of db.prepare('SELECT idx, json FROM events WHERE json LIKE \'%"read.marked"%\'').all()) {
    const events = (JSON.parse(String(json)) as readonly AddressedEvent[]).map(({ audience, event }) =>
      event.type === 'read.marked' && audience.to === 'user'
        ? { audience, event: { ...event, user: audience.user } }
        : { audience, event },
    );
    update.run(JSON.stringify(events), Number(idx));
  }
};

/** What version 3 has beside what version 2 had. */
const addedSince2 = `
ALTER TABLE outcomes ADD COLUMN request TEXT;
ALTER TABLE outcomes_ahead ADD COLUMN request TEXT;
${requestTables}
PRAGMA user_version = 3;
`;

/** In place: nothing of version 2 changes, and it is one transaction. */
const addTo2 = (path: string): void => {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
    db.exec(addedSince2);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
};

/** Makes the database anew, durably, with everything that one of version 1 has. */
const makeFrom1 = async (path: string): Promise<void> => {
  const made = `${path}.upgraded`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(made + suffix, { force: true });
  const db = openDatabase(made);
  try {
    db.prepare('ATTACH ? AS old').run(path);
    db.exec('BEGIN IMMEDIATE');
    db.exec(copies);
    nameReaders(db);
    db.exec('COMMIT');
    db.exec('DETACH old');
    // One file: what is in the write-ahead log would be left behind.
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
  const file = await open(made, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(made, path);
};

/** Brings the database at `path`, which nobody has open, to this version, durably. Does nothing when it is of it. */
export const upgradeDatabase = async (path: string): Promise<void> => {
  const version = databaseVersion(path);
  if (version === 1) await makeFrom1(path);
  else if (version === 2) addTo2(path);
};

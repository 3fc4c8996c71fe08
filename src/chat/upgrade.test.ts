import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDamaged, isOutdated, openChat, snapshotPieces, snapshotPlace } from './index.ts';
import { scene, sha256, testId } from './test-log.ts';

/** The tables of version 1, as they were. */
const version1 = `
CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), idx INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE users (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL, joined_at INTEGER NOT NULL, joined_idx INTEGER NOT NULL) STRICT;
CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, user INTEGER NOT NULL, device TEXT NOT NULL,
  opened_at INTEGER NOT NULL, opened_idx INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rooms (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL, access TEXT NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL,
  members INTEGER NOT NULL) STRICT;
CREATE TABLE members (room INTEGER NOT NULL, user INTEGER NOT NULL, since INTEGER NOT NULL, read_idx INTEGER NOT NULL,
  PRIMARY KEY (room, user)) STRICT, WITHOUT ROWID;
CREATE TABLE past_members (user INTEGER NOT NULL, until INTEGER NOT NULL, room INTEGER NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (user, until, room)) STRICT, WITHOUT ROWID;
CREATE TABLE messages (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, author INTEGER NOT NULL, at INTEGER NOT NULL,
  text TEXT NOT NULL, edited_at INTEGER, deleted INTEGER NOT NULL) STRICT;
CREATE TABLE outcomes (idx INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, code TEXT,
  user TEXT) STRICT;
CREATE TABLE outcomes_ahead (id TEXT PRIMARY KEY, idx INTEGER NOT NULL, sender TEXT NOT NULL, code TEXT,
  user TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE milestones (idx INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE events (idx INTEGER PRIMARY KEY, room INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
PRAGMA application_id = 0x45737466;
PRAGMA user_version = 1;`;

const atMs = Date.UTC(2025, 5, 1);
const ids = { ann: testId(atMs, 'ann'), plans: testId(atMs, 'plans'), said: testId(atMs, 'said') } as const;
const hash = sha256('the log at 5');
/** Keys of that time. */
const keyThen = (room: number, index: number): number => room * 2 ** 40 + index;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
  path = join(folder, 'one.snapshot');
  const db = new DatabaseSync(path);
  db.exec(version1);
  const marked = { index: 5, type: 'read.marked', room: 'general', readIndex: 3 };
  const events = JSON.stringify([{ audience: { to: 'user', user: ids.ann }, event: marked }]);
  db.exec(`
    INSERT INTO position VALUES (1, 5, '${hash}');
    INSERT INTO users VALUES (1, '${ids.ann}', 'Ann', 'ann', 'owner', ${atMs}, 1);
    INSERT INTO sessions VALUES ('${sha256('token')}', 1, 'a phone', ${atMs}, 1);
    INSERT INTO rooms VALUES (1, 'general', 'general', 'general', '', 'open', 'system', 0, 1);
    INSERT INTO rooms VALUES (2, '${ids.plans}', 'Plans', 'plans', 'What next', 'closed', '${ids.ann}', ${atMs}, 1);
    INSERT INTO members VALUES (1, 1, 1, 1), (2, 1, 2, 2);
    INSERT INTO messages VALUES (${keyThen(1, 3)}, '${testId(atMs, 'x')}', 1, ${atMs}, 'hello @Ann', NULL, 0);
    INSERT INTO messages VALUES (${keyThen(2, 4)}, '${ids.said}', 1, ${atMs}, 'in the room', NULL, 0);
    INSERT INTO outcomes VALUES (1, '${ids.ann}', 'system', NULL, '${ids.ann}');
    INSERT INTO outcomes VALUES (2, '${ids.plans}', '${ids.ann}', NULL, NULL);
    INSERT INTO events VALUES (3, 1, ''), (4, 2, '');
    INSERT INTO events VALUES (5, 0, '${events}');`);
  db.close();
});
afterEach(() => rm(folder, { recursive: true }));

test('a database of version 1 is not opened, but made again from the log', () => {
  let error: unknown = null;
  try {
    openChat(path);
  } catch (caught) {
    error = caught;
  }
  expect([isOutdated(error), isDamaged(error)]).toEqual([true, false]);
});

test('R18 a snapshot of version 1 needs no pieces of files beside it, so that whoever copies it has it whole', () => {
  expect(snapshotPieces(path)).toEqual([]);
});

test('R18 a snapshot of version 1 is brought to the tables of today when it is installed, and the log goes on behind it', async () => {
  expect(snapshotPlace(path)).toEqual({ index: 5, hash: Buffer.from(hash, 'hex') });
  const chat = openChat(join(folder, 'chat.db'));
  await chat.install(path);
  expect(chat.position).toEqual({ index: 5, hash });
  expect(chat.session(sha256('token'))?.user).toEqual({ id: ids.ann, name: 'Ann', role: 'owner', joinedAt: atMs });
  expect(chat.rooms(ids.ann).map(({ id, topic, unread, notify }) => [id, topic, unread, notify])).toEqual([
    ['general', '', 0, 'mentions'],
    [ids.plans, 'What next', 0, 'mentions'],
  ]);
  expect(chat.message(ids.said, ids.ann)).toMatchObject({ room: ids.plans, index: 4, text: 'in the room' });
  expect(chat.page(ids.plans, { limit: 5 }).messages.map(({ id }) => id)).toEqual([ids.said]);
  expect(chat.outcome(ids.ann)).toEqual({ index: 1, outcome: { ok: true, user: ids.ann } });
  expect(chat.eventsAfter(ids.ann, 2, 10)?.events.map(({ event }) => event)).toMatchObject([
    { type: 'message.posted', message: { text: 'hello @Ann' } },
    { type: 'message.posted', message: { text: 'in the room' } },
    { type: 'read.marked', user: ids.ann, readIndex: 3 },
  ]);

  const s = scene(chat);
  while (s.log.entries.length < 5) s.log.mark();
  expect(s.say(ids.ann, 'message.react', { message: ids.said, emoji: '👍', on: true })).toBe('ok');
  expect(s.say(ids.ann, 'message.edit', { message: ids.said, text: 'said otherwise' })).toBe('ok');
  expect(chat.message(ids.said, ids.ann)).toMatchObject({ text: 'said otherwise', reactions: [{ count: 1 }] });
  chat.close();
  // The snapshot itself is as it was: others may still copy it.
  const db = new DatabaseSync(path, { readOnly: true });
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  db.close();
});

/** A snapshot that version 2 made, of the first 930 entries of what the golden log of everyday life was then. */
const version2 = join(import.meta.dirname, '../../test/golden/version-2.snapshot.gz');

/** Every row of every table, with the names of its columns. */
const rowsOf = (at: string): Readonly<Record<string, readonly object[]>> => {
  const db = new DatabaseSync(at, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const rows = tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${name}"`).all()] as const);
  db.close();
  return Object.fromEntries(rows);
};

test('R18 a snapshot of version 2 keeps every row when it is installed, and the log goes on behind it', async () => {
  writeFileSync(path, gunzipSync(readFileSync(version2)));
  const before = rowsOf(path);
  expect(Object.values(before).flat().length).toBeGreaterThan(500);
  const database = join(folder, 'chat.db');
  const chat = openChat(database);
  await chat.install(path);
  chat.close();
  const withRequests = ({ ...row }: object): object => ({ ...row, request: null });
  expect(rowsOf(database)).toEqual({
    ...before,
    outcomes: before.outcomes?.map(withRequests),
    outcomes_ahead: before.outcomes_ahead?.map(withRequests),
    ...{ requests: [], processed: [], takeovers: [] },
  });
  expect(rowsOf(path)).toEqual(before);

  const again = openChat(database);
  const s = scene(again);
  while (s.log.entries.length < 930) s.log.mark();
  const ana = again.users()[0]?.id ?? '';
  expect(s.run('system', 'request.run', { user: ana }).outcome).toEqual({ ok: true, request: 'data-1' });
  expect(s.say(ana, 'message.post', { room: 'general', text: 'and on' })).toBe('ok');
  // Made anew, the tables are the same: nothing was added in another place or form than where it is today.
  const tablesOf = (at: string): unknown => {
    const db = new DatabaseSync(at, { readOnly: true });
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    const columns = db.prepare('SELECT * FROM pragma_table_info(?)');
    const all = tables.map(({ name }) => [name, columns.all(String(name))]);
    db.close();
    return all;
  };
  openChat(join(folder, 'new.db')).close();
  expect(tablesOf(database)).toEqual(tablesOf(join(folder, 'new.db')));
  again.close();
});

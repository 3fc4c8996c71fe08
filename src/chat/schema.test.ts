import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChat } from './index.ts';
import { indexOfKey, messageKey, roomOfKey } from './schema.ts';

let path: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
  path = join(folder, 'chat.db');
});
afterEach(() => rm(folder, { recursive: true }));

const alter = (sql: string): void => {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
};

test('a database of a newer version is refused, and says what to do', () => {
  openChat(path).close();
  alter('PRAGMA user_version = 99');
  expect(() => openChat(path)).toThrow(/newer Estafet \(database version 99.*rebuilt from the log/);
});

test('another program’s database is refused', () => {
  alter('CREATE TABLE things (a)');
  expect(() => openChat(path)).toThrow(/another program/);
});

test('what is not a database is refused', async () => {
  await writeFile(path, 'not a database, though long enough to have a header of one hundred bytes'.repeat(10));
  expect(() => openChat(path)).toThrow(/not a database/);
});

test('retention that the steps do not divide is refused', () => {
  const retention = { outcomesKeptPositions: 45, eventsKeptPositions: 20, stepPositions: 10 };
  expect(() => openChat(path, retention)).toThrow(/multiples of the step/);
});

test('two servers’ databases are two', () => {
  const [one, two] = [openChat(path), openChat(join(folder, 'other.db'))];
  expect(one.contentHash()).toBe(two.contentHash());
  one.close();
  two.close();
});

test('message keys sort by room, then by index', () => {
  const last = 2 ** 38 - 1;
  expect(messageKey(1, last)).toBeLessThan(messageKey(2, 0));
  expect(Number.isSafeInteger(messageKey(2 ** 15 - 1, last))).toBe(true);
  expect([roomOfKey(messageKey(7, last)), indexOfKey(messageKey(7, last))]).toEqual([7, last]);
});

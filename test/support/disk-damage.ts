/** Turns bits of files over, and cuts them short, as disks do; and looks at what a server made of it. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Turns one bit over at `at`, a part of the file's length. */
export const flip = (path: string, at: number): void => {
  const file = openSync(path, 'r+');
  try {
    const position = Math.min(Math.floor(statSync(path).size * at), statSync(path).size - 1);
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, position);
    byte[0]! ^= 0x10;
    writeSync(file, byte, 0, 1, position);
  } finally {
    closeSync(file);
  }
};

/** Turns one bit over in the middle of `text`, where the file has it last. */
export const flipIn = (path: string, text: string): void => {
  const at = readFileSync(path).lastIndexOf(text);
  if (at < 0) throw new Error(`${path} does not have ${text}`);
  flip(path, (at + text.length / 2 + 0.5) / statSync(path).size);
};

/** Makes nonsense of a stretch of the file, from `at`, a part of its length, or from where it has this text. */
export const scramble = (path: string, at: number | string, bytes: number): void => {
  const from = typeof at === 'number' ? Math.floor(statSync(path).size * at) : readFileSync(path).indexOf(at);
  if (from < 0) throw new Error(`${path} does not have ${at}`);
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(bytes, 0xa5), 0, bytes, from);
  } finally {
    closeSync(file);
  }
};

/** Makes nonsense of the page with which a table of a database begins. Nobody may have the database open. */
export const scrambleTable = (path: string, table: string): void => {
  const db = new DatabaseSync(path, { readOnly: true });
  const root = Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.rootpage);
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.page_size);
  db.close();
  scramble(path, ((root - 1) * pageBytes) / statSync(path).size, pageBytes);
};

/** Keeps only the beginning, a part of the file's length. */
export const cut = (path: string, keep: number): void => truncateSync(path, Math.floor(statSync(path).size * keep));

/** Copies of logs that were found damaged and put aside. */
export const putAside = (data: string, name: string): string[] =>
  readdirSync(join(data, name)).filter((file) => file.startsWith('damaged-'));

/** Sentences of at least this level (40 is a warning) in the server's own log. */
export const logged = (data: string, name: string, level = 40): string[] =>
  readFileSync(join(data, name, 'server.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter((line) => line.level >= level)
    .map(({ msg }) => msg);

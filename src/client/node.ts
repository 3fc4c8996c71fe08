/**
 * `estafet/client/node`: what a program in Node can have beside the SDK, apart from its door because browsers have no
 * SQLite. An outbox in a file: commands survive the end of the program, however it ends.
 */
import { DatabaseSync } from 'node:sqlite';
import { EstafetError } from '../protocol/index.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';

const sqliteFull = 13;

const refusal = (path: string, cause: unknown): EstafetError => {
  const full = cause instanceof Error && 'errcode' in cause && cause.errcode === sqliteFull;
  return new EstafetError(full ? 'storage-full' : 'storage-refused', `The outbox in ${path} does not work.`, { cause });
};

interface Row {
  readonly id: string;
  readonly kind: OutboxEntry['kind'];
  readonly body: string;
  readonly by: string | null;
}

/**
 * An outbox in an SQLite file, made if it is not there. One program at a time: a file that another one has open is refused.
 * A command is on the disk before `add` returns.
 * @throws EstafetError `storage-refused`, `storage-full`
 */
export const sqliteOutbox = (path: string): Outbox => {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw refusal(path, cause);
    }
  };
  const { database, add, remove, all } = attempt(() => {
    const opened = new DatabaseSync(path);
    opened.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS entries
        (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL, by TEXT);
      BEGIN IMMEDIATE;
      COMMIT;`);
    return {
      database: opened,
      add: opened.prepare('INSERT OR IGNORE INTO entries (id, kind, body, by) VALUES (?, ?, ?, ?)'),
      remove: opened.prepare('DELETE FROM entries WHERE id = ?'),
      all: opened.prepare('SELECT id, kind, body, by FROM entries ORDER BY seq'),
    };
  });
  return {
    lasting: true,
    add: ({ id, kind, body, by }) => void attempt(() => add.run(id, kind, JSON.stringify(body), by)),
    remove: (id) => void attempt(() => remove.run(id)),
    all: () =>
      attempt(() => (all.all() as unknown as Row[]).map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }))),
    close: () => database.close(),
  };
};

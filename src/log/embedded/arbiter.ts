/**
 * Who may be primary: whoever holds the exclusive lock on `lock.db`, which the kernel lets go when its holder dies. The
 * manifest is a table of that same file, so that holding the lock and being able to write the manifest are one thing.
 *
 * Nothing else may open this file, ever: on POSIX, closing any descriptor of it anywhere in the holder's process drops
 * the lock.
 */
import { DatabaseSync } from 'node:sqlite';
import type { Manifest } from './replica/effects.ts';

const sqliteBusy = 5;

/** What a try for the lock came to. */
export type LockResult = { readonly gained: false } | { readonly gained: true; readonly manifest: Manifest | null };

export class Arbiter {
  readonly #path: string;
  #db: DatabaseSync | null = null;
  #held = false;

  constructor(path: string) {
    this.#path = path;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Takes the lock if nobody has it. Returns at once either way; throws when the file cannot be used. */
  tryLock(): LockResult {
    if (this.#held) throw new Error('the lock is held already');
    this.#db ??= new DatabaseSync(this.#path, { timeout: 0 });
    try {
      this.#db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      if ((error as { errcode?: number }).errcode === sqliteBusy) return { gained: false };
      throw error;
    }
    // In this mode the end of a transaction keeps the lock. It must not be set earlier: a try that fails would then
    // keep its shared lock, and two that try would shut each other out for ever.
    this.#db.exec('PRAGMA locking_mode = EXCLUSIVE');
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS manifest (one INTEGER PRIMARY KEY CHECK (one = 1), json TEXT NOT NULL) STRICT',
    );
    this.#db.exec('COMMIT');
    // The journal is kept and written over: a takeover waits for the manifest, and a file that grows and shrinks takes longer.
    this.#db.exec('PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL');
    this.#held = true;
    const row = this.#db.prepare('SELECT json FROM manifest').get() as { json: string } | undefined;
    return { gained: true, manifest: row === undefined ? null : (JSON.parse(row.json) as Manifest) };
  }

  /** Makes the manifest durable. Only the holder can. */
  write(manifest: Manifest): void {
    if (this.#db === null || !this.#held) throw new Error('the manifest is the lock holder’s to write');
    this.#db
      .prepare('INSERT INTO manifest VALUES (1, ?) ON CONFLICT DO UPDATE SET json = excluded.json')
      .run(JSON.stringify(manifest));
  }

  /** Lets the lock go. */
  release(): void {
    this.#held = false;
    this.#db?.close();
    this.#db = null;
  }
}

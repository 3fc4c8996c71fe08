/** A thread that writes the chat database as it is now into a new file, while the server goes on with its own. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

// Nobody waits for it, and the servers of a cluster begin theirs at the same entry.
try {
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), 10);
} catch {
  // Only Linux gives threads priorities of their own.
}
const { database, path } = workerData as { readonly database: string; readonly path: string };
const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
try {
  db.prepare('VACUUM INTO ?').run(path);
} finally {
  db.close();
}

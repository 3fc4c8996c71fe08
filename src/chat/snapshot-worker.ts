/** A thread that writes the chat database as it is now into a new file, while the server goes on with its own. */
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

const { database, path } = workerData as { readonly database: string; readonly path: string };
const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
try {
  db.prepare('VACUUM INTO ?').run(path);
} finally {
  db.close();
}

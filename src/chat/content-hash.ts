/** Rule 20: the same log gives the same content everywhere. Byte for byte the files differ (pages, free lists); the rows do not. */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/**
 * SHA-256, in hexadecimal, over every row of every table: tables by name, rows by primary key, a row as the JSON of its
 * values. Reads the whole database: milliseconds for thousands of messages, seconds for millions.
 */
export const contentHash = (db: DatabaseSync): string => {
  const hash = createHash('sha256');
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  for (const { name } of tables) {
    const keys = db.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(String(name));
    const order = keys.map((key) => `"${key.name}"`).join(', ');
    hash.update(`${name}\n`);
    const rows = db.prepare(`SELECT * FROM "${name}" ORDER BY ${order}`);
    rows.setReturnArrays(true);
    for (const row of rows.iterate()) hash.update(`${JSON.stringify(row)}\n`);
  }
  return hash.digest('hex');
};

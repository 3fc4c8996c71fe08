/** Tells a chat database that is not what was written, cannot be read, or is of other days, from a bug. */

import { OutdatedDatabase } from './schema.ts';

/** SQLite's primary result codes (https://sqlite.org/rescode.html): IOERR; CORRUPT and NOTADB. */
const ioError = 10;
const corrupt = [11, 26];

const codeOf = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;

/** Whether the database is not what was written there. It can be made again from the log. */
export const isDamaged = (error: unknown): boolean => corrupt.includes(codeOf(error));

/** Whether the database is one that an older Estafet made. It can be made again from the log. */
export const isOutdated = (error: unknown): boolean => error instanceof OutdatedDatabase;

/** Whether nothing that this database answers can be relied on any more. */
export const isBroken = (error: unknown): boolean => isDamaged(error) || codeOf(error) === ioError;

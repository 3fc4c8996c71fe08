/** Which failures are the disk's (or the machine's), and which are a mistake that is the same on every server. */

/** SQLite's primary result codes for what depends on the statement and the data alone. */
const deterministic: ReadonlySet<number> = new Set([
  1, // SQLITE_ERROR
  18, // SQLITE_TOOBIG
  19, // SQLITE_CONSTRAINT
  20, // SQLITE_MISMATCH
  21, // SQLITE_MISUSE
  25, // SQLITE_RANGE
]);

/** Whether nothing further may be applied by this process: full, damaged or busy disk, no memory. */
export const isDiskFailure = (error: unknown): boolean => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return !deterministic.has(error.errcode & 0xff);
};

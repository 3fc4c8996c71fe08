/** Whether something built is as new as what it was built from, told by modification times alone: it must be quick. */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The newest modification time under `path`, a file or a folder, in ms since 1970; 0 when there is nothing. */
const newestUnder = (path: string): number => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  let newest = stats.mtimeMs;
  if (!stats.isDirectory()) return newest;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    // A file may go meanwhile, and an editor's lock may lead nowhere.
    newest = Math.max(
      newest,
      entry.isDirectory() ? newestUnder(inside) : (lstatSync(inside, { throwIfNoEntry: false })?.mtimeMs ?? 0),
    );
  }
  return newest;
};

/**
 * Whether `built` is there and not older than any of `sources` (files or folders; those that do not exist are passed
 * over). A folder's own time counts, so that removing a source is noticed too.
 */
export const isFresh = (built: string, sources: readonly string[]): boolean => {
  const stats = statSync(built, { throwIfNoEntry: false });
  return stats !== undefined && sources.every((source) => newestUnder(source) <= stats.mtimeMs);
};

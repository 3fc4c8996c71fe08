/**
 * Where a server's folder goes when the server is wiped or removed: `<data>/aside/<name>-<time>`, with all that was in
 * it. Beside the servers' folders it would still count as one of theirs.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const asideFolder = 'aside';

/**
 * Puts the folder of a stopped server aside; earlier ones of the same name are deleted.
 * @returns where it is now
 */
export const putAside = (data: string, name: string): string => {
  const aside = join(data, asideFolder);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  const earlier = readdirSync(aside).filter((entry) => entry.startsWith(`${name}-`));
  const place = join(aside, `${name}-${Date.now()}`);
  renameSync(join(data, name), place);
  for (const entry of earlier) dropAside(join(aside, entry));
  return place;
};

/** Deletes what was put aside at `place`. */
export const dropAside = (place: string): void => rmSync(place, { recursive: true, force: true });

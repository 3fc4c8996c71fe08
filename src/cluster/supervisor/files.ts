/** Small JSON files that other processes read while they are written: they see all of a file, or none of it. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { systemCode } from './refusal.ts';

const besides = (path: string): string => `${path}.${process.pid}.new`;

/** Does something with a new file beside `path` that holds `text`, and leaves nothing of it when it could not. */
const withFresh = <Result>(path: string, text: string, mode: number, use: (fresh: string) => Result): Result => {
  const fresh = besides(path);
  try {
    writeFileSync(fresh, text, { mode });
    return use(fresh);
  } finally {
    rmSync(fresh, { force: true });
  }
};

/** Puts `text` at `path`, over whatever was there. */
export const replaceFile = (path: string, text: string, mode = 0o644): void =>
  withFresh(path, text, mode, (fresh) => renameSync(fresh, path));

const createDirectly = (path: string, text: string, mode: number): boolean => {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
};

/** Puts `text` at `path` if there is nothing yet. Of several processes that race, one gets true. */
export const createFile = (path: string, text: string, mode = 0o644): boolean =>
  withFresh(path, text, mode, (fresh) => {
    try {
      linkSync(fresh, path);
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(systemCode(error))) throw error;
      // A file system without hard links. The file is whole a moment later, which is the best it allows.
      return createDirectly(path, text, mode);
    }
  });

/** What is in a JSON file; undefined when it is missing or is not JSON. */
export const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

export const removeFile = (path: string): void => rmSync(path, { force: true });

/** Removes a file if `isStale` says so of what is in it, and not one that another process has put there meanwhile. */
export const removeStaleFile = (path: string, isStale: (content: unknown) => boolean): void => {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (!isStale(readJson(aside))) createFile(path, readFileSync(aside, 'utf8'));
  removeFile(aside);
};

/**
 * Snapshots of the chat: the whole database in one file, as it was when everything up to one entry had been applied.
 * Whether such a file is durable, whole and of the right log is the log's business.
 */
import { constants, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { findPieces, type PieceName } from './queries/files.ts';
import { checkDatabase, databaseVersion } from './schema.ts';

/** The newest entry that a snapshot holds. */
export interface SnapshotPlace {
  readonly index: number;
  /** The log's chain there: 32 bytes. */
  readonly hash: Uint8Array;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * Writes what the chat database at `database` holds now into a new file at `path`, in a thread of its own. The file is
 * not synced. Rejects when it cannot be written whole; what is there then is of no use.
 */
export const writeSnapshot = (database: string, path: string, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./snapshot-worker.${extension}`, import.meta.url), {
      workerData: { database, path },
    });
    worker.once('error', (error) => {
      rmSync(path, { force: true });
      reject(error);
    });
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error('the snapshot was given up'))));
    const giveUp = (): void => void worker.terminate();
    if (signal?.aborted === true) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });

/** About how many bytes a snapshot of the database at `database` would have: what it and its write-ahead log have. */
export const snapshotBytes = (database: string): number =>
  ['', '-wal'].reduce((sum, suffix) => sum + (statSync(database + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);

/** Reads which entry the snapshot at `path` was made at. Throws when it is no chat database, or a newer Estafet's. */
export const snapshotPlace = (path: string): SnapshotPlace => {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkDatabase(db, path);
    const row = db.prepare('SELECT idx, hash FROM position').get();
    return { index: Number(row?.idx), hash: Buffer.from(String(row?.hash), 'hex') };
  } finally {
    db.close();
  }
};

/** The pieces of files that the snapshot at `path` refers to. Throws when it is no chat database, or a newer Estafet's. */
export const snapshotPieces = (path: string): readonly PieceName[] => {
  // Version 1 knew no files, and a snapshot stays of its version until it is installed.
  if (databaseVersion(path) === 1) return [];
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkDatabase(db, path);
    return findPieces(db)('', Number.MAX_SAFE_INTEGER);
  } finally {
    db.close();
  }
};

/** Copies a file and syncs the copy: half of one must never take a database's place. Gives the copy's path. */
export const copyDurably = async (from: string, to: string): Promise<string> => {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return to;
};

/** Puts a copy in the place of a database that nobody here has open. */
export const replaceDatabase = (database: string, copy: string): void => {
  // The side files first: they would be taken for the new database's.
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  renameSync(copy, database);
};

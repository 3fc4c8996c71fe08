/**
 * The pieces of files on one server's disk, each under its SHA-256: `ab/ab12…`. A piece is written beside its place,
 * synced, and moved there, so that what stands under a name is whole; what came of a crash has no name and is removed at
 * the next start. The store knows nothing of files: what a piece is for, and whether it is still needed, is in the chat
 * database. It never decides that something may go.
 */
import { hash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Pieces written or read at the same time. */
const atOnceMax = 8;

const namePattern = /^[0-9a-f]{64}$/;

/** SHA-256 of some bytes, hexadecimal, made beside the event loop. */
export const hashOf = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');

/** A piece is not on this disk, or is not what was written there. */
export class DamagedPiece extends Error {
  readonly reason: 'missing' | 'rotten';
  constructor(hash: string, reason: 'missing' | 'rotten', options?: ErrorOptions) {
    super(`the piece ${hash} is ${reason}`, options);
    this.name = 'DamagedPiece';
    this.reason = reason;
  }
}

/** Works through a list, a few at a time. Rejects with the first failure once all that had begun have ended. */
export const eachOf = async <T>(list: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> => {
  const iterator = list[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && failures.length === 0; next = iterator.next()) {
      await work(next.value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, lane));
  if (failures.length > 0) throw failures[0];
};

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Where a piece lies in a folder of pieces. Throws when that is no name of one. */
const piecePath = (folder: string, name: string): string => {
  if (!namePattern.test(name)) throw new Error(`no name of a piece: ${JSON.stringify(name)}`);
  return join(folder, name.slice(0, 2), name);
};

/**
 * The bytes of a piece in a folder of pieces, one's own or another server's. They are what their name says. Rejects with
 * `DamagedPiece` when they are not there, or others.
 */
export const readPiece = async (folder: string, name: string): Promise<Buffer<ArrayBuffer>> => {
  const bytes = await readFile(piecePath(folder, name)).catch((cause: unknown) => {
    const isMissing = Object(cause).code === 'ENOENT';
    throw new DamagedPiece(name, isMissing ? 'missing' : 'rotten', { cause });
  });
  if (hash('sha256', bytes, 'hex') !== name) throw new DamagedPiece(name, 'rotten');
  return bytes as Buffer<ArrayBuffer>;
};

export class PieceStore {
  readonly folder: string;
  readonly #newFolder: string;
  /** Folders that are there, durably. */
  readonly #folders = new Set<string>();
  /** Pieces that must stay although the chat database does not refer to them: it is about to be replaced by one that does. */
  #pinned: ReadonlySet<string> = new Set();
  #count = 0;

  /** @param folder is made when it is not there; whatever was half written in it is removed */
  constructor(folder: string) {
    this.folder = folder;
    this.#newFolder = join(folder, 'new');
    rmSync(this.#newFolder, { recursive: true, force: true });
    mkdirSync(this.#newFolder, { recursive: true, mode: 0o700 });
  }

  /**
   * Has these pieces on disk, durably. Those that are there already, whole, are not written again: what has rotted since
   * is not what somebody brings now. Rejects with the disk's error: then nothing is known of what is there.
   * @param pieces their bytes, by SHA-256
   * @param replace writes also what is there already
   */
  async keep(pieces: ReadonlyMap<string, Uint8Array>, replace = false): Promise<void> {
    const folders = new Set<string>();
    for (const hash of pieces.keys()) folders.add(hash.slice(0, 2));
    await this.#makeFolders(folders);
    await eachOf(pieces, async ([hash, bytes]) => {
      const path = piecePath(this.folder, hash);
      if (!replace && (await this.#hasWhole(hash, bytes.length))) return;
      const beside = join(this.#newFolder, `${hash}-${this.#count++}`);
      const file = await open(beside, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    });
    // Also of those that were there: the one who moved them there may have been killed before it did this.
    await eachOf(folders, (name) => syncFolder(join(this.folder, name)));
  }

  /** Whether a piece of that size is there. What is in it, `read` finds out. */
  async has(hash: string, size: number): Promise<boolean> {
    const found = await stat(piecePath(this.folder, hash)).catch(() => null);
    return found?.size === size;
  }

  async #hasWhole(hash: string, size: number): Promise<boolean> {
    if (!(await this.has(hash, size))) return false;
    return this.read(hash).then(
      () => true,
      () => false,
    );
  }

  /** See `readPiece`. */
  read(name: string): Promise<Buffer<ArrayBuffer>> {
    return readPiece(this.folder, name);
  }

  /** These pieces stay, whatever `remove` is told, until this is said of others. */
  pin(hashes: Iterable<string>): void {
    this.#pinned = new Set(hashes);
  }

  /** Removes pieces, but for those that are pinned. One that is not there is no failure. */
  async remove(hashes: Iterable<string>): Promise<void> {
    await eachOf(hashes, async (hash) => {
      if (!this.#pinned.has(hash)) await rm(piecePath(this.folder, hash), { force: true });
    });
  }

  /** The names of all pieces that are there, folder by folder. */
  async *list(): AsyncGenerator<readonly string[]> {
    for (const name of await readdir(this.folder)) {
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      const names = await readdir(join(this.folder, name));
      yield names.filter((piece) => namePattern.test(piece) && piece.startsWith(name));
    }
  }

  async #makeFolders(names: Iterable<string>): Promise<void> {
    const missing = [...names].filter((name) => !this.#folders.has(name));
    if (missing.length === 0) return;
    await eachOf(missing, async (name) => {
      await mkdir(join(this.folder, name), { recursive: true, mode: 0o700 });
    });
    await syncFolder(this.folder);
    for (const name of missing) this.#folders.add(name);
  }
}

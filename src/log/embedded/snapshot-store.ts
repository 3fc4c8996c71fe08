/**
 * The snapshots in a replica's folder: one that counts, named by `snapshot.json`, and perhaps another that is being made
 * or copied. A snapshot counts once its file and its name are durable (rule 18); what is half made never does.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../protocol/index.ts';
import type { Base, Point } from './replica/entry.ts';

/** A snapshot: the place it is of, and the file that has it. */
export interface Snapshot extends Base {
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 over the file, hexadecimal. */
  readonly sha256: string;
}

/** How much of a snapshot has been copied, in bytes. */
export type Progress = (done: number, of: number) => void;

/** What is asked of a snapshot that is copied, before it counts. */
export interface CopyChecks {
  /** Why a snapshot of this place is not wanted, or null. */
  readonly objection: (theirs: Base) => string | null;
  /** What place is written in a file. */
  readonly readPlace: (path: string) => Point;
  /** Has what belongs to a file, and is not in it, durable on this disk. */
  readonly complete: (path: string) => Promise<void>;
}

/** A snapshot cannot be used: it is gone, or is not what it was. The message says which, of whose. */
export class UnusableSnapshot extends Error {}

/** There is too little room on this disk for a snapshot beside what the log needs. */
export class NoRoom extends Error {}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

const folderIn = (replica: string): string => join(replica, 'snapshots');
const nameIn = (folder: string): string => join(folder, 'snapshot.json');

const isSnapshot = (value: unknown): value is Omit<Snapshot, 'hash'> & { readonly hash: string } => {
  if (typeof value !== 'object' || value === null) return false;
  const { index, epoch, at, hash, file, bytes, sha256 } = value as Record<string, unknown>;
  const numbers = [index, epoch, at, bytes].every((number) => Number.isSafeInteger(number) && Number(number) >= 0);
  const isHash = (text: unknown): boolean => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
  // The name comes from another server's folder: it must not lead out of it.
  return numbers && isHash(hash) && isHash(sha256) && typeof file === 'string' && /^[\w-]+\.snapshot$/.test(file);
};

/**
 * The snapshot that counts in a folder, or null when there is none, or its name says nothing sensible. Throws when the
 * disk cannot tell: then there may well be one.
 */
const readName = (folder: string): Snapshot | null => {
  let text: string;
  try {
    text = readFileSync(nameIn(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isSnapshot(value) ? { ...value, hash: Buffer.from(value.hash, 'hex') } : null;
  } catch {
    return null;
  }
};

/** What goes wrong with somebody else's snapshot makes it unusable, and is no fault of this disk. */
const theirFault = (error: unknown): never => {
  throw new UnusableSnapshot(`it cannot be read: ${error instanceof Error ? error.message : error}`);
};

const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Reads a file to its end, in chunks, and says what is in it. */
const digest = async (
  file: FileHandle,
  each: (chunk: Uint8Array, done: number) => Promise<void>,
  onReadError: (error: unknown) => never = (error) => {
    throw error;
  },
): Promise<{ readonly bytes: number; readonly sha256: string }> => {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(limits.snapshotChunkBytes);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, bytes).catch(onReadError);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    bytes += bytesRead;
    await each(chunk, bytes);
  }
};

const nothing = async (): Promise<void> => {};

export class SnapshotStore {
  readonly #folder: string;
  #current: Snapshot | null;

  /** @param replica the replica's folder */
  constructor(replica: string) {
    this.#folder = folderIn(replica);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#current = readName(this.#folder);
    if (this.#current !== null && !existsSync(this.pathOf(this.#current))) this.#current = null;
    this.#sweep();
  }

  /** The snapshot that counts. */
  get current(): Snapshot | null {
    return this.#current;
  }

  pathOf({ file }: Snapshot): string {
    return join(this.#folder, file);
  }

  /** Where a new snapshot of `index` may be written; no file is there. */
  newPath(index: number | string): string {
    return join(this.#folder, `${index}-${randomUUID().slice(0, 8)}.snapshot`);
  }

  /** Makes the file at `path`, one of `newPath`, the snapshot that counts. Rejects when it cannot be made durable. */
  async keep(path: string, { index, hash, epoch, at }: Base): Promise<Snapshot> {
    const file = await open(path, 'r+');
    try {
      await file.sync();
      return this.#publish({
        index,
        hash,
        epoch,
        at,
        file: path.slice(this.#folder.length + 1),
        ...(await digest(file, nothing)),
      });
    } finally {
      await file.close();
    }
  }

  /**
   * Copies the snapshot that counts in a sibling's folder, and makes it the one that counts here.
   * Rejects with `UnusableSnapshot` when it is not there, not wanted or not whole, and with the disk's error when it
   * cannot be written here.
   */
  async copyFrom(
    sibling: string,
    { objection, readPlace, complete }: CopyChecks,
    progress: Progress,
  ): Promise<Snapshot> {
    const folder = folderIn(sibling);
    let theirs: Snapshot | null;
    try {
      theirs = readName(folder);
    } catch (error) {
      return theirFault(error);
    }
    if (theirs === null) throw new UnusableSnapshot('it has none');
    const reason = objection(theirs);
    if (reason !== null) throw new UnusableSnapshot(reason);
    const { current } = this;
    if (current?.sha256 === theirs.sha256 && current.index === theirs.index && (await this.isWhole(current))) {
      await complete(this.pathOf(current));
      return current;
    }
    await this.requireRoom(theirs.bytes);
    const path = this.newPath(theirs.index);
    try {
      await this.#copy(join(folder, theirs.file), path, theirs, progress);
      const found = readPlace(path);
      if (found.index !== theirs.index || Buffer.compare(found.hash, theirs.hash) !== 0) {
        throw new UnusableSnapshot(`it says ${theirs.index}, and holds ${found.index}`);
      }
      await complete(path);
      return this.#publish({ ...theirs, file: path.slice(this.#folder.length + 1) });
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Rejects when a file of so many bytes would leave the log too little of the disk. */
  async requireRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    const free = bavail * bsize;
    const needed = bytes + limits.snapshotReserveBytes;
    if (free < needed) throw new NoRoom(`it needs ${megabytes(needed)} of the disk, and ${megabytes(free)} are free`);
  }

  /** Whether the snapshot that counts is still what was written. */
  async isWhole(snapshot: Snapshot): Promise<boolean> {
    const file = await open(this.pathOf(snapshot), 'r').catch(() => null);
    if (file === null) return false;
    try {
      const { bytes, sha256 } = await digest(file, nothing);
      return bytes === snapshot.bytes && sha256 === snapshot.sha256;
    } catch {
      return false;
    } finally {
      await file.close();
    }
  }

  async #copy(from: string, to: string, expected: Snapshot, progress: Progress): Promise<void> {
    const source = await open(from, 'r').catch(theirFault);
    let target: FileHandle | null = null;
    try {
      target = await open(to, 'wx', 0o600);
      const copy = target;
      const write = async (chunk: Uint8Array, done: number): Promise<void> => {
        await copy.writeFile(chunk);
        progress(done, expected.bytes);
      };
      const { bytes, sha256 } = await digest(source, write, theirFault);
      if (bytes !== expected.bytes || sha256 !== expected.sha256) {
        throw new UnusableSnapshot(
          `its file is damaged: ${bytes} of ${expected.bytes} bytes, or others than were written`,
        );
      }
      await target.sync();
    } finally {
      await source.close();
      await target?.close();
    }
  }

  #publish(snapshot: Snapshot): Snapshot {
    const name = nameIn(this.#folder);
    const text = JSON.stringify({ ...snapshot, hash: Buffer.from(snapshot.hash).toString('hex') });
    const descriptor = openSync(`${name}.new`, 'w', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${name}.new`, name);
    syncFolder(this.#folder);
    this.#current = snapshot;
    this.#sweep();
    return snapshot;
  }

  /** Removes every file that does not count. Whoever is reading one goes on reading it. */
  #sweep(): void {
    for (const file of readdirSync(this.#folder)) {
      if (file === 'snapshot.json' || file === this.#current?.file) continue;
      rmSync(join(this.#folder, file), { force: true });
    }
  }
}

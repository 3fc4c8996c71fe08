/**
 * Brings uploads in: what a client sends is cut into chunks, and each chunk is a command in the log. What is committed is
 * on the disk of every server in sync, so the offset that a client is told holds at every server, and an upload goes on
 * at any of them. Two servers that take the same upload at once cannot both: a chunk that does not fit behind what is
 * there is refused when it is applied.
 *
 * At most a few chunks are on their way at a time, of one upload and of all: what waits in the log behind them is other
 * people's messages. While they are, nothing more is read from the socket.
 */
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { UploadState } from '../../chat/index.ts';
import { type CommandBody, EstafetError, newCommandId, systemUser } from '../../protocol/index.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits } from '../options.ts';
import { chunksOf } from './chunks.ts';
import { Digests } from './digests.ts';
import type { Library } from './library.ts';
import { Slots } from './slots.ts';

/** The part of a chat that uploads look at. */
interface Known {
  upload(id: string): UploadState | null;
  uploadPieces(id: string): Parameters<Library['read']>[0];
}

interface Reception {
  readonly stream: Readable;
  readonly ended: Promise<unknown>;
}

/**
 * The disk is looked at after so many bytes of all uploads together. Each of them goes to it several times, into the log
 * and among the pieces of every server that shares it, so that must be far less than what is kept free.
 */
const roomCheckBytes = 2 * 1024 * 1024;

export class Uploads {
  readonly #commands: Commands;
  readonly #chat: Known;
  readonly #library: Library;
  readonly #limits: EdgeLimits;
  readonly #dataDir: string;
  readonly #slots: Slots;
  readonly #digests: Digests;
  readonly #receiving = new Map<string, Reception>();
  readonly #finishing = new Map<string, Promise<void>>();
  /** What has come since the disk was looked at. */
  #uncheckedBytes = Number.POSITIVE_INFINITY;

  /** @param dataDir a folder on the disk whose free space counts */
  constructor(commands: Commands, chat: Known, library: Library, limits: EdgeLimits, dataDir: string) {
    this.#commands = commands;
    this.#chat = chat;
    this.#library = library;
    this.#limits = limits;
    this.#dataDir = dataDir;
    this.#slots = new Slots(limits.uploadChunksInFlightMax);
    this.#digests = new Digests(2 * limits.uploadsAtOnceMax);
  }

  /**
   * Begins an upload; gives its id.
   * @param copies on how many servers' disks it will be
   */
  async open(body: CommandBody<'upload.open'>, copies: number): Promise<string> {
    if (body.size > this.#limits.fileMaxBytes) throw new EstafetError('file-too-large');
    await this.#requireRoom(body.size * copies);
    const id = newCommandId();
    await this.#commands.run({ id, by: systemUser, kind: 'upload.open', body });
    if (body.size === 0) await this.finish(id);
    return id;
  }

  /**
   * Takes what a client sends of an upload, from its present offset on. Resolves with the offset that is committed, once
   * all that came is. The upload is finished when it is whole.
   */
  async receive(upload: UploadState, stream: Readable): Promise<number> {
    const { id } = upload;
    if (this.#receiving.size >= this.#limits.uploadsAtOnceMax) throw new EstafetError('overloaded');
    const reception = this.#take(upload, stream);
    const entry = { stream, ended: reception.catch(() => {}) };
    this.#receiving.set(id, entry);
    try {
      const offset = await reception;
      if (offset === upload.size) await this.finish(id);
      return offset;
    } finally {
      if (this.#receiving.get(id) === entry) this.#receiving.delete(id);
    }
  }

  /** Ends what is still being received of an upload: its client has come anew. Resolves when its end is known. */
  async interrupt(id: string): Promise<void> {
    const reception = this.#receiving.get(id);
    if (reception === undefined) return;
    reception.stream.destroy();
    await reception.ended;
  }

  /** Makes a file of an upload whose bytes are all there. Doing it twice is harmless. Rejects with `checksum-mismatch`. */
  finish(id: string): Promise<void> {
    const finishing = this.#finishing.get(id) ?? this.#finish(id).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  /** Gives an upload up, or a file that nothing uses. */
  async cancel(id: string): Promise<void> {
    await this.interrupt(id);
    this.#digests.forget(id);
    await this.#commands.run({ id: newCommandId(), by: systemUser, kind: 'upload.cancel', body: { upload: id } });
  }

  async #take({ id, offset, size }: UploadState, stream: Readable): Promise<number> {
    const window: Promise<void>[] = [];
    let submitted = offset;
    let committed = offset;
    const failures: unknown[] = [];
    for await (const chunk of chunksOf(stream, this.#limits.uploadChunkBytes)) {
      if (submitted + chunk.length > size)
        failures.push(new EstafetError('too-large', 'More came than was announced.'));
      if (window.length >= this.#limits.uploadWindowChunks) await window.shift();
      await this.#slots.take();
      await this.#checkRoom(chunk.length).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) {
        this.#slots.release();
        break;
      }
      const at = submitted;
      submitted += chunk.length;
      window.push(
        this.#write(id, at, chunk)
          .then(
            () => {
              committed = at + chunk.length;
              this.#digests.add(id, at, chunk);
            },
            (error: unknown) => failures.push(error),
          )
          .then(() => this.#slots.release()),
      );
    }
    await Promise.all(window);
    if (failures.length > 0) throw failures[0];
    return committed;
  }

  async #write(upload: string, offset: number, chunk: Uint8Array): Promise<void> {
    const body = { upload, offset };
    await this.#commands.run({ id: newCommandId(), by: systemUser, kind: 'upload.write', body }, chunk);
  }

  async #finish(id: string): Promise<void> {
    const size = this.#chat.upload(id)?.size ?? 0;
    const sha256 = this.#digests.of(id, size) ?? (await this.#hashPieces(id, size));
    const body = { upload: id, sha256 };
    try {
      await this.#commands.run({ id: newCommandId(), by: systemUser, kind: 'upload.finish', body });
    } catch (error) {
      // Another server has been faster.
      if (!(error instanceof EstafetError && error.code === 'upload-finished')) throw error;
    }
  }

  async #hashPieces(id: string, size: number): Promise<string> {
    const hash = createHash('sha256');
    const whole = { first: 0, last: size - 1 };
    for await (const bytes of this.#library.read(this.#chat.uploadPieces(id), whole)) hash.update(bytes);
    return hash.digest('hex');
  }

  /** So many bytes are about to go to the disk: looks at it now and then. Rejects with `disk-full`. */
  async #checkRoom(bytes: number): Promise<void> {
    this.#uncheckedBytes += bytes;
    if (this.#uncheckedBytes > roomCheckBytes) await this.#requireRoom(0);
  }

  /** Rejects with `disk-full` when so many bytes more would leave this server's disk too little for the chat. */
  async #requireRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#dataDir);
    if (bavail * bsize < bytes + this.#limits.uploadReserveBytes) throw new EstafetError('disk-full');
    this.#uncheckedBytes = 0;
  }
}

/**
 * Has the pieces of files on this server's disk before the chat database refers to them, and lets them go after it has
 * ceased to (rule 18). Whatever is in the database is so on the disk; what a crash leaves over is not in the database,
 * and swept away at the next start.
 *
 * Bringing pieces and letting them go take turns: a piece that is on the disk and not in the database yet must not be
 * taken for one that is there no more.
 */
import type { Applied, Chat } from '../../chat/index.ts';
import { hashOf, type PieceStore } from '../../files/index.ts';
import type { Committed } from '../../log/index.ts';
import { splitCommandBody } from '../../protocol/index.ts';
import { Slots } from './slots.ts';

/** Entries as the chat machine takes them, and the pieces that were in them. */
export interface Kept {
  readonly entries: readonly (Committed & { readonly chunkHash?: string })[];
  readonly pieces: readonly string[];
}

const chunkOf = (entry: Committed): Uint8Array | null => splitCommandBody(entry.body)?.chunk ?? null;

export class Shelf {
  readonly #store: PieceStore;
  readonly #chat: Pick<Chat, 'hasPiece'>;
  readonly #turn = new Slots(1);

  constructor(store: PieceStore, chat: Pick<Chat, 'hasPiece'>) {
    this.#store = store;
    this.#chat = chat;
  }

  /** Whether there is anything to be kept in these entries. */
  hasChunks(entries: readonly Committed[]): boolean {
    return entries.some((entry) => entry.body[0] === 0);
  }

  /**
   * Has the chunks of these entries on disk, durably, until `settle` is told what came of them. Rejects with the disk's
   * error (rule 16).
   */
  async keep(entries: readonly Committed[]): Promise<Kept> {
    await this.#turn.take();
    try {
      const pieces = new Map<string, Uint8Array>();
      const named = await Promise.all(
        entries.map(async (entry) => {
          const chunk = chunkOf(entry);
          if (chunk === null || chunk.length === 0) return entry;
          const chunkHash = await hashOf(chunk);
          pieces.set(chunkHash, chunk);
          return { ...entry, chunkHash };
        }),
      );
      await this.#store.keep(pieces);
      return { entries: named, pieces: [...pieces.keys()] };
    } catch (error) {
      this.#turn.release();
      throw error;
    }
  }

  /** These entries are applied: what they made superfluous goes, and what they brought and nobody wants. */
  settle(applied: readonly Applied[], kept: Kept | null): void {
    const freed = applied.flatMap(({ piecesFreed }) => piecesFreed);
    if (kept !== null) void this.#remove([...freed, ...kept.pieces]).finally(() => this.#turn.release());
    else if (freed.length > 0) void this.sweep(freed);
  }

  /** The chat has become that of a snapshot: from now on it says itself what is needed. */
  installed(): void {
    this.#store.pin([]);
  }

  /** Removes those of these pieces that the database does not refer to. */
  async sweep(hashes: readonly string[]): Promise<void> {
    await this.#turn.take();
    await this.#remove(hashes).finally(() => this.#turn.release());
  }

  /** A piece that cannot be removed takes up space until the next start, and is no reason to stop. */
  async #remove(hashes: readonly string[]): Promise<void> {
    const free = hashes.filter((hash) => !this.#chat.hasPiece(hash));
    if (free.length > 0) await this.#store.remove(free).catch(() => {});
  }
}

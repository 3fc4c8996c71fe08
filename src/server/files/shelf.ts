/**
 * Has the pieces of files on this server's disk before the chat database refers to them, and lets them go after it has
 * ceased to (rule 18). Whatever is in the database is so on the disk; what a crash leaves over is not in the database,
 * and swept away at the next start. Only the applier may use this: one slice is kept and settled before the next.
 */
import type { Applied, Chat } from '../../chat/index.ts';
import { hashOf, type PieceStore } from '../../files/index.ts';
import type { Committed } from '../../log/index.ts';
import { splitCommandBody } from '../../protocol/index.ts';

/** Entries as the chat machine takes them, and the pieces that were in them. */
export interface Kept {
  readonly entries: readonly (Committed & { readonly chunkHash?: string })[];
  readonly pieces: readonly string[];
}

const chunkOf = (entry: Committed): Uint8Array | null => splitCommandBody(entry.body)?.chunk ?? null;

export class Shelf {
  readonly #store: PieceStore;
  readonly #chat: Chat;
  #removing: Promise<void> = Promise.resolve();

  constructor(store: PieceStore, chat: Chat) {
    this.#store = store;
    this.#chat = chat;
  }

  /** Whether there is anything to be kept in these entries. */
  hasChunks(entries: readonly Committed[]): boolean {
    return entries.some((entry) => entry.body[0] === 0);
  }

  /** Has the chunks of these entries on disk, durably. Rejects with the disk's error (rule 16). */
  async keep(entries: readonly Committed[]): Promise<Kept> {
    await this.#removing;
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
  }

  /** These entries are applied: what they made superfluous goes, and what they brought and nobody wants. */
  settle(applied: readonly Applied[], pieces: readonly string[]): void {
    const free = [...applied.flatMap(({ piecesFreed }) => piecesFreed), ...pieces].filter(
      (hash) => !this.#chat.hasPiece(hash),
    );
    if (free.length === 0) return;
    // A piece that cannot be removed takes up space until the next start, and is no reason to stop.
    this.#removing = this.#removing.then(() => this.#store.remove(free)).catch(() => {});
  }
}

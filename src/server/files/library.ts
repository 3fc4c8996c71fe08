/**
 * Reads files from their pieces on this server's disk. Each piece is checked whenever it is read; one that is missing or
 * rotten is got from another server's folder and mended here.
 */
import type { Piece } from '../../chat/index.ts';
import { bringPieces, DamagedPiece, type PieceStore } from '../../files/index.ts';
import { EstafetError } from '../../protocol/index.ts';
import type { Logger } from '../options.ts';

/** A run of bytes of a file: from the first to the last, both in it. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export class Library {
  readonly #store: PieceStore;
  readonly #siblings: () => readonly string[];
  readonly #logger: Logger;

  /** @param siblings folders of the other servers' pieces */
  constructor(store: PieceStore, siblings: () => readonly string[], logger: Logger) {
    this.#store = store;
    this.#siblings = siblings;
    this.#logger = logger;
  }

  /** The bytes of some pieces, in order, as far as they are in the range; the next piece is read ahead. Rejects with `internal` when one is on no disk. */
  async *read(pieces: readonly Piece[], { first, last }: Range): AsyncGenerator<Uint8Array> {
    const wanted = pieces.filter(({ start, size }) => start + size > first && start <= last);
    let ahead: Promise<Uint8Array> | null = null;
    for (const [at, { start, size, hash }] of wanted.entries()) {
      const bytes: Uint8Array = await (ahead ?? this.#piece(hash));
      const next = wanted[at + 1];
      ahead = next === undefined ? null : this.#piece(next.hash);
      // Whoever stops reading in between never looks at it.
      ahead?.catch(() => {});
      yield bytes.subarray(Math.max(0, first - start), Math.min(size, last - start + 1));
    }
  }

  async #piece(hash: string): Promise<Uint8Array> {
    try {
      return await this.#store.read(hash);
    } catch (error) {
      if (!(error instanceof DamagedPiece)) throw error;
      return this.#mend(hash, error);
    }
  }

  async #mend(hash: string, { reason }: DamagedPiece): Promise<Uint8Array> {
    const { missing } = await bringPieces(this.#store, this.#siblings(), [hash]);
    if (missing.length > 0) {
      this.#logger.error({ piece: hash, reason }, 'a piece of a file is on no server’s disk any more');
      throw new EstafetError('internal', 'A part of this file is on no server’s disk any more.');
    }
    this.#logger.warn({ piece: hash, reason }, 'a piece of a file was mended from another server');
    return this.#store.read(hash);
  }
}

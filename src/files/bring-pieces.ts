/**
 * Brings pieces from other servers' folders to this one's, each checked against its name. The servers of an embedded
 * cluster share a disk, as their snapshots do: so a piece is copied from folder to folder, from a server that is dead as
 * well as from one that lives, and nobody need be asked for it.
 */
import { DamagedPiece, eachOf, type PieceStore, readPiece } from './piece-store.ts';

/** What came of it. */
export interface Brought {
  /** Pieces that were copied. */
  readonly brought: readonly string[];
  /** Pieces that are in none of the folders, or rotten in each. */
  readonly missing: readonly string[];
}

/** Pieces copied before they are synced together. */
const batchPieces = 16;

/** The bytes of a piece in the first of these folders that has it whole; null when none does. */
export const findPiece = async (folders: readonly string[], hash: string): Promise<Buffer<ArrayBuffer> | null> => {
  for (const folder of folders) {
    try {
      return await readPiece(folder, hash);
    } catch (error) {
      if (!(error instanceof DamagedPiece)) throw error;
    }
  }
  return null;
};

/**
 * Copies pieces here that are not, or not whole, and has them durable. Rejects with this disk's error when they cannot
 * be written, and with the signal's reason when it is given up.
 * @param folders of pieces, the likeliest first
 * @param progress told how many of the pieces are done, after each batch
 */
export const bringPieces = async (
  store: PieceStore,
  folders: readonly string[],
  hashes: readonly string[],
  { signal, progress }: { readonly signal?: AbortSignal; readonly progress?: (done: number) => void } = {},
): Promise<Brought> => {
  const brought: string[] = [];
  const missing: string[] = [];
  for (let from = 0; from < hashes.length; from += batchPieces) {
    signal?.throwIfAborted();
    const found = new Map<string, Uint8Array>();
    await eachOf(hashes.slice(from, from + batchPieces), async (hash) => {
      const bytes = await findPiece(folders, hash);
      if (bytes === null) missing.push(hash);
      else found.set(hash, bytes);
    });
    await store.keep(found, true);
    brought.push(...found.keys());
    progress?.(Math.min(from + batchPieces, hashes.length));
  }
  return { brought, missing };
};

/** A piece, and how large it is. */
export interface Wanted {
  readonly hash: string;
  readonly size: number;
}

/**
 * Has all of these pieces here, durably, and none of them removed until others are pinned: what a snapshot refers to,
 * before it counts (rule 18). A piece that no folder has was let go since, and whatever follows the snapshot says so.
 * @param progress told how many bytes of what was missing are done
 */
export const completePieces = async (
  store: PieceStore,
  folders: readonly string[],
  wanted: readonly Wanted[],
  progress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<Brought> => {
  store.pin(wanted.map(({ hash }) => hash));
  const lacking: Wanted[] = [];
  await eachOf(wanted, async (piece) => {
    signal.throwIfAborted();
    if (!(await store.has(piece.hash, piece.size))) lacking.push(piece);
  });
  const bytes = lacking.reduce((sum, { size }) => sum + size, 0);
  const hashes = lacking.map(({ hash }) => hash);
  return bringPieces(store, folders, hashes, {
    signal,
    progress: (done) => progress(Math.round((bytes * done) / hashes.length), bytes),
  });
};

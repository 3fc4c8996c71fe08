/** Files, as the tables have them: what they are, who may see them, and which pieces they are made of. */
import type { DatabaseSync } from 'node:sqlite';
import { type FileView, limits } from '../../protocol/index.ts';
import { indexOfKey, messageKey, roomOfKeyInSql } from '../schema.ts';
import { type FileRow, fileColumns, toFileRow, toFileView } from './file-rows.ts';

/** A run of a file's bytes, as it lies on the servers' disks. */
export interface Piece {
  /** The first byte's place in the file. */
  readonly start: number;
  readonly size: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** A piece, by its SHA-256 (hexadecimal), and how large it is. */
export type PieceName = Pick<Piece, 'hash' | 'size'>;

/** A finished file. */
export interface StoredFile extends FileView {
  /** Id of the person who uploaded it. */
  readonly by: string;
  /** When it was finished: ms since 1970. */
  readonly at: number;
  readonly pieces: readonly Piece[];
}

/** An upload, on its way or finished. */
export interface UploadState {
  readonly id: string;
  /** Id of the person who uploads it. */
  readonly by: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Bytes that are on every server in sync. */
  readonly offset: number;
  readonly isFinished: boolean;
  /** Of a finished one its SHA-256; before, what its client says that it will be. */
  readonly sha256: string | null;
}

/** A file of a room, and the message that has it. */
export interface RoomFile {
  readonly file: FileView;
  /** Ids of the message and of its author. */
  readonly message: string;
  readonly by: string;
  readonly index: number;
  /** The author's name. */
  readonly name: string;
  readonly at: number;
}

export interface FileQueries {
  /** A finished file; null when there is none. */
  file(id: string): StoredFile | null;
  /**
   * Whether this person may have a file: it is theirs, a message in a room that they may see uses it, or it is
   * somebody's picture.
   */
  maySeeFile(id: string, userId: string): boolean;
  upload(id: string): UploadState | null;
  /** The pieces of an upload, in order, as far as it has arrived; empty when there is none. */
  uploadPieces(id: string): readonly Piece[];
  /** A room's files, the newest message first. `next` is the `before` of the page that follows, or null. */
  filesOf(
    roomId: string,
    query: { readonly before?: number; readonly limit: number },
  ): { readonly files: readonly RoomFile[]; readonly next: number | null };
  /** Bytes of all files, each content counted once, and of what uploads have announced. */
  filesTotal(): number;
  /** Whether any file is made of the piece of this SHA-256. */
  hasPiece(hash: string): boolean;
  /** Pieces in the order of their SHA-256, behind `after`, at most `limit`. */
  pieces(after: string, limit: number): readonly PieceName[];
  /** Whether there is an upload or a file that nothing uses, and nothing happened to since a time (ms since 1970). */
  isAnythingUnusedSince(at: number): boolean;
}

/** Lists pieces: see `FileQueries.pieces`. */
export const findPieces = (db: DatabaseSync): FileQueries['pieces'] => {
  // Pieces of one SHA-256 are of one size.
  const rows = db.prepare(
    'SELECT hash, max(size) AS size FROM pieces WHERE hash > ? GROUP BY hash ORDER BY hash LIMIT ?',
  );
  return (after, limit) => rows.all(after, limit).map(({ hash, size }) => ({ hash: String(hash), size: Number(size) }));
};

/** The files of the message at a key, in their order. */
export const findFilesOfMessage = (db: DatabaseSync): ((key: number) => readonly FileView[]) => {
  const rows = db.prepare(`${fileColumns} JOIN file_uses u ON u.file = f.num WHERE u.key = ? ORDER BY u.place`);
  return (key) => rows.all(key).map((row) => toFileView(toFileRow(row)));
};

export const openFileQueries = (db: DatabaseSync): FileQueries => {
  const byId = db.prepare(`${fileColumns} WHERE f.id = ?`);
  const ownerId = db.prepare('SELECT id FROM users WHERE num = ?');
  const pieces = db.prepare('SELECT start, size, hash FROM pieces WHERE content = ? ORDER BY start');
  const userNum = db.prepare('SELECT num FROM users WHERE id = ?');
  const isPicture = db.prepare('SELECT 1 FROM file_uses WHERE file = ? AND key < 0 LIMIT 1');
  const isInVisibleRoom = db.prepare(
    `SELECT 1 FROM file_uses u JOIN rooms r ON r.num = ${roomOfKeyInSql('u.key')}
     LEFT JOIN members m ON m.room = r.num AND m.user = ?2
     WHERE u.file = ?1 AND u.key > 0 AND (r.access = 'open' OR m.user IS NOT NULL) LIMIT 1`,
  );
  const roomNum = db.prepare('SELECT num FROM rooms WHERE id = ?');
  const ofRoom = db.prepare(
    `SELECT u.key AS use_key, u.file AS use_file, m.id AS message, m.at AS posted_at, p.id AS author, p.name AS author_name
     FROM file_uses u JOIN messages m ON m.key = u.key JOIN users p ON p.num = m.author
     WHERE u.key > ? AND u.key < ? ORDER BY u.key DESC, u.place LIMIT ?`,
  );
  const byNum = db.prepare(`${fileColumns} WHERE f.num = ?`);
  const total = db.prepare('SELECT bytes FROM files_total');
  const piece = db.prepare('SELECT 1 FROM pieces WHERE hash = ? LIMIT 1');
  const unused = db.prepare('SELECT 1 FROM files WHERE uses = 0 AND at < ? LIMIT 1');

  const find = (id: string): FileRow | null => {
    const row = byId.get(id);
    return row ? toFileRow(row) : null;
  };

  const piecesOf = ({ content }: FileRow): readonly Piece[] =>
    pieces.all(content).map(({ start, size, hash }) => ({
      start: Number(start),
      size: Number(size),
      hash: String(hash),
    }));

  const ownerOf = ({ owner }: FileRow): string => String(ownerId.get(owner)?.id);

  return {
    file: (id) => {
      const file = find(id);
      if (!file?.isFinished) return null;
      return { ...toFileView(file), by: ownerOf(file), at: file.at, pieces: piecesOf(file) };
    },
    maySeeFile: (id, userId) => {
      const file = find(id);
      const user = userNum.get(userId);
      if (!file?.isFinished || !user) return false;
      const num = Number(user.num);
      return file.owner === num || !!isPicture.get(file.num) || !!isInVisibleRoom.get(file.num, num);
    },
    upload: (id) => {
      const upload = find(id);
      if (!upload) return null;
      const { name, type, size, arrived: offset, isFinished, sha256 } = upload;
      return { id, by: ownerOf(upload), name, type, size, offset, isFinished, sha256 };
    },
    uploadPieces: (id) => {
      const upload = find(id);
      return upload ? piecesOf(upload) : [];
    },
    filesOf: (roomId, { before, limit }) => {
      const num = Number(roomNum.get(roomId)?.num ?? 0);
      if (num === 0) return { files: [], next: null };
      const end = messageKey(num + 1, 0);
      const high = before === undefined ? end : Math.min(messageKey(num, before), end);
      // A message's files are never torn apart: those of the first one are all given, even when they are more than asked
      // for. One more than that many tells whether there is another page.
      const most = Math.max(limit, limits.messageFilesMax);
      const rows = ofRoom.all(messageKey(num, 0), high, most + 1);
      let count = Math.min(rows.length, limit);
      const tears = (): boolean => count > 0 && rows[count - 1]?.use_key === rows[count]?.use_key;
      while (tears()) count--;
      if (count === 0 && rows.length > 0)
        do count++;
        while (tears());
      const files = rows.slice(0, count).map((row): RoomFile => {
        const file = toFileView(toFileRow(byNum.get(Number(row.use_file))!));
        return {
          file,
          message: String(row.message),
          by: String(row.author),
          index: indexOfKey(Number(row.use_key)),
          name: String(row.author_name),
          at: Number(row.posted_at),
        };
      });
      return { files, next: rows.length > count ? (files.at(-1)?.index ?? null) : null };
    },
    filesTotal: () => Number(total.get()?.bytes),
    hasPiece: (hash) => piece.get(hash) !== undefined,
    pieces: findPieces(db),
    isAnythingUnusedSince: (at) => unused.get(at) !== undefined,
  };
};

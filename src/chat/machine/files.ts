/**
 * Files: uploads as they arrive, what messages and pictures use, and what becomes free. The machine keeps what is known
 * of a file, never its bytes: each chunk of an upload is a *piece* on the disks of the servers, named by its SHA-256,
 * and the tables say which pieces make up which content. The same content is kept once, however many files have it.
 *
 * A file that is used by nothing stays for a while, until `upload.expire`; one whose last use ends goes at once. Pieces
 * that nothing refers to any more are told in `turn.piecesFreed`, and removed once this is committed.
 */
import { hash as digest } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, type FileView, limits, type Outcome } from '../../protocol/index.ts';
import { type FileRow, fileColumns, toFileRow, toFileView } from '../queries/file-rows.ts';
import type { Directory, Person } from './directory.ts';
import { fileName, mediaType } from './file-names.ts';
import type { SystemHandlers } from './handler-types.ts';
import { done, refuse, type Turn } from './turn.ts';

type Kinds = 'upload.open' | 'upload.write' | 'upload.finish' | 'upload.cancel' | 'upload.expire';

/** What the handlers of other commands do with files. */
export interface Files {
  /**
   * The files of these ids for a message of this person's: their own, finished, not too many; or why not. Writes
   * nothing; `attachFiles` does, once nothing else can be refused.
   */
  filesForMessage(turn: Turn, person: Person, ids: readonly string[]): readonly FileView[] | ErrorCode;
  /** The message at this key uses these files, in this order. They are what `filesForMessage` gave. */
  attachFiles(key: number, ids: readonly string[]): void;
  /** The message at this key uses no file any more: what nothing else uses is gone. */
  freeFilesOf(turn: Turn, key: number): void;
  /** Why this file cannot be this person's picture, or null when it can. */
  pictureRefusal(person: Person, id: string): ErrorCode | null;
  /** This file is the person's picture from now on; with null they have none. What was before is let go. */
  setPicture(turn: Turn, person: Person, id: string | null): void;
}

/** Pictures that every browser shows and that cannot carry a script. */
const pictureTypes: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

/** Where a person's picture stands among the uses of files: beside the keys of messages, which are positive. */
const pictureKey = (person: Person): number => -person.num;

/** What both the handlers and `Files` stand on. */
const openStore = (db: DatabaseSync) => {
  const byId = db.prepare(`${fileColumns} WHERE f.id = ?`);
  const unusedOf = db.prepare('SELECT count(*) AS n FROM files WHERE owner = ? AND uses = 0');
  const total = db.prepare('SELECT bytes FROM files_total');
  const addTotal = db.prepare('UPDATE files_total SET bytes = bytes + ?');
  const removeFile = db.prepare('DELETE FROM files WHERE num = ?');
  const isContentUsed = db.prepare('SELECT 1 FROM files WHERE content = ? LIMIT 1');
  const piecesOf = db.prepare('SELECT DISTINCT hash FROM pieces WHERE content = ? ORDER BY hash');
  const removePieces = db.prepare('DELETE FROM pieces WHERE content = ?');
  const isPieceUsed = db.prepare('SELECT 1 FROM pieces WHERE hash = ? LIMIT 1');
  const removeContent = db.prepare('DELETE FROM contents WHERE num = ? RETURNING size');

  const find = (id: string): FileRow | null => {
    const row = byId.get(id);
    return row ? toFileRow(row) : null;
  };

  /** Lets a content go when no file has it. */
  const freeContent = (turn: Turn, num: number): void => {
    if (isContentUsed.get(num)) return;
    const hashes = piecesOf.all(num).map(({ hash }) => String(hash));
    removePieces.run(num);
    for (const hash of hashes) if (!isPieceUsed.get(hash)) turn.piecesFreed.push(hash);
    addTotal.run(-Number(removeContent.get(num)?.size));
  };

  return {
    find,
    freeContent,
    freeFile: (turn: Turn, file: Pick<FileRow, 'num' | 'content'>): void => {
      removeFile.run(file.num);
      freeContent(turn, file.content);
    },
    unusedOf: (person: Person): number => Number(unusedOf.get(person.num)?.n),
    totalBytes: (): number => Number(total.get()?.bytes),
    addTotal: (bytes: number): void => void addTotal.run(bytes),
  };
};

type Store = ReturnType<typeof openStore>;

/** Opens what messages and people do with files. */
export const openFiles = (db: DatabaseSync): Files => {
  const store = openStore(db);
  const addUse = db.prepare('INSERT INTO file_uses VALUES (?, ?, ?)');
  const removeUses = db.prepare('DELETE FROM file_uses WHERE key = ? RETURNING file');
  const countUse = db.prepare('UPDATE files SET uses = uses + ? WHERE num = ? RETURNING uses, content');

  const ownFile = (person: Person, id: string): FileRow | ErrorCode => {
    const file = store.find(id);
    if (!file || file.owner !== person.num) return 'no-such-file';
    return file.isFinished ? file : 'upload-incomplete';
  };

  const use = (key: number, ids: readonly string[]): void => {
    ids.forEach((id, place) => {
      const file = store.find(id)!;
      addUse.run(key, place, file.num);
      countUse.run(1, file.num);
    });
  };

  const endUses = (turn: Turn, key: number): void => {
    const nums = removeUses.all(key).map(({ file }) => Number(file));
    for (const num of nums.sort((a, b) => a - b)) {
      const left = countUse.get(-1, num);
      if (left?.uses === 0) store.freeFile(turn, { num, content: Number(left.content) });
    }
  };

  return {
    filesForMessage: (_turn, person, ids) => {
      if (ids.length > limits.messageFilesMax || new Set(ids).size < ids.length) return 'too-many-files';
      const views: FileView[] = [];
      for (const id of ids) {
        const file = ownFile(person, id);
        if (typeof file === 'string') return file;
        views.push(toFileView(file));
      }
      return views;
    },
    attachFiles: use,
    freeFilesOf: endUses,
    pictureRefusal: (person, id) => {
      const file = ownFile(person, id);
      if (typeof file === 'string') return file;
      if (!pictureTypes.has(file.type)) return 'bad-request';
      return file.size > limits.pictureMaxBytes ? 'file-too-large' : null;
    },
    setPicture: (turn, person, id) => {
      const key = pictureKey(person);
      // First the new one: it may be the old one, and must not be freed in between.
      const before = removeUses.all(key).map(({ file }) => Number(file));
      if (id !== null) use(key, [id]);
      for (const num of before) {
        const left = countUse.get(-1, num);
        if (left?.uses === 0) store.freeFile(turn, { num, content: Number(left.content) });
      }
    },
  };
};

/** The upload of this id when more of it may come, or why not. */
const openUpload = (store: Store, id: string): FileRow | ErrorCode => {
  const upload = store.find(id);
  if (!upload) return 'no-such-file';
  return upload.isFinished ? 'upload-finished' : upload;
};

/** The commands by which servers bring uploads in. They have checked who may ask for them. */
export const uploadHandlers = (db: DatabaseSync, directory: Directory): Pick<SystemHandlers, Kinds> => {
  const store = openStore(db);
  const insertContent = db.prepare("INSERT INTO contents VALUES (?, '', ?)");
  const insertFile = db.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)');
  const insertPiece = db.prepare('INSERT INTO pieces VALUES (?, ?, ?, ?)');
  const countPieces = db.prepare('SELECT count(*) AS n FROM pieces WHERE content = ?');
  const arrive = db.prepare('UPDATE files SET arrived = arrived + ?, at = ? WHERE num = ?');
  const sameContent = db.prepare("SELECT num FROM contents WHERE sha256 = ? AND size = ? AND sha256 <> ''");
  const nameContent = db.prepare('UPDATE contents SET sha256 = ? WHERE num = ?');
  const finish = db.prepare('UPDATE files SET finished = 1, sha256 = ?, content = ?, at = ? WHERE num = ?');
  const expired = db.prepare('SELECT num, content FROM files WHERE uses = 0 AND at < ? ORDER BY num');

  const isInTooManyPieces = ({ content, size }: FileRow): boolean => {
    const needed = Math.ceil(size / limits.uploadChunkBytes);
    const most = limits.uploadPiecesFactor * needed + limits.uploadPiecesSpare;
    return Number(countPieces.get(content)?.n) >= most;
  };

  return {
    'upload.open': (turn, body) => {
      const person = directory.person(body.user);
      if (!person) return refuse('no-such-user');
      const name = fileName(body.name);
      if (name === null) return refuse('file-name-invalid');
      if (store.unusedOf(person) >= limits.uploadsPerUserMax) return refuse('too-many-uploads');
      if (store.totalBytes() + body.size > limits.filesTotalMaxBytes) return refuse('files-full');
      const { size, sha256 = null, width = null, height = null } = body;
      insertContent.run(turn.index, size);
      insertFile.run(
        turn.index,
        turn.id,
        person.num,
        name,
        mediaType(body.type),
        size,
        sha256,
        width,
        height,
        turn.at,
        turn.index,
      );
      store.addTotal(size);
      return done;
    },

    'upload.write': (turn, body) => {
      const { chunk } = turn;
      if (chunk === null) return refuse('bad-request');
      const upload = openUpload(store, body.upload);
      if (typeof upload === 'string') return refuse(upload);
      if (body.offset !== upload.arrived) return refuse('offset-mismatch');
      if (upload.arrived + chunk.length > upload.size) return refuse('too-large');
      if (chunk.length < limits.uploadChunkBytes && isInTooManyPieces(upload)) return refuse('bad-request');
      const hash = turn.chunkHash ?? digest('sha256', chunk, 'hex');
      insertPiece.run(upload.content, upload.arrived, chunk.length, hash);
      arrive.run(chunk.length, turn.at, upload.num);
      return done;
    },

    'upload.finish': (turn, body) => {
      const upload = openUpload(store, body.upload);
      if (typeof upload === 'string') return refuse(upload);
      if (upload.arrived < upload.size) return refuse('upload-incomplete');
      if (upload.sha256 !== null && upload.sha256 !== body.sha256) {
        // What arrived is of no use to anybody.
        store.freeFile(turn, upload);
        return refuse('checksum-mismatch');
      }
      const same = sameContent.get(body.sha256, upload.size);
      if (!same) nameContent.run(body.sha256, upload.content);
      finish.run(body.sha256, same ? Number(same.num) : upload.content, turn.at, upload.num);
      if (same) store.freeContent(turn, upload.content);
      return done;
    },

    'upload.cancel': (turn, body): Outcome => {
      const upload = store.find(body.upload);
      if (!upload) return refuse('no-such-file');
      if (upload.uses > 0) return refuse('upload-finished');
      store.freeFile(turn, upload);
      return done;
    },

    'upload.expire': (turn, body) => {
      for (const { num, content } of expired.all(body.before)) {
        store.freeFile(turn, { num: Number(num), content: Number(content) });
      }
      return done;
    },
  };
};

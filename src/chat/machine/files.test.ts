import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeCommandBody, limits, systemUser } from '../../protocol/index.ts';
import { type Applied, type LogEntry, openChat } from '../index.ts';
import { type Scene, scene, sha256, testLog, verdict } from '../test-log.ts';
import { fileName, mediaType } from './file-names.ts';

let s: Scene;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

const open = (by: string, size: number, more: object = {}): Applied =>
  s.run(systemUser, 'upload.open', { user: by, name: 'a.txt', type: 'text/plain', size, ...more });

const chunkEntry = (upload: string, offset: number, text: string): LogEntry =>
  s.log.bytes(encodeCommandBody({ by: systemUser, kind: 'upload.write', body: { upload, offset } }, Buffer.from(text)));
const write = (upload: string, offset: number, text: string): string =>
  verdict(s.chat.apply([chunkEntry(upload, offset, text)])[0]!);
const finish = (upload: string, text: string): Applied =>
  s.run(systemUser, 'upload.finish', { upload, sha256: sha256(text) });

/** A finished file, in chunks of three characters. */
const file = (by: string, text: string, more: object = {}): string => {
  const { id } = open(by, text.length, more);
  for (let at = 0; at < text.length; at += 3) expect(write(id, at, text.slice(at, at + 3))).toBe('ok');
  expect(verdict(finish(id, text))).toBe('ok');
  return id;
};
const post = (by: string, files: string[], text = ''): Applied =>
  s.run(by, 'message.post', { room: 'general', text, files });

describe('an upload', () => {
  test('takes its chunks in order, and says where it stands', () => {
    const { id } = open(ann, 5);
    expect(s.chat.upload(id)).toEqual({
      id,
      by: ann,
      name: 'a.txt',
      type: 'text/plain',
      size: 5,
      offset: 0,
      isFinished: false,
      sha256: null,
    });
    expect(write(id, 1, 'b')).toBe('offset-mismatch');
    expect(write(id, 0, 'abc')).toBe('ok');
    expect(write(id, 0, 'abc')).toBe('offset-mismatch');
    expect(write(id, 3, 'def')).toBe('too-large');
    expect(verdict(finish(id, 'abcde'))).toBe('upload-incomplete');
    expect(write(id, 3, 'de')).toBe('ok');
    expect(s.chat.uploadPieces(id)).toEqual([
      { start: 0, size: 3, hash: sha256('abc') },
      { start: 3, size: 2, hash: sha256('de') },
    ]);
    expect(verdict(finish(id, 'abcde'))).toBe('ok');
    expect(verdict(finish(id, 'abcde'))).toBe('upload-finished');
    expect(write(id, 5, 'f')).toBe('upload-finished');
    expect(s.chat.file(id)).toMatchObject({ size: 5, sha256: sha256('abcde'), by: ann });
  });

  test('is a server’s to bring in, never a person’s', () => {
    expect(s.say(ann, 'upload.open', { user: ann, name: 'a', type: '', size: 1 })).toBe('not-allowed');
  });

  test('comes with bytes when it writes, and only then', () => {
    const { id } = open(ann, 5);
    expect(s.say(systemUser, 'upload.write', { upload: id, offset: 0 })).toBe('bad-request');
    expect(write(id, 0, '')).toBe('bad-request');
    const body = encodeCommandBody(
      { by: ann, kind: 'message.post', body: { room: 'general', text: 'x' } },
      Buffer.from('y'),
    );
    expect(verdict(s.chat.apply([s.log.bytes(body)])[0]!)).toBe('bad-request');
    const large = encodeCommandBody(
      { by: systemUser, kind: 'upload.write', body: { upload: id, offset: 0 } },
      new Uint8Array(limits.uploadChunkBytes + 1),
    );
    expect(verdict(s.chat.apply([s.log.bytes(large)])[0]!)).toBe('too-large');
    for (const bytes of [[0], [0, 0, 0, 0], [0, 255, 255, 255, 255, 1], [0, 0, 0, 0, 0]]) {
      expect(verdict(s.chat.apply([s.log.bytes(Uint8Array.from(bytes))])[0]!)).toBe('bad-json');
    }
  });

  test('whose content is not what was announced is gone', () => {
    const { id } = open(ann, 3, { sha256: sha256('abd') });
    write(id, 0, 'abc');
    const given = finish(id, 'abc');
    expect([verdict(given), given.piecesFreed]).toEqual(['checksum-mismatch', [sha256('abc')]]);
    expect([s.chat.upload(id), s.chat.filesTotal()]).toEqual([null, 0]);
  });

  test('is refused when there are too many, or too much', () => {
    for (let n = 0; n < limits.uploadsPerUserMax; n++) expect(verdict(open(ann, 1))).toBe('ok');
    expect(verdict(open(ann, 1))).toBe('too-many-uploads');
    const room = limits.filesTotalMaxBytes - s.chat.filesTotal();
    for (let n = 0; n < Math.floor(room / limits.fileMaxBytes); n++)
      expect(verdict(open(bob, limits.fileMaxBytes))).toBe('ok');
    expect(verdict(open(bob, limits.fileMaxBytes))).toBe('files-full');
    expect(verdict(open(bob, limits.fileMaxBytes + 1))).toBe('file-too-large');
  });

  test('does not come in ever so small pieces', () => {
    const most = limits.uploadPiecesFactor + limits.uploadPiecesSpare;
    const { id } = open(ann, most + 10);
    for (let at = 0; at < most; at++) expect(write(id, at, 'x')).toBe('ok');
    expect(write(id, most, 'x')).toBe('bad-request');
  });

  test('that nobody goes on with is given up, and so is a file that nothing uses', () => {
    const [halfway, idle, used] = [open(ann, 5).id, file(ann, 'abcdef'), file(ann, 'ghi')];
    write(halfway, 0, 'ab');
    expect(verdict(post(ann, [used]))).toBe('ok');
    const before = s.log.atMs;
    const late = file(bob, 'late');
    expect(s.chat.isAnythingUnusedSince(before)).toBe(true);
    const { piecesFreed } = s.run(systemUser, 'upload.expire', { before });
    expect(piecesFreed.toSorted()).toEqual(['ab', 'abc', 'def'].map(sha256).toSorted());
    expect([halfway, idle].map((id) => s.chat.upload(id))).toEqual([null, null]);
    for (const id of [used, late]) expect(s.chat.file(id)).not.toBeNull();
    expect([s.chat.filesTotal(), s.chat.isAnythingUnusedSince(before)]).toEqual([7, false]);
  });

  test('can be given up by its owner, but not once it is used', () => {
    const id = file(ann, 'abc');
    post(ann, [id]);
    expect(s.say(systemUser, 'upload.cancel', { upload: id })).toBe('upload-finished');
    const { piecesFreed } = s.run(systemUser, 'upload.cancel', { upload: file(ann, 'xyz') });
    expect(piecesFreed).toEqual([sha256('xyz')]);
  });
});

describe('a content', () => {
  test('is kept once, and its pieces go with the last file that has it', () => {
    const [one, two] = [file(ann, 'abcdef'), file(bob, 'abcdef')];
    expect(s.chat.filesTotal()).toBe(6);
    const [first, second] = [post(ann, [one]), post(bob, [two])];
    const again = post(ann, [one]);
    for (const message of [first, again]) {
      expect(s.run(ann, 'message.delete', { message: message.id }).piecesFreed).toEqual([]);
    }
    expect([s.chat.file(one), s.chat.file(two)?.size]).toEqual([null, 6]);
    const { piecesFreed } = s.run(bob, 'message.delete', { message: second.id });
    expect(piecesFreed.toSorted()).toEqual([sha256('abc'), sha256('def')].toSorted());
    expect([s.chat.filesTotal(), s.chat.pieces('', 10)]).toEqual([0, []]);
  });

  test('shares a piece with another, and leaves it to the other', () => {
    const [one, two] = [file(ann, 'abcabcxyz'), file(ann, 'abc---')];
    expect(s.run(systemUser, 'upload.cancel', { upload: one }).piecesFreed).toEqual([sha256('xyz')]);
    expect(s.chat.hasPiece(sha256('abc'))).toBe(true);
    expect(s.run(systemUser, 'upload.cancel', { upload: two }).piecesFreed.toSorted()).toEqual(
      [sha256('abc'), sha256('---')].toSorted(),
    );
  });
});

describe('names', () => {
  test.each([
    ['a.txt', 'a.txt'],
    ['  folder/sub/a.txt ', 'a.txt'],
    ['C:\\x\\a.txt', 'a.txt'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['a\r\nb\0', 'a  b\ufffd'],
    ['..', null],
    ['a/', null],
    ['\u200e', null],
    ['', null],
    ['x'.repeat(limits.fileNameMaxChars + 1), null],
  ])('%j is %j', (given, name) => {
    expect(fileName(given)).toBe(name);
  });

  test('whatever is given, there is no way out of a folder in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (given) => {
        const name = fileName(given);
        if (name !== null) expect(name).not.toMatch(/[/\\\p{Cc}]|^\.\.?$|^$/u);
      }),
    );
  });

  test.each([
    ['image/png', 'image/png'],
    ['Text/Plain; charset=utf-8', 'text/plain'],
    ['', 'application/octet-stream'],
    ['a/b\r\nc: d', 'application/octet-stream'],
    ['image', 'application/octet-stream'],
  ])('%j is the type %j', (given, type) => {
    expect(mediaType(given)).toBe(type);
  });
});

test('a room’s files are listed page by page, each once, with those of a message together', () => {
  const own = (texts: string[]): string[] => texts.map((text) => file(ann, text));
  for (const ids of [own(['a']), own(['b', 'c', 'd']), own(['e', 'f']), own(['g'])]) post(ann, ids);
  const all = s.chat.filesOf('general', { limit: 100 });
  expect([all.files.length, all.next]).toEqual([7, null]);
  for (const limit of [1, 2, 3, 4, 6, 7, 8]) {
    const pages = [s.chat.filesOf('general', { limit })];
    for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) {
      pages.push(s.chat.filesOf('general', { limit, before: next }));
    }
    expect(pages.flatMap(({ files }) => files)).toEqual(all.files);
    const messages = pages.flatMap(({ files }) => [...new Set(files.map(({ message }) => message))]);
    expect(messages).toHaveLength(4);
  }
  expect(s.chat.filesOf('general', { limit: 1, before: 1 })).toEqual({ files: [], next: null });
});

test('R14 R20 what came of uploads is the same however the log is cut into batches', () => {
  const log = testLog();
  const random = scene(openChat(':memory:'), log);
  const by = random.person('Ann');
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) {
    const text = 'abcdefghi'.slice(0, 3 * (n % 4));
    const opened = random.run(systemUser, 'upload.open', { user: by, name: `${n}`, type: 'a/b', size: text.length });
    ids.push(opened.id);
    for (let at = 0; at < text.length; at += 3) {
      const command = { by: systemUser, kind: 'upload.write', body: { upload: opened.id, offset: at } };
      random.chat.apply([log.bytes(encodeCommandBody(command, Buffer.from(text.slice(at, at + 3))))]);
    }
    random.run(systemUser, 'upload.finish', { upload: opened.id, sha256: sha256(text) });
    const { id } = random.run(by, 'message.post', { room: 'general', text: '', files: ids.slice(-2) });
    if (n % 3 === 0) random.run(by, 'message.delete', { message: id });
    if (n === 8) random.run(systemUser, 'upload.expire', { before: log.atMs });
  }
  const expected = random.chat.contentHash();
  for (const size of [1, 7, 1_000]) {
    const chat = openChat(':memory:');
    for (let at = 0; at < log.entries.length; at += size) chat.apply(log.entries.slice(at, at + size));
    expect(chat.contentHash()).toBe(expected);
    chat.close();
  }
  random.chat.close();
});

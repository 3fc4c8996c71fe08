import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeCommandBody, limits, systemUser } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Brings a small file in; its id. */
const file = (user: string, name: string, type = 'image/png', isWhole = true): string => {
  const bytes = Buffer.from(`the bytes of ${name}`);
  const { id } = s.run(systemUser, 'upload.open', { user, name, type, size: bytes.length });
  const body = { upload: id, offset: 0 };
  s.chat.apply([s.log.bytes(encodeCommandBody({ by: systemUser, kind: 'upload.write', body }, bytes))]);
  if (isWhole) s.run(systemUser, 'upload.finish', { upload: id, sha256: hashOf(bytes) });
  return id;
};
const post = (by: string, files: string[], text = '') => s.run(by, 'message.post', { room: 'general', text, files });
const say = (by: string, files: string[], text = '') => s.say(by, 'message.post', { room: 'general', text, files });

describe('a message with files', () => {
  test('needs no text, and has them in the order they were given', () => {
    const [one, two] = [file(ann, 'one.png'), file(ann, 'two.txt', 'text/plain')];
    const posted = post(ann, [two, one]);
    const files = [
      { id: two, name: 'two.txt', type: 'text/plain', size: 20, sha256: hashOf(Buffer.from('the bytes of two.txt')) },
      { id: one, name: 'one.png', type: 'image/png', size: 20, sha256: hashOf(Buffer.from('the bytes of one.png')) },
    ];
    expect(posted.events[0]?.event).toMatchObject({ type: 'message.posted', message: { text: '', files } });
    expect(s.chat.message(posted.id, bob)?.files).toEqual(files);
    expect(s.chat.page('general', { limit: 5 }).messages[0]?.files).toEqual(files);
    expect(s.chat.eventsAfter(bob, posted.index - 1, 1)?.events).toEqual(posted.events);
    expect(say(ann, [])).toBe('text-empty');
  });

  test('has one’s own, whole ones, each once, and not too many', () => {
    const mine = file(ann, 'mine.png');
    expect(say(bob, [mine])).toBe('no-such-file');
    expect(say(ann, [s.log.newId()])).toBe('no-such-file');
    expect(say(ann, [file(ann, 'half.png', 'image/png', false)])).toBe('upload-incomplete');
    expect(say(ann, [mine, mine])).toBe('too-many-files');
    expect(
      say(
        ann,
        Array.from({ length: limits.messageFilesMax + 1 }, () => s.log.newId()),
      ),
    ).toBe('too-many-files');
    expect(say(ann, ['not an id'])).toBe('bad-request');
    expect(say(ann, [mine])).toBe('ok');
  });

  test('can be edited to have no text, keeps its files, and is quoted without any', () => {
    const { id } = post(ann, [file(ann, 'one.png')], 'look');
    expect(s.say(ann, 'message.edit', { message: id, text: ' ' })).toBe('ok');
    expect(s.chat.message(id, bob)?.files).toHaveLength(1);
    const answer = s.run(bob, 'message.post', { room: 'general', text: 'nice', replyTo: id });
    expect(answer.events[0]?.event).toMatchObject({ message: { replyTo: { id, text: ' ' } } });
  });

  test('that is deleted lets them go, the last one to use a file frees it', () => {
    const one = file(ann, 'one.png');
    const [first, second] = [post(ann, [one]), post(ann, [one])];
    expect(s.run(ann, 'message.delete', { message: first.id }).piecesFreed).toEqual([]);
    expect(s.chat.message(first.id, bob)).not.toHaveProperty('files');
    const { events, piecesFreed } = s.run(ann, 'message.delete', { message: second.id });
    expect(piecesFreed).toEqual([hashOf(Buffer.from('the bytes of one.png'))]);
    expect(events[0]?.event).not.toHaveProperty('message.files');
    expect(say(ann, [one])).toBe('no-such-file');
  });
});

describe('a picture of oneself', () => {
  const set = (by: string, avatar: string) => s.say(by, 'profile.edit', { avatar });

  test('is an image of one’s own, seen by everybody', () => {
    const face = file(ann, 'face.png');
    expect(set(bob, face)).toBe('no-such-file');
    expect(set(ann, file(ann, 'text.txt', 'text/plain'))).toBe('bad-request');
    expect(set(ann, face)).toBe('ok');
    expect(s.chat.user(ann)?.avatar).toBe(face);
    expect(s.chat.members('general')[0]?.user.avatar).toBe(face);
  });

  test('is kept while it is the picture, and freed with the next one', () => {
    const face = file(ann, 'face.png');
    set(ann, face);
    const { id } = post(ann, [face]);
    expect(s.run(ann, 'message.delete', { message: id }).piecesFreed).toEqual([]);
    expect(s.run(ann, 'profile.edit', { avatar: '' }).piecesFreed).toHaveLength(1);
    expect(s.chat.user(ann)).not.toHaveProperty('avatar');
  });

  test('stays when the name changes', () => {
    const face = file(ann, 'face.png');
    set(ann, face);
    s.run(ann, 'profile.edit', { name: 'Anna' });
    expect(s.chat.user(ann)?.avatar).toBe(face);
    expect(s.run(ann, 'profile.edit', { avatar: face }).events).toEqual([]);
  });

  test('is small: everybody gets it unasked', () => {
    const picture = (size: number): string => {
      const { id } = s.run(systemUser, 'upload.open', { user: ann, name: 'face', type: 'image/png', size });
      const bytes = Buffer.alloc(size);
      for (let offset = 0; offset < size; offset += limits.uploadChunkBytes) {
        const command = { by: systemUser, kind: 'upload.write', body: { upload: id, offset } };
        const chunk = bytes.subarray(offset, offset + limits.uploadChunkBytes);
        s.chat.apply([s.log.bytes(encodeCommandBody(command, chunk))]);
      }
      s.run(systemUser, 'upload.finish', { upload: id, sha256: hashOf(bytes) });
      return id;
    };
    const largest = picture(limits.pictureMaxBytes);
    expect(set(ann, picture(limits.pictureMaxBytes + 1))).toBe('file-too-large');
    expect(set(ann, largest)).toBe('ok');
  });
});

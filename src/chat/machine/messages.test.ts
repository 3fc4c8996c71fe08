import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene, verdict } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

const texts = [
  'hello',
  ' spaces stay \n and lines \r\n too ',
  '😀 \u200d \u202e',
  "'); DROP TABLE messages; --",
  'x'.repeat(limits.messageTextMaxChars),
  '😀'.repeat(limits.messageTextMaxChars),
];

describe('posting', () => {
  test.each(texts)('keeps the text as it is, in the event and in the table (%#)', (text) => {
    const { id, index, outcome, events } = s.post(ann, 'general', text);
    expect(outcome).toEqual({ ok: true });
    const message = { id, index, room: 'general', text, by: ann, name: 'Ann', at: s.log.entries.at(-1)!.at };
    expect(events).toEqual([
      { audience: { to: 'room', room: 'general' }, event: { index, type: 'message.posted', message } },
    ]);
    expect(s.chat.message(id, bob)).toEqual(message);
    expect(s.chat.page('general', { limit: 1 }).messages).toEqual([message]);
    expect(s.chat.eventsAfter(bob, index - 1, 10)?.events).toEqual(events);
  });

  test.each(['a\ud800b', 'a\u0000b'])(
    '%j has a letter that cannot be stored: it is replaced in the event as in the table',
    (text) => {
      const { id, events } = s.post(ann, 'general', text);
      expect(events[0]?.event).toMatchObject({ message: { text: 'a\ufffdb' } });
      expect(s.chat.message(id, ann)?.text).toBe('a\ufffdb');
    },
  );

  test.each(['', ' ', '\n\t\u00a0'])('needs some text, not %j', (text) => {
    expect(verdict(s.post(ann, 'general', text))).toBe('text-empty');
  });

  test('counts characters, not bytes', () => {
    const tooLong = '😀'.repeat(limits.messageTextMaxChars + 1);
    expect(verdict(s.post(ann, 'general', tooLong))).toBe('text-too-long');
  });

  test('is for members of the room', () => {
    s.room(ann, 'plans');
    expect(verdict(s.post(bob, 'plans', 'hi'))).toBe('not-a-member');
    expect(verdict(s.post(bob, 'nowhere', 'hi'))).toBe('no-such-room');
    expect(verdict(s.post('nobody', 'general', 'hi'))).toBe('no-such-user');
    expect(verdict(s.post('system', 'general', 'hi'))).toBe('no-such-user');
  });

  test('is for guests and bots too', () => {
    for (const role of ['guest', 'bot'] as const) {
      expect(verdict(s.post(s.withRole(role, role), 'general', 'hi'))).toBe('ok');
    }
  });
});

describe('editing', () => {
  test('changes the text and says when', () => {
    const { id, index } = s.post(ann, 'general', 'helo');
    const edit = s.run(ann, 'message.edit', { message: id, text: 'hello' });
    const message = s.chat.message(id, bob);
    expect(message).toMatchObject({ id, index, text: 'hello', editedAt: s.log.entries.at(-1)!.at });
    expect(edit.events).toEqual([
      {
        audience: { to: 'room', room: 'general' },
        event: { index: edit.index, type: 'message.edited', message },
      },
    ]);
  });

  test('is for the author alone, whoever keeps order', () => {
    const { id } = s.post(ann, 'general', 'mine');
    for (const by of [bob, s.withRole('Admin', 'admin'), s.withRole('Owner', 'owner')]) {
      expect(s.say(by, 'message.edit', { message: id, text: 'theirs' })).toBe('not-the-author');
    }
    expect(s.chat.message(id, ann)?.text).toBe('mine');
  });

  test('has the limits of posting', () => {
    const { id } = s.post(ann, 'general', 'mine');
    const long = 'x'.repeat(limits.messageTextMaxChars + 1);
    expect(s.say(ann, 'message.edit', { message: id, text: '  ' })).toBe('text-empty');
    expect(s.say(ann, 'message.edit', { message: id, text: long })).toBe('text-too-long');
    expect(s.say(ann, 'message.edit', { message: s.log.newId(), text: 'x' })).toBe('no-such-message');
  });

  test('is for who is still in the room', () => {
    const room = s.room(ann, 'plans');
    const { id } = s.post(ann, room, 'mine');
    s.run(ann, 'room.leave', { room });
    expect(s.say(ann, 'message.edit', { message: id, text: 'x' })).toBe('not-a-member');
  });
});

describe('deleting', () => {
  test('leaves the message in its place, without its text', () => {
    const { id, index } = s.post(ann, 'general', 'oops');
    s.run(ann, 'message.edit', { message: id, text: 'oops!' });
    const { events } = s.run(ann, 'message.delete', { message: id });
    const message = s.chat.message(id, bob);
    expect(message).toEqual({
      id,
      index,
      room: 'general',
      text: '',
      by: ann,
      name: 'Ann',
      at: s.log.entries[index - 1]!.at,
      deleted: true,
    });
    expect(events[0]?.event).toMatchObject({ type: 'message.deleted', message });
    expect(s.chat.page('general', { limit: 5 }).messages).toEqual([message]);
  });

  test.each(['owner', 'admin'] as const)('is also for role %s', (role) => {
    const { id } = s.post(ann, 'general', 'spam');
    expect(s.say(s.withRole('Keeper', role), 'message.delete', { message: id })).toBe('ok');
  });

  test.each(['member', 'guest', 'bot'] as const)('is not for role %s', (role) => {
    const { id } = s.post(ann, 'general', 'mine');
    expect(s.say(s.withRole('Other', role), 'message.delete', { message: id })).toBe('not-the-author');
  });

  test('once; then it can be neither deleted nor edited', () => {
    const { id } = s.post(ann, 'general', 'oops');
    s.run(ann, 'message.delete', { message: id });
    expect(s.say(ann, 'message.delete', { message: id })).toBe('message-deleted');
    expect(s.say(ann, 'message.edit', { message: id, text: 'x' })).toBe('message-deleted');
    expect(s.say(ann, 'message.delete', { message: s.log.newId() })).toBe('no-such-message');
  });
});

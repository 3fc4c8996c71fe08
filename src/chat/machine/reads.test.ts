import { afterEach, beforeEach, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
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

const general = () => s.chat.room('general', ann)!;

test('counts what others said since', () => {
  s.post(bob, 'general', 'one');
  s.post(ann, 'general', 'mine does not count');
  const deleted = s.post(bob, 'general', 'nor what is deleted');
  const last = s.post(bob, 'general', 'two');
  s.run(bob, 'message.delete', { message: deleted.id });
  expect(general()).toMatchObject({ unread: 2, lastIndex: last.index });
});

test('a mark moves forward, tells the room while it is small, and never moves back', () => {
  const first = s.post(bob, 'general', 'one');
  const second = s.post(bob, 'general', 'two');
  const marked = s.run(ann, 'read.mark', { room: 'general', index: first.index });
  expect(marked.events).toEqual([
    {
      audience: { to: 'room', room: 'general' },
      event: { index: marked.index, type: 'read.marked', room: 'general', user: ann, readIndex: first.index },
    },
  ]);
  expect(general()).toMatchObject({ readIndex: first.index, unread: 1 });
  s.run(ann, 'read.mark', { room: 'general', index: second.index });
  expect(s.run(ann, 'read.mark', { room: 'general', index: 0 })).toMatchObject({ outcome: { ok: true }, events: [] });
  expect(general()).toMatchObject({ readIndex: second.index, unread: 0 });
  expect(s.chat.room('general', bob)!.unread).toBe(0);
});

test('in a room of many, a mark is told to the person alone', () => {
  const many = Array.from({ length: limits.receiptsMaxMembers }, (_, n) => s.person(`Person ${n}`));
  const { index } = s.post(bob, 'general', 'one');
  const marked = s.run(many[0]!, 'read.mark', { room: 'general', index });
  expect(marked.events.map(({ audience }) => audience)).toEqual([{ to: 'user', user: many[0] }]);
});

test('nobody reads what is not yet said', () => {
  s.run(ann, 'read.mark', { room: 'general', index: Number.MAX_SAFE_INTEGER });
  s.post(bob, 'general', 'later');
  expect(general().unread).toBe(1);
});

test('what was said before one joined counts as read', () => {
  const room = s.room(bob, 'plans');
  s.post(bob, room, 'before');
  expect(s.say(ann, 'read.mark', { room, index: 1 })).toBe('not-a-member');
  s.run(ann, 'room.join', { room });
  expect(s.chat.room(room, ann)!.unread).toBe(0);
  s.post(bob, room, 'after');
  expect(s.chat.room(room, ann)!.unread).toBe(1);
});

test('unread messages are counted up to 1000', () => {
  const posts = Array.from({ length: 1_100 }, (_, n) =>
    s.log.command(bob, 'message.post', { room: 'general', text: `${n}` }),
  );
  s.chat.apply(posts.slice(0, 999));
  expect(general().unread).toBe(999);
  s.chat.apply(posts.slice(999));
  expect(general().unread).toBe(1_000);
});

import { describe, expect, test } from 'vitest';
import type { ChatEvent, Message, Room } from '../../client/index.ts';
import { isWorthTelling, lineOf, titleMark, toldOf, waitingIn } from './notif-rules.ts';

const room = (more: Partial<Room> = {}): Room => ({
  id: 'r',
  name: 'room',
  topic: '',
  access: 'open',
  createdBy: 'ann',
  createdAt: 1,
  members: 2,
  joined: true,
  lastIndex: 10,
  readIndex: 5,
  unread: 0,
  mentions: 0,
  notify: 'mentions',
  ...more,
});
const message = (more: Partial<Message> = {}): Message => ({
  id: 'm',
  index: 11,
  room: 'r',
  text: 'hello',
  by: 'ann',
  name: 'Ann',
  at: 1,
  ...more,
});
const posted = (more: Partial<Message>): ChatEvent => {
  const one = message(more);
  return { type: 'message.posted', index: one.index, message: one };
};

describe('a notification', () => {
  test.each([
    ['all', [], true],
    ['mentions', [], false],
    ['mentions', ['me'], true],
    ['mentions', ['room'], true],
    ['mentions', ['bo'], false],
    ['none', ['me'], false],
  ] as const)('at level %s of a message that mentions %j: %j', (notify, mentions, told) => {
    expect(isWorthTelling(message({ mentions: [...mentions] }), room({ notify }), 'me')).toBe(told);
  });

  test('never tells of one’s own messages, of what was read, or of rooms one is not in', () => {
    const all = room({ notify: 'all' });
    expect(isWorthTelling(message({ by: 'me' }), all, 'me')).toBe(false);
    expect(isWorthTelling(message({ index: 5 }), all, 'me')).toBe(false);
    expect(isWorthTelling(message(), { ...all, joined: false }, 'me')).toBe(false);
  });

  test('tells of many messages at once only the newest of each room', () => {
    const rooms = new Map([
      ['r', room({ notify: 'all' })],
      ['s', room({ id: 's', notify: 'all' })],
    ]);
    const events = [posted({ index: 11 }), posted({ index: 12, room: 's' }), posted({ index: 13 })];
    expect(toldOf(events, rooms, 'me').map(({ message: { index } }) => index)).toEqual([12, 13]);
  });

  test('reads as plain text', () => {
    expect(lineOf('**Hi** _there_, see [the plan](https://x.org)\n\n```js\nlet a = 1\n```')).toBe(
      'Hi there, see the plan let a = 1',
    );
    expect(lineOf('snake_case and 2 * 3 stay')).toBe('snake_case and 2 * 3 stay');
    expect(lineOf('x'.repeat(500))).toHaveLength(200);
  });
});

describe('what waits', () => {
  test('counts what is meant for one before the rest, and what is muted only when it names one', () => {
    const rooms = [
      room({ id: 'a', unread: 5, mentions: 1 }),
      room({ id: 'b', unread: 7, notify: 'none' }),
      room({ id: 'c', unread: 9, mentions: 2, notify: 'none' }),
      room({ id: 'd', unread: 3, access: 'direct' }),
      room({ id: 'e', unread: 8, joined: false }),
    ];
    expect(waitingIn(new Map(rooms.map((one) => [one.id, one])))).toEqual({ forYou: 6, unread: 10 });
  });

  test('stands in the title, and differs in form', () => {
    expect(titleMark({ forYou: 2, unread: 5 })).toBe('(@2) ');
    expect(titleMark({ forYou: 0, unread: 5 })).toBe('(5) ');
    expect(titleMark({ forYou: 0, unread: 0 })).toBe('');
  });
});

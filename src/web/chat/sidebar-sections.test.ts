import { describe, expect, test } from 'vitest';
import type { Room, User } from '../../client/index.ts';
import { roomBeside, sectionsOf } from './sidebar-sections.ts';

const person = (id: string, name: string): [string, User] => [id, { id, name, role: 'member', joinedAt: 1 }];
const users = new Map([person('me', 'Me'), person('ann', 'Ann'), person('bo', 'Bó')]);
const room = (id: string, more: Partial<Room> = {}): Room => ({
  id,
  name: id,
  topic: '',
  access: 'open',
  createdBy: 'ann',
  createdAt: 1,
  members: 2,
  joined: true,
  lastIndex: 0,
  readIndex: 0,
  unread: 0,
  mentions: 0,
  notify: 'all',
  ...more,
});
const direct = (id: string, withIds: string[], more: Partial<Room> = {}): Room =>
  room(id, { name: '', access: 'direct', with: withIds, lastIndex: 1, ...more });
const sections = (rooms: Room[], wanted = '') => {
  const map = new Map(rooms.map((one) => [one.id, one]));
  const found = sectionsOf({ rooms: map, users, you: 'me', language: 'en', wanted });
  return {
    ids: Object.fromEntries(Object.entries(found).map(([k, list]) => [k, list.map(({ id }: Room) => id)])),
    found,
  };
};

describe('the sidebar', () => {
  test('has rooms by name, the room of all first, muted ones last; conversations by their newest message', () => {
    const { ids } = sections([
      room('zebra'),
      room('quiet', { notify: 'none' }),
      room('apple'),
      room('general'),
      room('old', { archived: true }),
      room('elsewhere', { joined: false }),
      direct('d1', ['me', 'ann'], { lastIndex: 5 }),
      direct('d2', ['me', 'bo'], { lastIndex: 9 }),
    ]);
    expect(ids).toEqual({ rooms: ['general', 'apple', 'zebra', 'quiet'], directs: ['d2', 'd1'], archived: ['old'] });
  });

  test('shows a conversation in which nothing was said to whoever opened it only', () => {
    const { ids } = sections([
      direct('mine', ['me', 'ann'], { lastIndex: 0, createdBy: 'me' }),
      direct('theirs', ['me', 'bo'], { lastIndex: 0, createdBy: 'bo' }),
    ]);
    expect(ids.directs).toEqual(['mine']);
  });

  test('finds conversations by the names of those in them, whatever their accents', () => {
    const { ids } = sections([room('bog'), room('tea'), direct('d', ['me', 'bo'])], 'bo');
    expect(ids).toEqual({ rooms: ['bog'], directs: ['d'], archived: [] });
  });
});

describe('going from room to room', () => {
  const rooms = [room('general'), room('a', { unread: 1, notify: 'none' }), room('b', { unread: 2 }), room('c')];
  const { found } = sections(rooms);
  // In the order shown: general, b, c, a (muted).
  test('goes round', () => {
    expect(roomBeside(found, 'general', 1, false)?.id).toBe('b');
    expect(roomBeside(found, 'general', -1, false)?.id).toBe('a');
    expect(roomBeside(found, 'a', 1, false)?.id).toBe('general');
    expect(roomBeside(found, null, 1, false)?.id).toBe('general');
    expect(roomBeside(found, null, -1, false)?.id).toBe('a');
  });

  test('where something waits passes over the rest, and over what is muted', () => {
    expect(roomBeside(found, 'general', -1, true)?.id).toBe('b');
    expect(roomBeside(found, 'b', 1, true)).toBeNull();
  });
});

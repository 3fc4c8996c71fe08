import { describe, expect, test } from 'vitest';
import type { Room, User } from '../../client/index.ts';
import { findsFor } from './switch-finds.ts';

const person = (id: string, name: string): [string, User] => [id, { id, name, role: 'member', joinedAt: 1 }];
const users = new Map([person('me', 'Me'), person('ann', 'Ann Lee'), person('bo', 'Bó'), person('cy', 'Cy Annan')]);
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
  notify: 'mentions',
  ...more,
});
const rooms = [
  room('general', { lastIndex: 9 }),
  room('planning', { lastIndex: 5, unread: 1 }),
  room('annual-fair', { lastIndex: 7 }),
  room('elsewhere', { joined: false }),
  room('old', { archived: true }),
  room('d', { name: '', access: 'direct', with: ['me', 'bo'], lastIndex: 8 }),
];
const finds = (wanted: string, current: string | null = null) =>
  findsFor({ rooms: new Map(rooms.map((one) => [one.id, one])), users, you: 'me', current, wanted, max: 8 }).map(
    ({ title }) => title,
  );

describe('the quick switcher', () => {
  test('offers without a word what waits, then the most recent, and not where one is', () => {
    expect(finds('')).toEqual(['#planning', '#general', 'Bó', '#annual-fair', '#elsewhere']);
    expect(finds('', 'general')).toEqual(['#planning', 'Bó', '#annual-fair', '#elsewhere']);
    expect(finds('general', 'general')).toEqual(['#general']);
  });

  test('finds rooms and people by a word, those first whose name begins with it', () => {
    expect(finds('ann')).toEqual(['#annual-fair', 'Ann Lee', 'Cy Annan', '#planning']);
    expect(finds('#pl')).toEqual(['#planning']);
  });

  test('finds a person once: as the conversation, where there is one', () => {
    expect(finds('bo')).toEqual(['Bó']);
    expect(finds('@bo')).toEqual(['Bó']);
  });

  test('finds what one is not in and what is archived by name', () => {
    expect(finds('else')).toEqual(['#elsewhere']);
    expect(finds('old')).toEqual(['#old']);
  });
});

import { describe, expect, test } from 'vitest';
import type { ChatEvent, Room, User } from '../../protocol/index.ts';
import { applyToDirectory, type Directory, fromLists } from './directory.ts';
import { initialState, withEvents, withLists, withReset, withTimeline } from './state.ts';
import { addPending } from './timeline-pending.ts';

const me: User = { id: 'me', name: 'Me', role: 'member', joinedAt: 1 };
const ann: User = { id: 'ann', name: 'Ann', role: 'member', joinedAt: 1 };
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
  readIndex: 10,
  unread: 0,
  mentions: 0,
  notify: 'all',
  ...more,
});
const { members, joined, lastIndex, readIndex, unread, mentions, notify, ...facts } = room();
const posted = (index: number, by: string, mentions?: string[]): ChatEvent => ({
  type: 'message.posted',
  index,
  message: { id: `m${index}`, index, room: 'r', text: 'x', by, name: by, at: 1, ...(mentions ? { mentions } : {}) },
});
const roomAfter = (directory: Directory, ...events: ChatEvent[]): Room | undefined =>
  events.reduce((known, event) => applyToDirectory(known, event, 'me'), directory).rooms.get('r');

describe('unread messages', () => {
  test('are those of others after what was read', () => {
    const start = fromLists([room()], [me]);
    expect(roomAfter(start, posted(11, 'ann'), posted(12, 'me'), posted(13, 'ann'))).toMatchObject({
      unread: 2,
      lastIndex: 13,
    });
  });

  test('are not counted twice when the list has them already', () => {
    expect(
      roomAfter(fromLists([room({ lastIndex: 12, unread: 2 })], []), posted(11, 'ann'), posted(12, 'ann'))?.unread,
    ).toBe(2);
  });

  test('are gone when the newest is read, on whichever device, and reading never goes back', () => {
    const start = fromLists([room({ lastIndex: 20, unread: 4 })], []);
    const read = (readIndex: number): ChatEvent => ({
      type: 'read.marked',
      index: 30,
      room: 'r',
      user: 'me',
      readIndex,
    });
    expect(roomAfter(start, read(20))).toMatchObject({ unread: 0, readIndex: 20 });
    expect(roomAfter(start, read(20), read(15))?.readIndex).toBe(20);
    expect(roomAfter(start, read(15))).toMatchObject({ unread: 4, readIndex: 15 });
  });

  test('of somebody else’s reading stay', () => {
    const start = fromLists([room({ lastIndex: 20, unread: 4 })], []);
    expect(roomAfter(start, { type: 'read.marked', index: 30, room: 'r', user: 'ann', readIndex: 20 })?.unread).toBe(4);
  });

  test('that mention one are counted apart, and are read with the others', () => {
    const start = fromLists([room()], [me]);
    const events = [posted(11, 'ann', ['me']), posted(12, 'ann', ['bo']), posted(13, 'ann', ['room'])];
    expect(roomAfter(start, ...events)).toMatchObject({ unread: 3, mentions: 2 });
    expect(
      roomAfter(start, ...events, { type: 'read.marked', index: 14, room: 'r', user: 'me', readIndex: 13 }),
    ).toMatchObject({ unread: 0, mentions: 0 });
  });

  test('are counted up to a thousand', () => {
    expect(roomAfter(fromLists([room({ unread: 1000 })], []), posted(11, 'ann'))?.unread).toBe(1000);
  });
});

describe('rooms', () => {
  test('that one joins begin read', () => {
    const start = fromLists([room({ joined: false, readIndex: 0, lastIndex: 8 })], []);
    expect(roomAfter(start, { type: 'room.joined', index: 9, room: facts, user: me })).toMatchObject({
      joined: true,
      members: 3,
      readIndex: 9,
      unread: 0,
    });
  });

  test('that others join and leave keep their count of members', () => {
    const start = fromLists([room()], []);
    const joins: ChatEvent = { type: 'room.joined', index: 11, room: facts, user: ann };
    expect(roomAfter(start, joins)).toMatchObject({ members: 3, joined: true });
    expect(roomAfter(start, joins, { ...joins, type: 'room.left', index: 12 })?.members).toBe(2);
  });

  test('that one leaves stay in sight when they are open, and go when they are closed', () => {
    const left: ChatEvent = { type: 'room.left', index: 11, room: facts, user: me };
    expect(roomAfter(fromLists([room({ unread: 3 })], []), left)).toMatchObject({ joined: false, unread: 0 });
    expect(roomAfter(fromLists([room({ access: 'closed' })], []), left)).toBeUndefined();
  });
});

describe('a room that changes', () => {
  test('has its new name and topic at once, and keeps what is one’s own', () => {
    const start = fromLists([room({ unread: 2, notify: 'none' })], [me]);
    const changed: ChatEvent = { type: 'room.changed', index: 11, room: { ...facts, name: 'tea', topic: 'green' } };
    expect(roomAfter(start, changed)).toMatchObject({ name: 'tea', topic: 'green', unread: 2, notify: 'none' });
  });

  test('is archived and taken back', () => {
    const archived: ChatEvent = { type: 'room.changed', index: 11, room: { ...facts, archived: true } };
    const back: ChatEvent = { type: 'room.changed', index: 12, room: facts };
    expect(roomAfter(fromLists([room()], [me]), archived)?.archived).toBe(true);
    expect(roomAfter(fromLists([room()], [me]), archived, back)?.archived).toBeUndefined();
  });

  test('notifies from now on as the person said on another device', () => {
    expect(
      roomAfter(fromLists([room()], [me]), { type: 'room.notified', index: 11, room: 'r', level: 'none' })?.notify,
    ).toBe('none');
  });
});

describe('a conversation between people', () => {
  const direct = { ...facts, name: '', access: 'direct', with: ['ann', 'me'] } as const;

  test('has all its members from the start, however many events say so', () => {
    const joins = (user: User): ChatEvent => ({
      type: 'room.joined',
      index: 11,
      room: { ...direct, with: ['ann', 'me'] },
      user,
    });
    const made: ChatEvent = { type: 'room.created', index: 11, room: { ...direct, with: ['ann', 'me'] } };
    expect(roomAfter(fromLists([], []), made)).toMatchObject({ members: 2, joined: true });
    expect(roomAfter(fromLists([], []), made, joins(ann), joins(me))).toMatchObject({ members: 2, joined: true });
    expect(roomAfter(fromLists([], []), joins(ann))).toMatchObject({ members: 2, joined: true });
  });
});

describe('lists that come after events', () => {
  const joins: ChatEvent = { type: 'room.joined', index: 11, room: facts, user: ann };

  test('have the last word on members, and the events on messages', () => {
    const state = withLists({ ...initialState, you: me }, [room({ members: 3 })], [me], [joins, posted(12, 'ann')]);
    expect(state.directory.rooms.get('r')).toMatchObject({ members: 3, unread: 1, lastIndex: 12 });
    expect(state.phase).toBe('ready');
  });

  test('do not lose a room that was made meanwhile', () => {
    const created: ChatEvent = { type: 'room.created', index: 11, room: facts };
    const state = withLists({ ...initialState, you: me }, [], [me], [created, { ...joins, index: 12 }]);
    expect(state.directory.rooms.get('r')).toMatchObject({ name: 'room', members: 1 });
  });
});

describe('a reset', () => {
  const room1 = withTimeline({ ...initialState, you: me }, 'r', (timeline) =>
    addPending(timeline, { id: 'p', text: 'x', at: 1, state: 'waiting' }),
  );
  const shown = withEvents(room1, [posted(11, 'ann')]);

  test('of the same log leaves what is shown until the new page comes', () => {
    expect(withReset(shown, 11, 20).timelines.get('r')).toMatchObject({ staleUpto: 20, messages: [{ index: 11 }] });
  });

  test('to another log leaves only what still waits to be sent', () => {
    expect(withReset(shown, 11, 5).timelines.get('r')).toMatchObject({ messages: [], pending: [{ id: 'p' }] });
  });
});

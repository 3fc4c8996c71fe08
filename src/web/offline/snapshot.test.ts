import { describe, expect, test } from 'vitest';
import type { Message, Room, User } from '../../client/index.ts';
import { limits } from '../../client/index.ts';
import { fromLists } from '../store/directory.ts';
import { type ChatState, initialState } from '../store/state.ts';
import { emptyTimeline, type Timeline } from '../store/timeline.ts';
import { type Moment, type Part, partsOf, restoredFrom } from './snapshot.ts';

const you: User = { id: 'me', name: 'Me', role: 'member', joinedAt: 1 };
const room = (id: string): Room => ({
  id,
  name: id,
  topic: '',
  access: 'open',
  createdBy: 'me',
  createdAt: 1,
  members: 1,
  joined: true,
  lastIndex: 1,
  readIndex: 1,
  unread: 0,
  mentions: 0,
  notify: 'all',
});
const message = (index: number, text = 'x'): Message => ({
  id: `m${index}`,
  index,
  room: 'r',
  text,
  by: 'me',
  name: 'Me',
  at: index,
});
const timeline = (more: Partial<Timeline> = {}): Timeline => ({
  ...emptyTimeline,
  older: null,
  messages: [message(1), message(2)],
  ...more,
});

const moment = (
  rooms: Record<string, Timeline>,
  more: Partial<Moment & { state: Partial<ChatState> }> = {},
): Moment => ({
  position: 10,
  at: 1_000,
  visited: new Map(Object.keys(rooms).map((id, place) => [id, place])),
  ...more,
  state: {
    ...initialState,
    phase: 'ready',
    you,
    workspace: 'w',
    directory: fromLists(Object.keys(rooms).map(room), [you]),
    timelines: new Map(Object.entries(rooms)),
    ...more.state,
  },
});

/** A database of parts, which pages write to and begin from. */
const device = () => {
  const parts = new Map<string, Part>();
  return {
    parts,
    write: (writer: string, now: Moment, before: Moment | null = null) => {
      const { put, keep } = partsOf(now, before, writer);
      for (const part of put) parts.set(part.key, part);
      for (const key of parts.keys()) if (!keep.has(key)) parts.delete(key);
      return put.map(({ key }) => key).sort();
    },
    read: (person: string | null = 'me') => restoredFrom([...parts.values()], person),
  };
};

describe('what a device keeps', () => {
  test('is what the next page begins with: rooms, people, messages, and the position to go on from', () => {
    const { write, read } = device();
    const shown = timeline({ stored: new Map([['m2', 3]]) });
    const members = new Map([['r', new Map([['me', 2]])]]);
    write('a', moment({ r: shown }, { state: { members } }));
    const restored = read()!;
    expect(restored).toMatchObject({ you, workspace: 'w', position: 10, at: 1_000 });
    expect(restored.timelines.get('r')).toEqual(shown);
    expect(restored.members).toEqual(members);
    expect([...restored.directory.rooms.keys()]).toEqual(['r']);
    expect(restored.visited.get('r')).toBe(0);
  });

  test('is nothing to another person, nor to one who left', () => {
    const { write, read } = device();
    write('a', moment({ r: timeline() }));
    expect([read('them'), read(null)]).toEqual([null, null]);
  });

  test('is written again only as far as it changed', () => {
    const { write, read } = device();
    const first = moment({ r: timeline(), s: timeline() });
    expect(write('a', first)).toEqual(['head', 'people', 'room:r', 'room:s', 'rooms']);
    const timelines = new Map(first.state.timelines).set('s', timeline({ messages: [message(1), message(11)] }));
    const second = { ...first, position: 11, state: { ...first.state, timelines } };
    expect(write('a', second, first)).toEqual(['head', 'room:s']);
    expect(read()?.timelines.get('s')?.messages.at(-1)?.index).toBe(11);
    expect(read()?.timelines.get('r')?.staleUpto).toBe(0);
  });

  test('of a room that another page wrote last can be read, and is loaded again', () => {
    const { write, parts, read } = device();
    write('a', moment({ r: timeline() }));
    const old = parts.get('room:r')!;
    write('b', moment({ r: timeline(), s: timeline() }, { position: 20 }));
    parts.set('room:r', old);
    expect(read()?.timelines.get('r')).toMatchObject({ staleUpto: 20, messages: [{ index: 1 }, { index: 2 }] });
    expect(read()?.timelines.get('s')?.staleUpto).toBe(0);
  });

  test('of a window somewhere in the past is loaded again', () => {
    const { write, read } = device();
    write('a', moment({ r: timeline({ newer: 5 }) }));
    expect(read()?.timelines.get('r')?.staleUpto).toBe(10);
  });

  test('loses a room that one does not see any more', () => {
    const { write, parts } = device();
    const first = moment({ r: timeline(), closed: timeline() });
    write('a', first);
    const state = { ...first.state, directory: fromLists([room('r')], [you]) };
    write('a', { ...first, state }, first);
    expect([...parts.keys()].sort()).toEqual(['head', 'people', 'room:r', 'rooms']);
  });

  test('has the rooms looked at last, the newest messages of each, and no more than fits', () => {
    const { write, read } = device();
    const many = Object.fromEntries(
      Array.from({ length: limits.clientCacheRooms + 2 }, (_, n) => [`r${n}`, timeline()]),
    );
    const long = Array.from({ length: 300 }, (_, n) => message(n + 1));
    const heavy = Array.from({ length: 50 }, (_, n) => message(n + 1, 'y'.repeat(8_000)));
    write('a', moment({ ...many, long: timeline({ messages: long }), heavy: timeline({ messages: heavy }) }));
    const { timelines } = read()!;
    expect(timelines.size).toBe(limits.clientCacheRooms);
    expect([timelines.has('r0'), timelines.has('heavy')]).toEqual([false, true]);
    expect(timelines.get('long')).toMatchObject({ older: 301 - limits.clientCacheRoomMessages });
    expect(timelines.get('long')?.messages).toHaveLength(limits.clientCacheRoomMessages);
    expect(timelines.get('heavy')?.messages.at(-1)?.index).toBe(50);
    expect(JSON.stringify(timelines.get('heavy')?.messages).length).toBeLessThan(
      limits.clientCacheRoomMaxChars + 1_000,
    );
  });

  test('has what failed in its place, and how it looked what is on its way', () => {
    const { write, read } = device();
    const failed = { id: 'f', text: 'no', at: 5, state: 'failed', code: 'room-archived' } as const;
    const quote = { id: 'm1', index: 1, by: 'me', name: 'Me', text: 'x' };
    const waiting = { id: 'w', text: 'yes', at: 6, state: 'waiting', replyTo: quote } as const;
    write('a', moment({ r: timeline({ pending: [failed, waiting] }) }));
    expect(read()?.timelines.get('r')?.pending).toEqual([failed]);
    expect(read()?.onTheirWay.get('w')).toEqual(waiting);
  });

  test('of another format, or with a part missing, is not read', () => {
    const { write, parts, read } = device();
    write('a', moment({ r: timeline() }));
    parts.delete('people');
    expect(read()).toBeNull();
    write('a', moment({ r: timeline() }));
    parts.set('head', { ...parts.get('head'), format: 0 } as Part);
    expect(read()).toBeNull();
  });
});

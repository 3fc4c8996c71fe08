/** Who gets which frame of a turn, and what it says of the cursor. */
import { describe, expect, it } from 'vitest';
import type { Applied, Chat } from '../../chat/index.ts';
import type { AddressedEvent, EventsFrame, Message, RoomFacts, User } from '../../protocol/index.ts';
import type { Chunk } from './chunk.ts';
import { Hub, type Seat } from './hub.ts';

const user = (id: string): User => ({ id, name: id, role: 'member', joinedAt: 0 });
const roomFacts = (id: string): RoomFacts => ({
  id,
  name: id,
  topic: '',
  access: 'open',
  createdBy: 'ana',
  createdAt: 0,
});

const posted = (index: number, room: string): AddressedEvent => {
  const message: Message = { id: `m${index}`, index, room, text: '', by: 'ana', name: 'Ana', at: 0 };
  return { audience: { to: 'room', room }, event: { index, type: 'message.posted', message } };
};
const joined = (index: number, room: string, id: string): AddressedEvent => ({
  audience: { to: 'room', room },
  event: { index, type: 'room.joined', room: roomFacts(room), user: user(id) },
});
const left = (index: number, room: string, id: string): AddressedEvent[] => {
  const event = { index, type: 'room.left', room: roomFacts(room), user: user(id) } as const;
  return [
    { audience: { to: 'room', room }, event },
    { audience: { to: 'user', user: id }, event },
  ];
};
const userJoined = (index: number): AddressedEvent => ({
  audience: { to: 'all' },
  event: { index, type: 'user.joined', user: user(`u${index}`) },
});
const readMarked = (index: number, id: string): AddressedEvent => ({
  audience: { to: 'user', user: id },
  event: { index, type: 'read.marked', room: 'a', user: id, readIndex: 1 },
});

/** A live seat that keeps what it is sent. */
class Kept implements Seat {
  readonly userId: string;
  readonly isSignedIn = true;
  held: Chunk | null = null;
  readonly buffers: Buffer[] = [];
  endedAt = 0;
  constructor(userId: string) {
    this.userId = userId;
  }
  write(frame: Buffer): void {
    this.buffers.push(frame);
  }
  turnEnded(upto: number): void {
    this.endedAt = upto;
  }
  get frames(): EventsFrame[] {
    return this.buffers.map((buffer) => JSON.parse(buffer.subarray(buffer.indexOf('{')).toString()) as EventsFrame);
  }
  /** Frames in short: `room: indices → upto`. */
  get told(): string[] {
    return this.frames.map(({ room, events, upto }) => `${room}: ${events.map(({ index }) => index)} → ${upto}`);
  }
}

/** A hub of people and the rooms they are in; all that the hub asks the chat for. */
const hubOf = (rooms: Record<string, string[]>) => {
  const hub = new Hub({ roomsOf: (id: string) => rooms[id] ?? [] } as unknown as Chat);
  const seats = Object.fromEntries(Object.keys(rooms).map((id) => [id, new Kept(id)]));
  for (const seat of Object.values(seats)) hub.enter(seat);
  const turn = (before: number, ...entries: AddressedEvent[][]): void => {
    const applied = entries.map((events, at): Applied => {
      const index = before + 1 + at;
      return {
        index,
        id: `${index}`,
        outcome: { ok: true },
        firstIndex: index,
        events,
        sessionsEnded: [],
        piecesFreed: [],
      };
    });
    hub.deliver({ before, upto: before + entries.length, entries: [], applied });
  };
  return { hub, seats, turn };
};

describe('a turn', () => {
  it('is one frame a room, one buffer for all its sockets', () => {
    const { seats, turn } = hubOf({ ana: ['a'], bo: ['a'] });
    turn(10, [posted(11, 'a')], [posted(12, 'a')], [posted(13, 'a')]);
    expect(seats.ana?.told).toEqual(['a: 11,12,13 → 13']);
    expect(seats.bo?.buffers[0]).toBe(seats.ana?.buffers[0]);
    expect(seats.ana?.endedAt).toBe(13);
  });

  it('moves the cursor with the last frame that a socket gets, and with no earlier one', () => {
    const { seats, turn } = hubOf({ ana: ['a', 'b'], bo: ['b'], cleo: ['c'] });
    turn(10, [posted(11, 'a')], [posted(12, 'b')], [posted(13, 'a')]);
    expect(seats.ana?.told).toEqual(['a: 11,13 → 10', 'b: 12 → 13']);
    expect(seats.bo?.told).toEqual(['b: 12 → 13']);
    expect(seats.cleo?.told).toEqual([]);
  });

  it('gives who joins what follows, and who leaves what came before', () => {
    const { seats, turn } = hubOf({ ana: ['a'], bo: [] });
    turn(0, [posted(1, 'a')], [joined(2, 'a', 'bo')], [posted(3, 'a')], left(4, 'a', 'bo'), [posted(5, 'a')]);
    expect(seats.bo?.told).toEqual(['a: 2,3 → 0', 'null: 4 → 5']);
    expect(seats.ana?.told).toEqual(['a: 1 → 0', 'a: 2,3 → 0', 'a: 4,5 → 5']);
  });

  it('is not cut for who joins without a socket here', () => {
    const { seats, turn } = hubOf({ ana: ['a'] });
    turn(0, [posted(1, 'a')], [joined(2, 'a', 'bo')], [posted(3, 'a')]);
    expect(seats.ana?.told).toEqual(['a: 1,2,3 → 3']);
  });

  it('tells a person’s own and the workspace’s events in one frame, by index', () => {
    const { seats, turn } = hubOf({ ana: [], bo: [] });
    turn(0, [readMarked(1, 'ana')], [userJoined(2)], [readMarked(3, 'ana')]);
    expect(seats.ana?.told).toEqual(['null: 1,2,3 → 3']);
    expect(seats.bo?.told).toEqual(['null: 2 → 3']);
  });

  it('goes to the live only', () => {
    const { hub, seats, turn } = hubOf({ ana: ['a'], bo: ['a'] });
    hub.leave(seats.bo!);
    turn(0, [posted(1, 'a')]);
    expect(seats.bo?.told).toEqual([]);
    hub.enter(seats.bo!);
    turn(1, [posted(2, 'a')]);
    expect(seats.bo?.told).toEqual(['a: 2 → 2']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent, EventsFrame } from '../protocol/index.ts';
import { Stream } from './stream.ts';

const posted = (room: string, index: number): ChatEvent => ({
  type: 'message.posted',
  index,
  message: { id: `m${index}`, index, room, text: '', by: 'u', name: 'U', at: 0 },
});

const frame = (room: string | null, upto: number, ...events: ChatEvent[]): EventsFrame => ({
  type: 'events',
  room,
  upto,
  events,
});

const indices = (events: readonly ChatEvent[]): number[] => events.map((event) => event.index);

describe('the stream', () => {
  it('begins where the first welcome says, when nothing was asked for', () => {
    const stream = new Stream(null);
    expect([stream.position, stream.resume(7), stream.position]).toEqual([null, 'fresh', 7]);
  });

  it('is recovered when a server goes on exactly after its position', () => {
    expect(new Stream(7).resume(7)).toBe('recovered');
  });

  it('is reset when a server goes on elsewhere: further on, or in a log that knows less', () => {
    const ahead = new Stream(7);
    expect([ahead.resume(9), ahead.position]).toEqual(['reset', 9]);
    const behind = new Stream(7);
    expect([behind.resume(3), behind.position]).toEqual(['reset', 3]);
    expect(indices(behind.accept(frame('a', 5, posted('a', 5))))).toEqual([5]);
  });

  it('goes on after a reset’s index', () => {
    const stream = new Stream(7);
    stream.reset(100);
    expect(indices(stream.accept(frame('a', 101, posted('a', 99), posted('a', 101))))).toEqual([101]);
  });

  it('hands out what is ahead of the position once, though the position waits for the turn’s last frame', () => {
    const stream = new Stream(0);
    expect(indices(stream.accept(frame('a', 0, posted('a', 1), posted('a', 3))))).toEqual([1, 3]);
    expect(stream.position).toBe(0);
    // The socket is cut here, and the next server begins after 0 again.
    stream.resume(0);
    expect(indices(stream.accept(frame('a', 0, posted('a', 1), posted('a', 3))))).toEqual([]);
    expect(indices(stream.accept(frame('b', 3, posted('b', 2))))).toEqual([2]);
    expect(stream.position).toBe(3);
  });

  it('keeps events of one index apart when they say different things', () => {
    const room = { id: 'r', name: 'r', topic: '', access: 'open', createdBy: 'u', createdAt: 0 } as const;
    const user = { id: 'u', name: 'U', role: 'member', joinedAt: 0 } as const;
    const created: ChatEvent = { type: 'room.created', index: 5, room };
    const joined: ChatEvent = { type: 'room.joined', index: 5, room, user };
    const stream = new Stream(4);
    expect(stream.accept(frame(null, 4, created))).toEqual([created]);
    expect(stream.accept(frame(null, 5, created, joined))).toEqual([joined]);
  });

  it('never moves back for a late frame', () => {
    const stream = new Stream(10);
    stream.accept(frame(null, 4));
    expect(stream.position).toBe(10);
  });

  it('hands out each event once and in order, wherever sockets are cut and whatever is repeated', () => {
    const log = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 60, size: 'max' });
    const cuts = fc.array(fc.record({ frames: fc.integer({ min: 1, max: 6 }), turn: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 30,
      size: 'max',
    });
    fc.assert(
      fc.property(log, cuts, (rooms, connections) => {
        const stream = new Stream(0);
        const got: ChatEvent[] = [];
        // Each connection sends turns of some entries, one frame a room, and is cut after some frames.
        const connect = (turn: number, framesUntilCut: number): void => {
          let left = framesUntilCut;
          let from = stream.position ?? 0;
          expect(stream.resume(from)).toBe('recovered');
          while (from < rooms.length) {
            const upto = Math.min(rooms.length, from + turn);
            const byRoom = Map.groupBy(
              rooms.slice(from, upto).map((room, at) => posted(room, from + at + 1)),
              (event) => (event.type === 'message.posted' ? event.message.room : ''),
            );
            const list = [...byRoom];
            for (const [at, [room, events]] of list.entries()) {
              if (left-- === 0) return;
              got.push(...stream.accept(frame(room, at === list.length - 1 ? upto : from, ...events)));
            }
            from = upto;
          }
        };
        for (const { turn, frames } of connections) connect(turn, frames);
        connect(4, Number.POSITIVE_INFINITY);
        for (const name of ['a', 'b', 'c']) {
          const inRoom = got.filter((event) => event.type === 'message.posted' && event.message.room === name);
          const sent = rooms.flatMap((room, at) => (room === name ? [at + 1] : []));
          expect(indices(inRoom)).toEqual(sent);
        }
        expect(stream.position).toBe(rooms.length);
      }),
    );
  });
});

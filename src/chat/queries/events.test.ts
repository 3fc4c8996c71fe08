import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AddressedEvent } from '../../protocol/index.ts';
import { type Applied, openChat, type Retention } from '../index.ts';
import { randomLog } from '../random-log.ts';
import { type Scene, scene } from '../test-log.ts';

const keepAll: Retention = { outcomesKeptPositions: 1_000, eventsKeptPositions: 1_000, stepPositions: 1_000 };

/** Delivers events as they happen, as a server does: to whom they go is settled entry by entry. */
const liveDelivery = () => {
  const rooms = new Map<string, Set<string>>();
  const inboxes = new Map<string, AddressedEvent[]>();
  const inRoom = (room: string): Set<string> => rooms.get(room) ?? rooms.set(room, new Set()).get(room)!;
  const deliver = ({ events }: Applied): void => {
    for (const { event } of events) {
      if (event.type === 'user.joined') inboxes.set(event.user.id, []);
      if (event.type === 'room.joined') inRoom(event.room.id).add(event.user.id);
      if (event.type === 'room.left') inRoom(event.room.id).delete(event.user.id);
    }
    for (const addressed of events) {
      const { audience } = addressed;
      for (const [user, inbox] of inboxes) {
        const isFor =
          audience.to === 'all' || (audience.to === 'user' ? audience.user === user : inRoom(audience.room).has(user));
        if (isFor) inbox.push(addressed);
      }
    }
  };
  return { deliver, inboxes, inRoom };
};

let folder: string;
let files = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('R17 who comes back gets, from any index, exactly what they would have got live', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 30 }), fc.integer({ min: 1, max: 90 }), (seed, limit) => {
      const path = join(folder, `${files++}.db`);
      const first = openChat(path, keepAll);
      const live = liveDelivery();
      const entries = randomLog(seed, 400);
      for (const applied of first.apply(entries.slice(0, 300))) live.deliver(applied);
      first.close();
      // What came before opening is in the tables alone; what came after it is in memory too.
      const chat = openChat(path, keepAll);
      for (const applied of chat.apply(entries.slice(300))) live.deliver(applied);
      for (const [user, inbox] of live.inboxes) {
        expect(new Set(chat.roomsOf(user))).toEqual(
          new Set(chat.rooms(user).flatMap(({ id }) => (live.inRoom(id).has(user) ? [id] : []))),
        );
        const got: AddressedEvent[] = [];
        for (let after = seed % 100; after < chat.position.index; ) {
          const part = chat.eventsAfter(user, after, limit)!;
          expect(part.upto).toBe(Math.min(after + limit, chat.position.index));
          got.push(...part.events);
          after = part.upto;
        }
        expect(got).toEqual(inbox.filter(({ event }) => event.index > seed % 100));
      }
      chat.close();
    }),
    { numRuns: 25 },
  );
});

test('R17 a message comes back as it was said, whatever became of it, from memory and from the tables', () => {
  const path = join(folder, 'chat.db');
  const s = scene(openChat(path));
  const ann = s.person('Ann');
  const { id, index } = s.post(ann, 'general', 'first');
  s.run(ann, 'message.edit', { message: id, text: 'second' });
  s.run(ann, 'message.delete', { message: id });
  const inMemory = s.chat.eventsAfter(ann, index - 1, 10)!;
  expect(inMemory.events.map(({ event }) => 'message' in event && event.message.text)).toEqual(['first', 'second', '']);
  s.chat.close();
  const again = openChat(path);
  expect(again.eventsAfter(ann, index - 1, 10)).toEqual(inMemory);
  again.close();
});

describe('the audience of an event', () => {
  let s: Scene;
  let ann: string;
  let bob: string;
  beforeEach(() => {
    s = scene(openChat(':memory:'));
    ann = s.person('Ann');
    bob = s.person('Bob');
  });
  afterEach(() => s.chat.close());

  const typesOf = (user: string, after: number) =>
    s.chat.eventsAfter(user, after, 1_000)!.events.map(({ event }) => event.type);

  test('of a closed room: nobody who is not in it', () => {
    const { index } = s.chat.position;
    const room = s.room(ann, 'secret', 'closed');
    const { id } = s.post(ann, room, 'one');
    s.run(ann, 'message.edit', { message: id, text: 'two' });
    s.run(ann, 'message.delete', { message: id });
    expect(typesOf(ann, index)).toEqual([
      'room.created',
      'room.joined',
      'message.posted',
      'message.edited',
      'message.deleted',
    ]);
    expect(typesOf(bob, index)).toEqual([]);
  });

  test('who leaves is told so, and nothing of the room from then on', () => {
    s.room(ann, 'plans');
    s.run(bob, 'room.join', { room: 'plans' });
    const { index } = s.post(ann, 'plans', 'while there');
    s.run(bob, 'room.leave', { room: 'plans' });
    s.post(ann, 'plans', 'after');
    expect(typesOf(bob, index - 1)).toEqual(['message.posted', 'room.left']);
    expect(typesOf(ann, index - 1)).toEqual(['message.posted', 'room.left', 'message.posted']);
  });

  test('who joins again has missed what was said between', () => {
    s.room(ann, 'plans');
    s.run(bob, 'room.join', { room: 'plans' });
    const { index } = s.run(bob, 'room.leave', { room: 'plans' });
    s.post(ann, 'plans', 'between');
    s.run(bob, 'room.join', { room: 'plans' });
    s.post(ann, 'plans', 'again');
    expect(typesOf(bob, index - 2)).toEqual(['room.joined', 'room.left', 'room.joined', 'message.posted']);
  });

  test('before one joined the workspace, nothing', () => {
    s.post(ann, 'general', 'hello');
    const cy = s.person('Cy');
    expect(typesOf(cy, 0)).toEqual(['user.joined', 'room.joined']);
    expect(s.chat.eventsAfter('nobody', 0, 10)).toEqual({ events: [], upto: 4 });
  });

  test('of what one wants to be told is oneself', () => {
    const { index } = s.post(ann, 'general', 'hello');
    s.run(bob, 'room.notify', { room: 'general', level: 'none' });
    expect(typesOf(bob, index)).toEqual(['room.notified']);
    expect(typesOf(ann, index)).toEqual([]);
  });

  test('at the end there is nothing, also beyond it', () => {
    const { index } = s.chat.position;
    expect(s.chat.eventsAfter(ann, index, 10)).toEqual({ events: [], upto: index });
    expect(s.chat.eventsAfter(ann, index + 5, 10)).toEqual({ events: [], upto: index + 5 });
  });
});

test('R17 who is further behind than events are kept is told to start over', () => {
  const s = scene(openChat(':memory:', { outcomesKeptPositions: 40, eventsKeptPositions: 20, stepPositions: 10 }));
  const ann = s.person('Ann');
  s.room(ann, 'plans');
  s.run(ann, 'room.leave', { room: 'plans' });
  s.post(ann, 'general', 'hello');
  s.passTime(29);
  expect(s.chat.eventsAfter(ann, 0, 100)?.events).toHaveLength(6);
  s.passTime(30);
  expect(s.chat.eventsAfter(ann, 9, 100)).toBeNull();
  expect(s.chat.eventsAfter(ann, 10, 100)).toEqual({ events: [], upto: 30 });
  s.chat.close();
});

/**
 * One stream, however it is read: from its beginning to its end on one socket, or from any index on, on any server.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatEvent, limits, newCommandId, type TopologyView, type User } from '../../protocol/index.ts';
import { delegate, machineKey, startTestCluster, type TestCluster, type TestSocket } from '../test-kit.ts';

let cluster: TestCluster;
let ana: { readonly token: string; readonly user: User };
let bo: { readonly token: string; readonly user: User };

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'], limits: { resumeSlicePositions: 23 } });
  ana = await cluster.join('Ana');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

type Told = ReturnType<TestSocket['events']>[number];

/** What was told of each room, in the order it was told. */
const byRoom = (told: readonly Told[]): Map<string | null, ChatEvent[]> => {
  const rooms = new Map<string | null, ChatEvent[]>();
  for (const { room, event } of told) {
    const events = rooms.get(room);
    if (events === undefined) rooms.set(room, [event]);
    else events.push(event);
  }
  return new Map([...rooms].sort());
};

const upto = (socket: TestSocket, index: number) => socket.until(() => socket.cursor >= index, `index ${index}`);

/**
 * What else is told of a room, in turns by the one and the other: who is brought in and taken out, and what changes. Each
 * waits for the one before, or nobody waits: then the server takes them as they come, and refuses what comes too early.
 */
const marks = async (one: TestSocket, two: TestSocket, room: string, round: number): Promise<void> => {
  const waits = round < 3;
  const all: Promise<unknown>[] = [];
  const say = async (done: Promise<unknown>): Promise<void> => {
    all.push(done);
    if (waits) await done;
  };
  const message = newCommandId();
  await say(one.done('message.post', { room, text: `@Bo, ${round}?` }, message));
  await say(two.done('message.react', { message, emoji: '👍', on: true }));
  await say(one.done('room.invite', { room, user: bo.user.id }));
  await say(two.done('message.react', { message, emoji: '👍', on: true }));
  await say(one.done('message.react', { message, emoji: '👍', on: true }));
  await say(one.done('message.pin', { message, on: true }));
  await say(two.done('message.post', { room, text: 'Yes.', replyTo: message }));
  await say(one.done('message.edit', { message, text: `@Bo: ${round}!` }));
  await say(two.done('profile.edit', { name: `Bo ${round}`, about: `for the ${round}th time` }));
  await say(one.done('message.delete', { message }));
  await say(one.done('room.remove', { room, user: bo.user.id }));
  await say(two.done('message.react', { message, emoji: '🎉', on: true }));
  await say(one.done('room.edit', { room, name: `renamed-${round}`, topic: 'Whatever' }));
  await say(two.done('room.notify', { room: 'general', level: round % 2 === 0 ? 'all' : 'none' }));
  await say(one.done('room.archive', { room, archived: true }));
  await say(two.done('message.post', { room, text: 'too late' }));
  await say(one.done('room.archive', { room, archived: false }));
  await say(two.done('profile.edit', { name: 'Bo' }));
  await say(one.done('direct.open', { users: [bo.user.id] }));
  await say(two.done('read.mark', { room: 'general', index: 1_000_000 }));
  await Promise.all(all);
};

/**
 * Everything that moves people between rooms, many at a time, so that turns hold several of them. Gives the last index.
 */
const commotion = async (): Promise<number> => {
  const [one, two] = [await cluster.socket(ana.token), await cluster.socket(bo.token)];
  const ids: [TestSocket, string][] = [];
  const post = (socket: TestSocket, room: string, text: string) =>
    ids.push([socket, socket.do('message.post', { room, text })]);
  const rooms: string[] = [];
  for (let round = 0; round < 6; round++) {
    const room = one.do('room.create', { name: `room-${round}`, access: round % 3 === 0 ? 'closed' : 'open' });
    rooms.push(room);
    ids.push([one, room]);
    for (let n = 0; n < 6; n++) {
      post(one, room, `before ${n}`);
      post(two, 'general', `aside ${n}`);
    }
    ids.push([two, two.do('room.join', { room })]);
    for (let n = 0; n < 6; n++) {
      post(one, room, `between ${n}`);
      post(two, room, `from the other ${n}`);
    }
    ids.push([two, two.do('read.mark', { room: 'general', index: 1_000_000 })]);
    ids.push([two, two.do('room.leave', { room })]);
    for (let n = 0; n < 6; n++) post(one, room, `after ${n}`);
    await marks(one, two, room, round);
    if (round % 2 === 0) ids.push([two, two.do('room.join', { room })]);
    await cluster.join(`Guest ${round}`);
    // A guest is in no closed room, so this takes Bo out of one.
    const body = { name: 'Bo', role: round % 2 === 0 ? 'guest' : 'member' };
    await cluster.ask('POST', '/api/v1/tokens', { token: machineKey, body });
  }
  await Promise.all(ids.map(([socket, id]) => socket.frame('done', (frame) => frame.id === id)));
  const { index } = await one.done('message.post', { room: 'general', text: 'the end' });
  one.ws.close();
  two.ws.close();
  return index;
};

/** What the commotion tells the one and the other. Nobody is told what another person wants to be notified of. */
const everyType = (person: number): ReadonlySet<ChatEvent['type']> =>
  new Set<ChatEvent['type']>([
    'message.posted',
    'message.edited',
    'message.deleted',
    'message.reacted',
    'message.pinned',
    'room.created',
    'room.changed',
    'room.joined',
    'room.left',
    'user.joined',
    'user.changed',
    'read.marked',
    ...(person === 1 ? (['room.notified'] as const) : []),
  ]);

describe('the stream', () => {
  it('is the same live, and resumed from any index on any server', async () => {
    const people = [ana, bo];
    const live = await Promise.all(
      people.map(({ token }) => Promise.all([cluster.socket(token), cluster.socket(token, { at: 1 })])),
    );
    const start = Math.max(...live.flat().map(({ frames }) => (frames[0]?.type === 'welcome' ? frames[0].index : 0)));
    const end = await commotion();
    for (const [at, { token }] of people.entries()) {
      const [one, two] = live[at]!;
      await Promise.all([upto(one, end), upto(two, end)]);
      const told = one.events().filter(({ event }) => event.index > start);
      expect(told.length).toBeGreaterThan(100);
      expect(new Set(told.map(({ event }) => event.type))).toEqual(everyType(at));
      expect(byRoom(two.events().filter(({ event }) => event.index > start))).toEqual(byRoom(told));
      for (let after = start; after <= end; after += 1 + ((after * 7) % 9)) {
        const resumed = await cluster.socket(token, { at: after % 2, after });
        await upto(resumed, end);
        const expected = told.filter(({ event }) => event.index > after);
        expect(byRoom(resumed.events()), `after ${after}`).toEqual(byRoom(expected));
        resumed.ws.terminate();
      }
    }
  });

  it('a frame never claims more than its socket has: whoever is cut off between two frames loses nothing', async () => {
    const socket = await cluster.socket(bo.token, { after: 0 });
    const end = (await (await cluster.socket(ana.token)).done('message.post', { room: 'general', text: 'end' })).index;
    await upto(socket, end);
    const all = socket.events();
    let had = 0;
    for (const frame of socket.frames) {
      if (frame.type !== 'events') continue;
      had += frame.events.length;
      const promised = all.filter(({ event }) => event.index <= frame.upto).length;
      expect(promised).toBeLessThanOrEqual(had);
    }
  });

  it('a second socket of a person joins live what the first is told', async () => {
    const [first, second] = [await cluster.socket(bo.token), await cluster.socket(bo.token, { at: 1 })];
    const room = (await first.done('room.create', { name: 'together' })).id;
    const posted = await first.done('message.post', { room, text: 'hello' });
    await upto(second, posted.index);
    const message = { type: 'message.posted', index: posted.index };
    expect(second.events()).toContainEqual({ room, event: expect.objectContaining(message) });
  });
});

describe('a server that is behind', () => {
  const behind = async (limit: number) => {
    const gate = Promise.withResolvers<void>();
    let isHeld = false;
    const slow = await startTestCluster({
      names: ['s1', 's2'],
      limits: { catchUpMaxMs: limit },
      wrap: (log) =>
        delegate(log, {
          follow: async function* (after) {
            for await (const batch of log.follow(after)) {
              if (isHeld && log.topology().self === 's2') await gate.promise;
              yield batch;
            }
          },
        }),
    });
    const { token } = await slow.join('Ana');
    await (await slow.socket(token, { at: 1 })).done('message.post', { room: 'general', text: 'on both' });
    isHeld = true;
    const { index } = await (await slow.socket(token)).done('message.post', { room: 'general', text: 'ahead' });
    const socket = slow.rawSocket(1);
    await socket.open();
    socket.send({ type: 'hello', token, after: index });
    return { slow, socket, index, release: gate.resolve };
  };

  it('lets a socket wait until it has what the socket has', async () => {
    const { slow, socket, index, release } = await behind(limits.catchUpMaxMs);
    try {
      socket.send({ type: 'ping' });
      await socket.frame('pong');
      expect(socket.frames).toEqual([{ type: 'pong' }]);
      release();
      expect(await socket.frame('welcome')).toMatchObject({ index });
    } finally {
      release();
      await slow.close();
    }
  });

  it('sends it elsewhere when that takes too long', async () => {
    const { slow, socket, release } = await behind(50);
    try {
      expect(await socket.closed).toMatchObject({ code: 1001, reason: 'unavailable' });
    } finally {
      release();
      await slow.close();
    }
  });

  it('tells a client to begin anew when nobody can have what the client has', async () => {
    const one = await startTestCluster({ limits: { catchUpMaxMs: 20 } });
    try {
      const { token } = await one.join('Ana');
      const socket = await one.socket(token, { after: 1_000 });
      const { body } = await one.ask('GET', '/api/v1/topology');
      const { servers } = body as TopologyView;
      expect(await socket.frame('reset')).toMatchObject({ index: servers[0]?.last });
    } finally {
      await one.close();
    }
  });
});

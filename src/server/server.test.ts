/** What a server does for its clients when nothing is wrong, and how it stops. */
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../test/support/ports.ts';
import {
  closeCodes,
  type FingerprintView,
  limits,
  newCommandId,
  type TopologyView,
  type User,
} from '../protocol/index.ts';
import { delegate, startTestCluster, type TestCluster, type TestSocket, until } from './test-kit.ts';

let cluster: TestCluster;
let ana: { readonly token: string; readonly user: User };
let bo: { readonly token: string; readonly user: User };

beforeAll(async () => {
  cluster = await startTestCluster({
    names: ['s1', 's2'],
    limits: { presenceDebounceMs: 10, presenceIntervalMs: 200 },
  });
  ana = await cluster.join('Ana');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

const withCluster = async (
  options: Parameters<typeof startTestCluster>[0],
  body: (other: TestCluster) => Promise<void>,
): Promise<void> => {
  const other = await startTestCluster(options);
  try {
    await body(other);
  } finally {
    await other.close();
  }
};

describe('commands', () => {
  it('whoever is answered reads what they wrote', async () => {
    for (let n = 0; n < 20; n++) {
      const post = await cluster.ask(
        'POST',
        '/api/v1/rooms/general/messages',
        { token: ana.token, body: { text: `${n}` } },
        1,
      );
      const { id, index } = post.body as { id: string; index: number };
      const page = await cluster.ask('GET', '/api/v1/rooms/general/messages?limit=1', ana, 1);
      expect(page.body).toMatchObject({ messages: [{ id, index, text: `${n}`, name: 'Ana' }] });
    }
  });

  it('the same id in flight on two sockets takes effect once and answers both', async () => {
    const [one, two] = [await cluster.socket(ana.token), await cluster.socket(ana.token)];
    const id = newCommandId();
    const body = { room: 'general', text: 'once' };
    const answers = await Promise.all([one.done('message.post', body, id), two.done('message.post', body, id)]);
    expect(answers[1]).toEqual(answers[0]);
    const elsewhere = await (await cluster.socket(ana.token, { at: 1 })).done('message.post', body, id);
    expect(elsewhere.index).toBe(answers[0].index);
    const sent = [one, two].map((socket) => socket.events().filter(({ event }) => event.type === 'message.posted'));
    for (const events of sent) expect(events.filter(({ event }) => JSON.stringify(event).includes(id))).toHaveLength(1);
  });

  it('an answer says on how many disks the command was', async () => {
    const done = await (await cluster.socket(ana.token)).done('message.post', { room: 'general', text: 'x' });
    expect(done.stored).toBe(2);
  });

  it('more than may wait are refused, and can be sent again', async () => {
    let held: Promise<void> = Promise.resolve();
    const wrap = (log: Parameters<typeof delegate>[0]) =>
      delegate(log, { append: (entry) => held.then(() => log.append(entry)) });
    await withCluster({ wrap, limits: { pendingCommandsMax: 3 } }, async (other) => {
      const socket = await other.socket((await other.join('Ana')).token);
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      const ids = [0, 1, 2, 3].map((n) => socket.do('message.post', { room: 'general', text: `${n}` }));
      expect(await socket.frame('error')).toMatchObject({ id: ids[3], code: 'overloaded' });
      gate.resolve();
      await socket.frame('done', ({ id }) => id === ids[2]);
      await socket.done('message.post', { room: 'general', text: '3' }, ids[3]);
    });
  });
});

describe('frames of a turn', () => {
  it('all messages of a room in one turn are one frame', async () => {
    const reader = await cluster.socket(bo.token);
    const writer = await cluster.socket(ana.token);
    const ids = Array.from({ length: 64 }, (_, n) => writer.do('message.post', { room: 'general', text: `${n}` }));
    await writer.frame('done', ({ id }) => id === ids[63]);
    const end = (await writer.done('message.post', { room: 'general', text: 'end' })).index;
    await reader.until(() => reader.cursor >= end);
    const frames = reader.frames.filter((frame) => frame.type === 'events' && frame.events.length > 0);
    expect(frames.length).toBeLessThan(20);
  });
});

describe('presence and typing', () => {
  it('everybody is told who is online on any server, and who is not any more', async () => {
    const [dora, eli] = [await cluster.join('Dora'), await cluster.join('Eli')];
    const here = await cluster.socket(dora.token);
    const there = await cluster.socket(eli.token, { at: 1 });
    const isShown = (socket: TestSocket, id: string): boolean => {
      const shown = socket.frames.findLast((frame) => frame.type === 'cast' && frame.topic === 'presence');
      return shown !== undefined && 'online' in shown && shown.online.includes(id);
    };
    for (const socket of [here, there]) {
      await socket.until(() => isShown(socket, dora.user.id) && isShown(socket, eli.user.id), 'both to be online');
    }
    there.ws.close();
    await here.until(() => isShown(here, dora.user.id) && !isShown(here, eli.user.id), 'one to be gone');
  });

  it('typing is told to the room’s other members, on every server, and to nobody else', async () => {
    const carl = await cluster.join('Carl');
    const sockets = [
      await cluster.socket(ana.token),
      await cluster.socket(bo.token),
      await cluster.socket(bo.token, { at: 1 }),
      await cluster.socket(carl.token, { at: 1 }),
    ] as const;
    const [writer, here, there, stranger] = sockets;
    const room = (await writer.done('room.create', { name: 'writers' })).id;
    await here.done('room.join', { room });
    await there.until(() =>
      there
        .events()
        .some(({ event }) => event.type === 'room.joined' && event.user.id === bo.user.id && event.room.id === room),
    );
    stranger.send({ type: 'cast', topic: 'typing', room });
    writer.send({ type: 'cast', topic: 'typing', room: 'writers' });
    const frame = { type: 'cast', topic: 'typing', room, user: ana.user.id };
    for (const socket of [here, there])
      await socket.until(() => socket.frames.some((one) => JSON.stringify(one) === JSON.stringify(frame)), 'typing');
    await stranger.done('message.post', { room: 'general', text: 'x' });
    for (const socket of sockets) {
      const typing = socket.frames.filter((one) => one.type === 'cast' && one.topic === 'typing');
      expect(typing).toEqual(socket === here || socket === there ? [frame] : []);
    }
  });
});

describe('the cluster', () => {
  it('is told with addresses on the host name that the client used', async () => {
    const { port } = new URL(cluster.url());
    const { port: otherPort } = new URL(cluster.url(1));
    const socket = cluster.rawSocket(0, { headers: { host: `localhost:${port}` } });
    await socket.open();
    socket.send({ type: 'hello', token: ana.token });
    const welcome = await socket.frame('welcome');
    expect(welcome.servers.map(({ url }) => url)).toEqual([
      `http://localhost:${port}`,
      `http://localhost:${otherPort}`,
    ]);
    expect(welcome).toMatchObject({ primary: 's1', server: 's1', front: null });
  });

  it('a change of roles is told at once', async () => {
    const other = await startTestCluster({ names: ['s1', 's2'] });
    try {
      const socket = await other.socket((await other.join('Ana')).token);
      await other.logs[1]?.close();
      const told = await socket.frame('servers', ({ servers }) => servers[1]?.role === 'down');
      expect(told.servers[1]).toMatchObject({ inSync: false });
    } finally {
      await other.close();
    }
  });

  it('shows each server’s position and fingerprint, equal when they are level', async () => {
    await (await cluster.socket(ana.token)).done('message.post', { room: 'general', text: 'x' });
    await until(async () => {
      const { servers } = (await cluster.ask('GET', '/api/v1/topology')).body as TopologyView;
      const [one, two] = servers;
      return one!.applied === one!.committed && one!.applied === two!.applied && one!.fingerprint === two!.fingerprint;
    });
    const { you, servers } = (await cluster.ask('GET', '/api/v1/topology', {}, 1)).body as TopologyView;
    expect(you).toBe('s2');
    expect(servers[1]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('P5 tells anybody its fingerprint at an index, the same as every server’s, and none where nothing is committed', async () => {
    const posted = await (await cluster.socket(ana.token)).done('message.post', { room: 'general', text: 'y' });
    const at = (index: number | string, server: number) =>
      cluster.ask('GET', `/api/v1/fingerprints/${index}`, {}, server);
    await until(async () => ((await at(posted.index, 1)).body as FingerprintView).applied >= posted.index);
    const [one, two] = await Promise.all([at(posted.index, 0), at(posted.index, 1)]);
    expect(one).toMatchObject({ status: 200, body: { server: 's1', index: posted.index } });
    const { fingerprint, applied } = one.body as FingerprintView;
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(applied).toBeGreaterThanOrEqual(posted.index);
    expect(two.body).toMatchObject({ server: 's2', fingerprint });
    expect(((await at(posted.index - 1, 0)).body as FingerprintView).fingerprint).not.toBe(fingerprint);
    expect((await at(posted.index + 1_000, 0)).body).toMatchObject({ fingerprint: null });
    for (const index of ['0', '-1', 'x', '99999999999999999999'])
      expect(await at(index, 0)).toMatchObject({ status: 400, body: { error: { code: 'bad-request' } } });
  });

  it('is ready when it has applied what is committed, and not without a primary', async () => {
    await withCluster({}, async (other) => {
      expect(await other.ask('GET', '/readyz')).toMatchObject({ status: 200 });
      await other.logs[0]?.close();
      expect(await other.ask('GET', '/readyz')).toMatchObject({
        status: 503,
        body: { error: { message: expect.stringContaining('primary') } },
      });
      expect(await other.ask('GET', '/healthz')).toMatchObject({ status: 200 });
    });
  });
});

describe('the ports', () => {
  it('one that is taken is a clear error', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(startTestCluster({ server: { port } })).rejects.toMatchObject({
        code: 'EADDRINUSE',
        message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`),
      });
    } finally {
      taken.close();
    }
  });

  it('the front door is answered by any server that is there', async () => {
    const frontPort = await freePorts('127.0.0.1', 1);
    const other = await startTestCluster({ names: ['s1', 's2'], server: { frontPort } });
    try {
      const ask = async () =>
        ((await (await fetch(`http://127.0.0.1:${frontPort}/healthz`)).json()) as { server: string }).server;
      expect(['s1', 's2']).toContain(await ask());
      await other.servers[0]?.close();
      for (let n = 0; n < 5; n++) expect(await ask()).toBe('s2');
    } finally {
      await other.close();
    }
  });
});

describe('the end', () => {
  it('a server that stops answers what is in flight, sends its clients elsewhere, and is gone soon', async () => {
    const other = await startTestCluster({ names: ['s1', 's2'] });
    try {
      const { token } = await other.join('Ana', 1);
      const socket = await other.socket(token, { at: 1 });
      const idle = await fetch(`${other.url(1)}/healthz`);
      await idle.text();
      const id = socket.do('message.post', { room: 'general', text: 'last' });
      await socket.until(() => true);
      const startMs = performance.now();
      const closing = other.servers[1]!.close();
      expect((await socket.closed).code).toBe(closeCodes.goingAway);
      await closing;
      // Nobody waited until the idle connection ended by itself.
      expect(performance.now() - startMs).toBeLessThan(limits.httpIdleMaxMs / 2);
      await expect(fetch(`${other.url(1)}/healthz`)).rejects.toThrow();
      const again = await other.socket(token);
      expect((await again.done('message.post', { room: 'general', text: 'last' }, id)).outcome).toEqual({ ok: true });
    } finally {
      await other.close();
    }
  });

  it('a server whose database fails says so, and leaves what was under way unknown', async () => {
    let isBroken = false;
    const wrap = (log: Parameters<typeof delegate>[0]) =>
      delegate(log, {
        follow: async function* (after) {
          for await (const batch of log.follow(after)) {
            // An entry out of its place: the chat machine refuses it as it does a failing disk.
            yield !isBroken ? batch : batch.map((entry) => ({ ...entry, index: entry.index + 5 }));
          }
        },
      });
    await withCluster({ wrap }, async (other) => {
      const socket = await other.socket((await other.join('Ana')).token);
      isBroken = true;
      const id = socket.do('message.post', { room: 'general', text: 'x' });
      expect(await socket.frame('error', (frame) => frame.id === id)).toMatchObject({ code: 'unknown' });
      expect(await other.servers[0]?.failed).toBeInstanceOf(Error);
    });
  });

  it('a log that ends under the server is a failure too', async () => {
    await withCluster({}, async (other) => {
      await other.logs[0]?.close();
      expect((await other.servers[0]?.failed)?.message).toMatch(/log/);
    });
  });
});

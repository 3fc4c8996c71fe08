/** The HTTP API as a script uses it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Room, User } from '../protocol/index.ts';
import { machineKey, startTestCluster, type TestCluster } from './test-kit.ts';

let cluster: TestCluster;
let ana: { readonly token: string; readonly user: User };
let bo: { readonly token: string; readonly user: User };

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  ana = await cluster.join('Ana');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

describe('the HTTP API', () => {
  it('makes rooms, lets people in and out, and keeps what they have read', async () => {
    const made = await cluster.ask('POST', '/api/v1/rooms', {
      token: ana.token,
      body: { name: 'tea', topic: 'Which?' },
    });
    const room = (made.body as { id: string }).id;
    const path = `/api/v1/rooms/${room}`;
    expect(await cluster.ask('GET', path, bo)).toMatchObject({ body: { joined: false, members: 1, topic: 'Which?' } });
    expect(await cluster.ask('POST', `${path}/join`, { token: bo.token })).toMatchObject({ status: 200 });
    const posted = await cluster.ask('POST', `${path}/messages`, { token: ana.token, body: { text: 'Green' } });
    const { id, index } = posted.body as { id: string; index: number };
    expect(((await cluster.ask('GET', path, bo)).body as Room).unread).toBe(1);
    expect(await cluster.ask('PUT', `${path}/read`, { token: bo.token, body: { index } })).toMatchObject({
      status: 200,
    });
    expect(((await cluster.ask('GET', path, bo)).body as Room).unread).toBe(0);
    expect(
      await cluster.ask('PATCH', `/api/v1/messages/${id}`, { token: bo.token, body: { text: 'Black' } }),
    ).toMatchObject({ status: 403 });
    expect(
      await cluster.ask('PATCH', `/api/v1/messages/${id}`, { token: ana.token, body: { text: 'Black' } }),
    ).toMatchObject({ status: 200 });
    expect(await cluster.ask('DELETE', `/api/v1/messages/${id}`, { token: ana.token })).toMatchObject({ status: 200 });
    const page = await cluster.ask('GET', `${path}/messages`, bo);
    expect(page.body).toMatchObject({ messages: [{ id, text: '', deleted: true }], next: null });
    expect(await cluster.ask('POST', `${path}/leave`, { token: bo.token })).toMatchObject({ status: 200 });
    expect(await cluster.ask('GET', path, bo)).toMatchObject({ body: { joined: false } });
  });

  it('pages through history both ways', async () => {
    const made = await cluster.ask('POST', '/api/v1/rooms', { token: ana.token, body: { name: 'pages' } });
    const room = (made.body as { id: string }).id;
    const socket = await cluster.socket(ana.token);
    const sent = Array.from({ length: 25 }, (_, n) => socket.do('message.post', { room, text: `${n}` }));
    await Promise.all(sent.map((one) => socket.frame('done', ({ id }) => id === one)));
    const texts = async (cursor: 'after' | 'before', from: number | null): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let next = from; next !== null || pages.length === 0; ) {
        const query = next === null ? '' : `&${cursor}=${next}`;
        const { body } = await cluster.ask('GET', `/api/v1/rooms/${room}/messages?limit=10${query}`, ana);
        const page = body as { messages: { text: string }[]; next: number | null };
        pages.push(page.messages.map(({ text }) => text));
        next = page.next;
      }
      return pages;
    };
    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n}`);
    expect(await texts('after', 0)).toEqual([numbers(0, 10), numbers(10, 20), numbers(20, 25)]);
    expect(await texts('before', null)).toEqual([numbers(15, 25), numbers(5, 15), numbers(0, 5)]);
  });

  it('issues tokens to whoever holds the machine’s key', async () => {
    const body = { name: 'robot', role: 'bot' };
    const issued = await cluster.ask('POST', '/api/v1/tokens', { token: machineKey, body });
    const { token, user } = issued.body as { token: string; user: User };
    expect((await (await cluster.socket(token, { at: 1 })).frame('welcome')).you).toEqual(user);
  });
});

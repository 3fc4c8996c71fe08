/** A client that reads slowly costs bounded memory, and loses nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, type TopologyView } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster, type TestSocket, until } from '../../src/server/test-kit.ts';

let cluster: TestCluster;
let ana: { token: string };
let bo: { token: string };

beforeAll(async () => {
  const limits = { socketBufferHighBytes: 256 * 1024, socketPingIntervalMs: 300, socketSilenceMaxMs: 3_000 };
  cluster = await startTestCluster({ limits });
  ana = await cluster.join('Ana');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

const text = 'x'.repeat(7_000);

/** Posts `count` large messages, and gives their ids. */
const flood = async (count: number, where = cluster, token = ana.token): Promise<string[]> => {
  const socket = await where.socket(token);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 50) {
    const sent = Array.from({ length: 50 }, () => socket.do('message.post', { room: 'general', text }));
    for (const id of sent) await socket.frame('done', (frame) => frame.id === id);
    ids.push(...sent);
  }
  socket.ws.close();
  return ids;
};

const posted = (socket: TestSocket): string[] =>
  socket.events().flatMap(({ event }) => (event.type === 'message.posted' ? [event.message.id] : []));

describe('a slow reader', () => {
  it('gets everything once, in order, when it reads on', async () => {
    const slow = await cluster.socket(bo.token);
    slow.ws.pause();
    const ids = await flood(1_500);
    expect(posted(slow).length).toBeLessThan(ids.length);
    slow.ws.resume();
    await slow.until(() => posted(slow).length >= ids.length, 'all messages');
    expect(posted(slow)).toEqual(ids);
    const next = await flood(50);
    await slow.until(() => posted(slow).length >= ids.length + next.length, 'live messages');
    expect(posted(slow)).toEqual([...ids, ...next]);
    slow.ws.close();
  });

  it('is cut when it does not read at all, and resumes losing nothing', async () => {
    const slow = await cluster.socket(bo.token);
    const start = (await slow.frame('welcome')).index;
    slow.ws.pause();
    const ids = await flood(1_500);
    await until(async () => {
      const { body } = await cluster.ask('GET', '/api/v1/topology');
      return (body as TopologyView).servers[0]?.connections === 0;
    });
    slow.ws.resume();
    expect([closeCodes.tooSlow, 1006]).toContain((await slow.closed).code);
    const resumed = await cluster.socket(bo.token, { after: Math.max(start, slow.cursor) });
    const had = new Set(posted(slow));
    await resumed.until(() => new Set([...had, ...posted(resumed)]).size >= ids.length, 'the rest');
    const after = posted(resumed).filter((id) => !had.has(id));
    expect([...posted(slow), ...after]).toEqual(ids);
  });

  it('that a turn takes past the second bound is cut at once', async () => {
    const limits = { socketBufferHighBytes: 32 * 1024, socketBufferMaxBytes: 64 * 1024 };
    const strict = await startTestCluster({ limits });
    try {
      const writer = await strict.join('Ana');
      const slow = await strict.socket((await strict.join('Bo')).token);
      slow.ws.pause();
      await flood(2_000, strict, writer.token);
      await until(async () => {
        const { body } = await strict.ask('GET', '/api/v1/topology');
        return (body as TopologyView).servers[0]?.connections === 0;
      });
      slow.ws.resume();
      expect([closeCodes.tooSlow, 1006]).toContain((await slow.closed).code);
    } finally {
      await strict.close();
    }
  });
});

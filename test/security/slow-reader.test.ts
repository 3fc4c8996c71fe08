/** A client that reads slowly costs bounded memory, and loses nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, type TopologyView } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster, type TestSocket, until } from '../../src/server/test-kit.ts';

const limits = { socketBufferHighBytes: 256 * 1024 };
let cluster: TestCluster;
let bo: { token: string };
/** Takes whoever is silent for three seconds for gone. */
let strict: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ limits });
  bo = await cluster.join('Bo');
  strict = await startTestCluster({ limits: { ...limits, socketPingIntervalMs: 300, socketSilenceMaxMs: 3_000 } });
});

afterAll(async () => {
  await cluster?.close();
  await strict?.close();
});

const text = 'x'.repeat(7_000);
let writers = 0;

/** Posts `count` large messages, and gives their ids. */
const flood = async (count: number, where: TestCluster): Promise<string[]> => {
  const { token } = await where.join(`Writer ${++writers}`);
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
    const ids = await flood(1_500, cluster);
    expect(posted(slow).length).toBeLessThan(ids.length);
    slow.ws.resume();
    await slow.until(() => posted(slow).length >= ids.length, 'all messages');
    expect(posted(slow)).toEqual(ids);
    const next = await flood(50, cluster);
    await slow.until(() => posted(slow).length >= ids.length + next.length, 'live messages');
    expect(posted(slow)).toEqual([...ids, ...next]);
    slow.ws.close();
  });

  it('is cut when it does not read at all, and resumes losing nothing', async () => {
    const { token } = await strict.join('Bo');
    const slow = await strict.socket(token);
    const start = (await slow.frame('welcome')).index;
    slow.ws.pause();
    const ids = await flood(1_500, strict);
    await until(async () => {
      const { body } = await strict.ask('GET', '/api/v1/topology');
      return (body as TopologyView).servers[0]?.connections === 0;
    });
    slow.ws.resume();
    expect([closeCodes.tooSlow, 1006]).toContain((await slow.closed).code);
    const resumed = await strict.socket(token, { after: Math.max(start, slow.cursor) });
    const had = new Set(posted(slow));
    await resumed.until(() => new Set([...had, ...posted(resumed)]).size >= ids.length, 'the rest');
    const after = posted(resumed).filter((id) => !had.has(id));
    expect([...posted(slow), ...after]).toEqual(ids);
  });

  it('that a turn takes past the second bound is cut at once', async () => {
    const small = await startTestCluster({
      limits: { socketBufferHighBytes: 32 * 1024, socketBufferMaxBytes: 64 * 1024 },
    });
    try {
      const slow = await small.socket((await small.join('Bo')).token);
      slow.ws.pause();
      await flood(2_000, small);
      await until(async () => {
        const { body } = await small.ask('GET', '/api/v1/topology');
        return (body as TopologyView).servers[0]?.connections === 0;
      });
      slow.ws.resume();
      expect([closeCodes.tooSlow, 1006]).toContain((await slow.closed).code);
    } finally {
      await small.close();
    }
  });
});

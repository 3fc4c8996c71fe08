import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterNews } from '../../protocol/index.ts';
import { startTestCluster, type TestCluster, type TestSocket } from '../test-kit.ts';

let cluster: TestCluster;
let token: string;
beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  ({ token } = await cluster.join('Ana'));
});
afterAll(() => cluster?.close());

const newsOf = (socket: TestSocket): readonly ClusterNews[] =>
  socket.frames.flatMap((frame) => (frame.type === 'news' ? [frame.body as ClusterNews] : []));

const run = async (at = 0): Promise<string> => {
  const { status, body } = await cluster.ask('POST', '/api/v1/cluster/requests', { token, body: {} }, at);
  expect(status).toBe(200);
  return (body as { readonly label: string }).label;
};

describe('the channel cluster', () => {
  it('begins with the whole', async () => {
    const label = await run();
    const socket = await cluster.socket(token, { at: 1 });
    socket.send({ type: 'watch', channel: 'cluster', on: true });
    const first = await socket.until(() => newsOf(socket)[0]);
    expect(first).toMatchObject({ server: 's2', chaos: true, supervisor: null, faults: {} });
    expect(first.topology?.servers.map(({ name, url }) => [name, url])).toEqual([
      ['s1', cluster.url(0)],
      ['s2', cluster.url(1)],
    ]);
    expect(first.requests?.at(-1)).toMatchObject({ label, processedBy: 's1' });
    expect(first.takeovers?.map(({ epoch, primary, cause }) => [epoch, primary, cause])).toEqual([
      [1, 's1', 'founded'],
    ]);
    expect(first.events?.some(({ what, label: of }) => what === 'request-applied' && of === label)).toBe(true);
  });

  it('R22 goes on with what is new, of all servers, each event once', async () => {
    const socket = await cluster.socket(token);
    socket.send({ type: 'watch', channel: 'cluster', on: true });
    await socket.until(() => newsOf(socket)[0]);
    const label = await run(1);
    const eventsOf = () =>
      newsOf(socket)
        .slice(1)
        .flatMap(({ events = [] }) => events.filter((event) => event.label === label));
    await socket.until(() => eventsOf().filter(({ what }) => what === 'request-applied').length === 2);
    await socket.until(() => eventsOf().some(({ what, server }) => what === 'request-answered' && server === 's2'));
    expect(new Set(eventsOf().map(({ id }) => id)).size).toBe(eventsOf().length);
    const requests = newsOf(socket)
      .slice(1)
      .flatMap((news) => news.requests ?? []);
    expect(requests.map((request) => request.label)).toEqual([label]);
  });

  it('says nothing to who watches no more, and nothing while nothing happens', async () => {
    const socket = await cluster.socket(token);
    const quiet = await cluster.socket(token);
    for (const one of [socket, quiet]) one.send({ type: 'watch', channel: 'cluster', on: true });
    await quiet.until(() => newsOf(quiet)[0]);
    quiet.send({ type: 'watch', channel: 'cluster', on: false });
    quiet.send({ type: 'ping' });
    await quiet.frame('pong');
    const before = newsOf(quiet).length;
    const label = await run();
    await socket.until(() => newsOf(socket).some(({ requests }) => requests?.some((one) => one.label === label)));
    expect(newsOf(quiet).length).toBe(before);
    expect(newsOf(socket).every((news) => Object.keys(news).length > 3)).toBe(true);
  });
});

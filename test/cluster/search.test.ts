/** Search on real processes that are killed, and on servers that got the chat as a snapshot. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SearchPage } from '../../src/protocol/index.ts';
import { startTestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const post = async (url: string, token: string, texts: readonly string[]): Promise<void> => {
  for (const text of texts) {
    const response = await fetch(`${url}/api/v1/rooms/general/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    expect(response.status).toBe(201);
  }
};

/** The texts found, the newest first; null when the server does not answer so now. */
const found = async (url: string, token: string, query: string): Promise<string[] | null> => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/search?limit=50&q=${query}`, { headers }).catch(() => null);
  if (response?.ok !== true) return null;
  return ((await response.json()) as SearchPage).hits.map(({ message }) => message.text);
};

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, n) => `quokka number ${from + n}`);

test('a server that is killed while it indexes finds everything, once, when it is back', async () => {
  await using cluster = await startTestCluster({ servers: 1 });
  const token = await cluster.token('Ayu');
  const { url } = cluster.servers[0]!;
  for (let round = 0; round < 3; round++) {
    await post(url, token, numbered(round * 10, round * 10 + 10));
    const pid = cluster.kill('s1');
    await cluster.waitFor('s1 leads again', ({ primary }) => primary === 's1' && cluster.pid('s1') !== pid);
  }
  const expected = numbered(0, 30).toReversed();
  await eventually('all is found', async () => (await found(url, token, 'quokka'))?.length === expected.length);
  expect(await found(url, token, 'quokka')).toEqual(expected);
}, 90_000);

test('a server whose folder was lost finds what it got in a snapshot, and what is said since', async () => {
  await using cluster = await startTestCluster({ servers: 2, args: ['--snapshot-every', '50'] });
  await cluster.settled();
  const token = await cluster.token('Ayu');
  const { url } = cluster.servers[0]!;
  await post(url, token, [...numbered(0, 40), ...Array.from({ length: 160 }, (_, n) => `something else ${n}`)]);
  const pid = cluster.kill('s2');
  rmSync(join(cluster.data, 's2'), { recursive: true });
  await cluster.waitFor('s2 is another process, in the set', ({ servers }) =>
    servers.some((server) => server.name === 's2' && server.pid !== pid && server.inSync),
  );
  await post(url, token, ['quokka at last']);
  const expected = ['quokka at last', ...numbered(0, 40).toReversed()];
  const second = cluster.servers[1]!.url;
  await eventually('s2 finds all', async () => (await found(second, token, 'quokka'))?.length === expected.length);
  expect(await found(second, token, 'quokka')).toEqual(expected);
}, 90_000);

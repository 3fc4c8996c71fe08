/** Snapshots between real processes: trimmed logs, servers that come later, and those that lost what they had. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MessagePage } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { estafet, estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

const every = 100;
const options = { args: ['--snapshot-every', String(every)] };

/** Posts through a server; each text says its number. Resolves with the index of the last. */
const post = async (url: string, token: string, from: number, count: number): Promise<number> => {
  let newest = 0;
  const one = async (number: number): Promise<void> => {
    const response = await fetch(`${url}/api/v1/rooms/general/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: `message ${number}` }),
    });
    expect(response.status).toBe(201);
    newest = Math.max(newest, ((await response.json()) as { index: number }).index);
  };
  for (let at = from; at < from + count; at += 20) {
    await Promise.all(Array.from({ length: Math.min(20, from + count - at) }, (_, more) => one(at + more)));
  }
  return newest;
};

const texts = async (url: string, token: string): Promise<string[]> => {
  const all: string[] = [];
  for (let after = 0; ; ) {
    const response = await fetch(`${url}/api/v1/rooms/general/messages?after=${after}&limit=200`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await response.json()) as MessagePage;
    all.push(...page.messages.map(({ text }) => text));
    const last = page.messages.at(-1);
    if (last === undefined) return all;
    after = last.index;
  }
};

const snapshotIndex = (cluster: TestCluster, name: string): number => {
  const path = join(cluster.data, name, 'snapshots', 'snapshot.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { index: number }).index : 0;
};

const fingerprint = async (url: string, index: number): Promise<string | null> => {
  const answer = await fetch(`${url}/api/v1/fingerprints/${index}`);
  return ((await answer.json()) as { fingerprint: string | null }).fingerprint;
};

test('R18 a server that is added later begins with a snapshot, and has all that was said before', async () => {
  await using cluster = await startTestCluster({ servers: 2, ...options });
  await cluster.settled();
  const token = await cluster.token('Ayu');
  const { url } = cluster.servers[0]!;
  const index = await post(url, token, 0, 6 * every);
  await eventually('the log is trimmed', async () => (await fingerprint(url, every)) === null);
  expect(await fingerprint(url, index)).toMatch(/^[0-9a-f]{64}$/);

  expect(await estafetResult(['down', '--data', cluster.data])).toMatchObject({ code: 0 });
  const shape = ['--servers', '3', '--port', String(cluster.port), '--front', String(cluster.frontPort + 1)];
  estafet(['up', ...shape, '--host', '127.0.0.1', '--data', cluster.data, ...options.args]);
  await cluster.waitFor('s3 is in the set', ({ servers }) =>
    servers.some(({ name, inSync }) => name === 's3' && inSync),
  );
  const third = `http://127.0.0.1:${cluster.port + 2}`;
  await eventually(
    's3 has applied it',
    async () => (await fingerprint(third, index)) === (await fingerprint(url, index)),
  );
  expect(await fingerprint(third, every)).toBeNull();
  expect((await texts(third, token)).toSorted()).toEqual((await texts(url, token)).toSorted());
  expect((await texts(third, token)).length).toBe(6 * every);
}, 90_000);

test('R8 R18 a server whose folder is lost while the others go on comes back whole, under load, from a snapshot', async () => {
  await using cluster = await startTestCluster({ servers: 3, ...options });
  await cluster.settled();
  const token = await cluster.token('Ayu');
  const { url } = cluster.servers[0]!;
  await post(url, token, 0, 3 * every);
  await eventually('all have a snapshot', () => ['s1', 's2', 's3'].every((name) => snapshotIndex(cluster, name) > 0));

  let next = 3 * every;
  let loading = true;
  const load = (async () => {
    while (loading) {
      await post(url, token, next, 20);
      next += 20;
    }
  })();
  const pid = cluster.kill('s3');
  rmSync(join(cluster.data, 's3'), { recursive: true });
  await cluster.waitFor('s3 is another process, in the set', ({ servers }) =>
    servers.some((server) => server.name === 's3' && server.pid !== pid && server.inSync),
  );
  loading = false;
  await load;
  const index = await post(url, token, next, 1);
  const third = cluster.servers[2]!.url;
  await eventually(
    's3 has applied it',
    async () => (await fingerprint(third, index)) === (await fingerprint(url, index)),
  );
  const said = await texts(third, token);
  expect(said).toEqual(await texts(url, token));
  expect(new Set(said).size).toBe(next + 1);
}, 90_000);

test('R18 a chat database that is lost is made again from the snapshot beside it', async () => {
  await using cluster = await startTestCluster({ servers: 1, ...options });
  await cluster.settled();
  const token = await cluster.token('Ayu');
  const { url } = cluster.servers[0]!;
  await post(url, token, 0, 4 * every);
  await eventually('the log is trimmed', async () => (await fingerprint(url, every)) === null);
  const before = await texts(url, token);
  const pid = cluster.kill('s1');
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(cluster.data, 's1', `chat.db${suffix}`), { force: true });
  await cluster.waitFor('s1 leads again', ({ servers, primary }) => primary === 's1' && servers[0]?.pid !== pid);
  await eventually('it has everything', async () => (await texts(url, token)).length === before.length);
  expect(await texts(url, token)).toEqual(before);
}, 60_000);

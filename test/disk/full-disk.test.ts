/** Disks that are really full, or really read-only: small ones in memory, with servers on them under their supervisor. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BoxedCluster, startBoxedCluster } from '../support/disk-cluster.ts';
import { contentHashes, Poster } from '../support/disk-servers.ts';
import { eventually } from '../support/eventually.ts';

const serviceMs = 90_000;
const longText = (at: number): string => `${at} ${'x'.repeat(4_000)}`;

/** Lines in which the supervisor tells of a server's death, with what it said. */
const deathsOf = (cluster: BoxedCluster, name: string): string[] =>
  cluster
    .out()
    .split('\n')
    .filter((line) => line.startsWith(`${name} (pid`));

const isWhole = async (cluster: BoxedCluster, poster: Poster): Promise<void> => {
  await cluster.whole();
  await poster.post('in the end', () => cluster.servers, serviceMs);
  await cluster.whole();
  for (const server of cluster.servers) expect(await poster.faultsIn(server)).toEqual([]);
  const [here, there] = contentHashes(cluster.box.path(cluster.data), ['s1', 's2']);
  expect(here).toBe(there);
};

test.each([
  { name: 's2', part: 'a backup' },
  { name: 's1', part: 'the primary' },
])('R16 $part whose disk is full says so and leaves, and comes back whole when there is space', async ({ name }) => {
  await using cluster = await startBoxedCluster([{ folder: name, sizeKb: 4_096 }]);
  const { box, data, servers } = cluster;
  const others = servers.filter((server) => server.name !== name);
  const poster = new Poster(box.path(data));
  await poster.post('before', () => servers, serviceMs);

  box.fill(join(data, name));
  for (let at = 0; deathsOf(cluster, name).length === 0; at++) {
    await poster.post(longText(at), () => servers, serviceMs);
  }
  await poster.post('meanwhile', () => others, serviceMs);

  const saidAgain = (): string | undefined => {
    box.fill(join(data, name));
    return deathsOf(cluster, name)[1];
  };
  await eventually('it is started again, and says so again', saidAgain, { deadlineMs: serviceMs });
  expect(deathsOf(cluster, name)[1]).toMatch(
    /exited with 74\. It said: .* full\. .* then start it again\. Starting it again/,
  );

  box.free(join(data, name));
  await isWhole(cluster, poster);
});

test('R16 when all are on one disk and it is full, nothing is acknowledged, and nothing is lost when there is space', async () => {
  await using cluster = await startBoxedCluster([{ folder: '', sizeKb: 6_144 }]);
  const { box, data, servers } = cluster;
  const poster = new Poster(box.path(data));
  await poster.post('before', () => servers, serviceMs);
  const posts: Promise<unknown>[] = [];
  let unanswered = 0;
  const keepFull = (): void => {
    // What one server lets go of as it starts again would be space for the other.
    box.fill(data);
    for (; unanswered < 8; unanswered++) {
      const post = poster.post(longText(posts.length), () => servers, 3 * serviceMs);
      posts.push(post.then(() => unanswered--));
    }
  };
  for (const name of ['s1', 's2']) {
    const said = (): boolean => {
      keepFull();
      return deathsOf(cluster, name).some((line) => / full\. .* space/.test(line));
    };
    await eventually(`${name} says so`, said, { deadlineMs: serviceMs });
  }
  box.free(data);
  await Promise.all(posts);
  await isWhole(cluster, poster);
});

test('R5 R16 where lock.db has no room to grow, a primary writes who is in the set all the same, and serves without its backup', async () => {
  const own = { sizeKb: 16_384 };
  await using cluster = await startBoxedCluster([
    { folder: '', sizeKb: 1_024 },
    { folder: 's1', ...own },
    { folder: 's2', ...own },
  ]);
  const { box, data, servers } = cluster;
  const poster = new Poster(box.path(data));
  await poster.post('before', () => servers, serviceMs);
  box.fill(data);
  await poster.post('the logs have space', () => servers, serviceMs);
  cluster.kill('s2');
  // Its journal is kept and written over, so the place for it is there already.
  await poster.post('alone', () => servers.slice(0, 1), serviceMs);
  expect(deathsOf(cluster, 's1')).toEqual([]);
  box.free(data);
  await isWhole(cluster, poster);
});

test('R16 a server whose disk has become read-only says so, and comes back whole when it can write', async () => {
  await using cluster = await startBoxedCluster([{ folder: 's2', sizeKb: 8_192 }]);
  const { box, data, servers } = cluster;
  const poster = new Poster(box.path(data));
  await poster.post('before', () => servers, serviceMs);
  // No disk is made read-only under files that are open for writing, so it is done between two lives of the server.
  await eventually(
    'its disk is read-only',
    () => {
      cluster.kill('s2');
      box.remount(join(data, 's2'), 'ro');
      return true;
    },
    { deadlineMs: serviceMs, pollMs: 0 },
  );
  await poster.post('meanwhile', () => servers.slice(0, 1), serviceMs);
  await eventually(
    'it says so',
    () => deathsOf(cluster, 's2').some((line) => /exited with 74.*read-only\. .* Make it writable/.test(line)),
    {
      deadlineMs: serviceMs,
    },
  );
  box.remount(join(data, 's2'), 'rw');
  await isWhole(cluster, poster);
});

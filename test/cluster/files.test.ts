/** Files between real processes: uploads that outlive the servers that receive them, and copies that servers lack. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of, someBytes, TusClient } from '../../src/server/files/tus-test-kit.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const megabyte = 1024 * 1024;

const urlOf = (cluster: TestCluster, name: string): string => cluster.servers.find((one) => one.name === name)!.url;

/** SHA-256 of a file as a server gives it out; null while it does not. */
const sha256At = async (url: string, client: TusClient, id: string): Promise<string | null> => {
  const response = await fetch(`${url}/api/v1/files/${id}`, { headers: { authorization: `Bearer ${client.token}` } });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.status === 200 ? sha256Of(bytes) : null;
};

const onEveryServer = (cluster: TestCluster, client: TusClient, id: string, sha256: string): Promise<unknown> =>
  eventually(
    'the file is the same on every server',
    async () => {
      const found = await Promise.all(cluster.servers.map(({ url }) => sha256At(url, client, id).catch(() => null)));
      return found.every((hash) => hash === sha256);
    },
    { deadlineMs: 60_000 },
  );

const piecesOf = (cluster: TestCluster, name: string): string[] => {
  const folder = join(cluster.data, name, 'files');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((part) => (part === 'new' ? [] : readdirSync(join(folder, part))));
};

const post = async (url: string, { token }: TusClient, body: unknown): Promise<{ id: string; index: number }> => {
  const response = await fetch(`${url}/api/v1/rooms/general/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string; index: number };
};

/** Asks until a server answers as it should: one that has just come back may be catching up. */
const offsetAt = (url: string, client: TusClient, id: string): Promise<number> =>
  eventually('the server knows how far the upload is', async () => {
    const { status, offset } = await client.head(url, id).catch(() => ({ status: 0, offset: Number.NaN }));
    return status === 200 ? { offset } : null;
  }).then(({ offset }) => offset);

test('R4 an upload of 200 MB survives three kills of the server that receives it, and sends at most one chunk again for each', async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  const bytes = someBytes(200 * megabyte);
  const sha256 = sha256Of(bytes);
  const chunk = 8 * megabyte;
  const killAt = [40, 100, 150].map((at) => at * megabyte);
  const names = cluster.servers.map(({ name }) => name);

  let at = 0;
  let name = names[at]!;
  const created = await client.create(urlOf(cluster, name), { size: bytes.length, sha256, name: 'a film.mp4' });
  const id = created.headers.get('location')!.split('/').at(-1)!;
  let acknowledged = 0;
  let sentAgain = 0;
  let kills = 0;
  while (acknowledged < bytes.length) {
    const url = urlOf(cluster, name);
    const offset = await offsetAt(url, client, id);
    expect(offset).toBeGreaterThanOrEqual(acknowledged);
    const upto = Math.min(bytes.length, offset + chunk);
    const sending = client.patch(url, id, offset, bytes.subarray(offset, upto)).catch(() => null);
    const isKill = killAt[kills] !== undefined && upto > killAt[kills]!;
    if (isKill) {
      await eventually(
        'some of it has arrived',
        async () => piecesOf(cluster, name).length > offset / (256 * 1024) + 2,
      );
      cluster.kill(name);
      kills++;
    }
    const answer = await sending;
    if (answer !== null && answer.status === 204) {
      expect(answer.offset).toBe(upto);
      acknowledged = upto;
    }
    if (isKill) {
      name = names[++at % names.length]!;
      const now = await offsetAt(urlOf(cluster, name), client, id);
      expect(now).toBeGreaterThanOrEqual(acknowledged);
      expect(upto - now).toBeLessThanOrEqual(chunk);
      sentAgain += upto - now;
      acknowledged = now;
    }
  }
  expect(kills).toBe(3);
  expect(sentAgain).toBeLessThanOrEqual(3 * chunk);
  await post(urlOf(cluster, name), client, { text: 'here it is', files: [id] });
  await cluster.settled();
  await onEveryServer(cluster, client, id, sha256);
}, 240_000);

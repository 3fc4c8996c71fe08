/** Uploads and disks that are full: who receives one says so before it is too late, and whose disk is full leaves. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of, someBytes, TusClient } from '../../src/server/files/tus-test-kit.ts';
import { type BoxedCluster, startBoxedCluster } from '../support/disk-cluster.ts';
import { eventually } from '../support/eventually.ts';

const megabyte = 1024 * 1024;
const serviceMs = 90_000;

const newcomer = async (url: string): Promise<TusClient> => {
  const response = await fetch(`${url}/api/v1/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ayu', returnToken: true }),
  });
  return new TusClient(((await response.json()) as { token: string }).token);
};

const urlOf = (cluster: BoxedCluster, name: string): string => cluster.servers.find((one) => one.name === name)!.url;

const piecesOf = ({ box, data }: BoxedCluster, name: string): string[] => {
  const folder = box.path(join(data, name, 'files'));
  return readdirSync(folder).flatMap((part) => (part === 'new' ? [] : readdirSync(join(folder, part))));
};

const post = async (url: string, { token }: TusClient, text: string): Promise<number> => {
  const response = await fetch(`${url}/api/v1/rooms/general/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });
  return response.status;
};

test('R16 a backup whose disk an upload fills says so and leaves; the upload goes on, and it has the file when there is space', async () => {
  await using cluster = await startBoxedCluster([{ folder: 's2', sizeKb: 200 * 1024 }]);
  const url = urlOf(cluster, 's1');
  const client = await newcomer(url);
  cluster.box.fill(join(cluster.data, 's2'));
  const bytes = someBytes(10 * megabyte);
  const id = await client.upload(url, bytes, { sha256: sha256Of(bytes) });
  // In the words of whichever of its files had no place first: the log's, a piece's, the chat's.
  const said = (): boolean => /s2 \(pid.* full\. .*(?:some space|free the disk)/.test(cluster.out());
  await eventually('s2 says that its disk is full', said, { deadlineMs: serviceMs }).catch((cause: unknown) => {
    throw new Error(`This is what was said: ${cluster.out()}`, { cause });
  });
  expect((await client.head(url, id)).offset).toBe(bytes.length);
  cluster.box.free(join(cluster.data, 's2'));
  await cluster.whole();
  await eventually(
    's2 has the file',
    () => piecesOf(cluster, 's2').toSorted().join() === piecesOf(cluster, 's1').toSorted().join(),
  );
  const answer = await fetch(`${urlOf(cluster, 's2')}/api/v1/files/${id}`, {
    headers: { authorization: `Bearer ${client.token}` },
  });
  expect(sha256Of(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256Of(bytes));
}, 300_000);

test('an upload that the disk has no room for is refused before it begins, and one that comes to that point, there; the chat goes on', async () => {
  await using cluster = await startBoxedCluster([{ folder: '', sizeKb: 170 * 1024 }]);
  const url = urlOf(cluster, 's1');
  const client = await newcomer(url);
  expect(await client.create(url, { size: 100 * megabyte })).toMatchObject({ status: 507, code: 'disk-full' });
  const bytes = someBytes(20 * megabyte);
  const created = await client.create(url, { size: bytes.length });
  expect(created.status).toBe(201);
  const id = created.headers.get('location')!.split('/').at(-1)!;
  // Somebody else takes the space meanwhile, but for what the chat needs.
  const half = bytes.subarray(0, 10 * megabyte);
  expect((await client.patch(url, id, 0, half)).status).toBe(204);
  const other = someBytes(25 * megabyte, 2);
  await client.upload(url, other).catch(() => null);
  const refused = await client.patch(url, id, half.length, bytes.subarray(half.length));
  expect(refused).toMatchObject({ status: 507, code: 'disk-full' });
  expect(await post(url, client, 'the chat goes on')).toBe(201);
  expect((await client.head(url, id)).offset).toBeGreaterThanOrEqual(half.length);
}, 300_000);

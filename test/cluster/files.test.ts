/** Files between real processes: uploads that outlive the servers that receive them, and copies that servers lack. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { expect, test } from 'vitest';
import { sha256Of, someBytes, TusClient } from '../../src/server/files/tus-test-kit.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const megabyte = 1024 * 1024;
/** The upload that outlives its servers; `ESTAFET_UPLOAD_MB=200` sends a longer one. */
const uploadMegabytes = Number(process.env.ESTAFET_UPLOAD_MB ?? 80);

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

test(`R4 an upload of ${uploadMegabytes} MB survives three kills of the server that receives it, and sends at most one chunk again for each`, async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  const bytes = someBytes(uploadMegabytes * megabyte);
  const sha256 = sha256Of(bytes);
  const chunk = 8 * megabyte;
  const killAt = [0.2, 0.5, 0.75].map((at) => at * bytes.length);
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
}, 600_000);

test('the standard client uploads through the front door while the primary is killed', async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  const bytes = someBytes(24 * megabyte);
  let killed = false;
  const upload = await new Promise<tus.Upload>((resolve, reject) => {
    const sending: tus.Upload = new tus.Upload(bytes, {
      endpoint: `${cluster.front}/files`,
      headers: { authorization: `Bearer ${client.token}` },
      metadata: { filename: 'übung.bin', filetype: 'application/octet-stream', sha256: sha256Of(bytes) },
      chunkSize: 4 * megabyte,
      retryDelays: Array.from({ length: 20 }, () => 500),
      onChunkComplete: (_size, accepted) => {
        if (killed || accepted < 8 * megabyte) return;
        killed = true;
        void cluster.topology().then((now) => now?.primary && cluster.kill(now.primary));
      },
      onSuccess: () => resolve(sending),
      onError: reject,
    });
    sending.start();
  });
  expect(killed).toBe(true);
  const id = upload.url!.split('/').at(-1)!;
  await cluster.settled();
  await onEveryServer(cluster, client, id, sha256Of(bytes));
});

/** Ends when every server has exactly these pieces. */
const samePieces = (cluster: TestCluster, count: number): Promise<unknown> =>
  eventually(`every server has the same ${count} pieces`, () => {
    const [first, ...others] = cluster.servers.map(({ name }) => piecesOf(cluster, name).toSorted().join());
    return others.every((other) => other === first) && first!.split(',').filter(Boolean).length === count;
  });

const remove = async (url: string, { token }: TusClient, message: string): Promise<void> => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/messages/${message}`, { method: 'DELETE', headers });
  expect(response.status).toBe(200);
};

test('the same file is stored once on each server, and gone from all when its last message is', async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const [ayu, budi] = [new TusClient(await cluster.token('Ayu')), new TusClient(await cluster.token('Budi'))];
  const bytes = someBytes(5 * megabyte);
  const one = await ayu.upload(urlOf(cluster, 's1'), bytes);
  const two = await budi.upload(urlOf(cluster, 's2'), bytes);
  await samePieces(cluster, 20);
  const first = await post(urlOf(cluster, 's1'), ayu, { text: '', files: [one] });
  const second = await post(urlOf(cluster, 's2'), budi, { text: '', files: [two] });
  await remove(urlOf(cluster, 's3'), ayu, first.id);
  await onEveryServer(cluster, ayu, two, sha256Of(bytes));
  await samePieces(cluster, 20);
  await remove(urlOf(cluster, 's3'), budi, second.id);
  await samePieces(cluster, 0);
});

test('a backup that was away gets the files it misses from the log', async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  cluster.kill('s3', 'SIGSTOP');
  const bytes = someBytes(10 * megabyte);
  const id = await client.upload(urlOf(cluster, 's1'), bytes);
  await post(urlOf(cluster, 's1'), client, { text: '', files: [id] });
  cluster.kill('s3', 'SIGCONT');
  await cluster.settled();
  await onEveryServer(cluster, client, id, sha256Of(bytes));
  await samePieces(cluster, 40);
});

test('R18 a server that lost its folder has every file of the snapshot when it is in the set again, though the log has them no more', async () => {
  const every = 50;
  await using cluster = await startTestCluster({ args: ['--snapshot-every', String(every)] });
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  const url = urlOf(cluster, 's1');
  const bytes = someBytes(10 * megabyte);
  const id = await client.upload(url, bytes);
  const { index } = await post(url, client, { text: '', files: [id] });
  for (let at = 0; at < 3 * every; at += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, more) => post(url, client, { text: `message ${at + more}` })));
  }
  await eventually('the log is trimmed', async () => {
    const response = await fetch(`${url}/api/v1/fingerprints/${index}`);
    return ((await response.json()) as { fingerprint: string | null }).fingerprint === null;
  });
  const pid = cluster.kill('s3');
  rmSync(join(cluster.data, 's3'), { recursive: true });
  await cluster.waitFor('s3 is another process, in the set', ({ servers }) =>
    servers.some((server) => server.name === 's3' && server.pid !== pid && server.inSync),
  );
  expect(piecesOf(cluster, 's3').toSorted()).toEqual(piecesOf(cluster, 's1').toSorted());
  await onEveryServer(cluster, client, id, sha256Of(bytes));

  // A rotten piece is noticed when it is read, and mended.
  const [rotten] = piecesOf(cluster, 's2');
  writeFileSync(join(cluster.data, 's2', 'files', rotten!.slice(0, 2), rotten!), 'rotten');
  expect(await sha256At(urlOf(cluster, 's2'), client, id)).toBe(sha256Of(bytes));
});

test('pieces that a crash left over are swept away, and those that are lost are brought back', async () => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const client = new TusClient(await cluster.token('Ayu'));
  const bytes = someBytes(3 * megabyte);
  const id = await client.upload(urlOf(cluster, 's1'), bytes);
  await samePieces(cluster, 12);
  const pid = cluster.kill('s2');
  const folder = join(cluster.data, 's2', 'files');
  const [lost] = piecesOf(cluster, 's2');
  rmSync(join(folder, lost!.slice(0, 2), lost!));
  mkdirSync(join(folder, 'ff'), { recursive: true });
  writeFileSync(join(folder, 'ff', 'f'.repeat(64)), 'left over');
  await cluster.waitFor('s2 is back', ({ servers }) =>
    servers.some((server) => server.name === 's2' && server.pid !== pid && server.inSync),
  );
  await samePieces(cluster, 12);
  expect(piecesOf(cluster, 's2')).not.toContain('f'.repeat(64));
  await onEveryServer(cluster, client, id, sha256Of(bytes));
});

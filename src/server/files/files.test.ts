import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits, newCommandId } from '../../protocol/index.ts';
import { startTestCluster, type TestCluster, until } from '../test-kit.ts';
import { sha256Of, someBytes, TusClient } from './tus-test-kit.ts';

let cluster: TestCluster;
let ann: TusClient;
let bob: TusClient;

beforeEach(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  ann = new TusClient((await cluster.join('Ann')).token);
  bob = new TusClient((await cluster.join('Bob')).token);
});
afterEach(() => cluster.close());

const download = async (client: TusClient, id: string, at = 0, headers: Record<string, string> = {}) => {
  const response = await fetch(`${cluster.url(at)}/api/v1/files/${id}`, {
    headers: { authorization: `Bearer ${client.token}`, ...headers },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};
/** A file's bytes, once the server has heard of it. */
const downloaded = async (client: TusClient, id: string, at = 0): Promise<Buffer> => {
  await until(async () => (await download(client, id, at)).status === 200);
  return (await download(client, id, at)).bytes;
};
const post = (client: TusClient, files: readonly string[], room = 'general', text = '') =>
  cluster.ask('POST', `/api/v1/rooms/${room}/messages`, { token: client.token, body: { text, files } });
const piecesAt = (at: number): string[] => {
  const folder = join(cluster.dataDir(at), 'files');
  return readdirSync(folder).flatMap((name) => (name === 'new' ? [] : readdirSync(join(folder, name))));
};

describe('uploading', () => {
  test.each([0, 1, limits.uploadChunkBytes, 3 * limits.uploadChunkBytes + 5])(
    'a file of %i bytes is the same on every server',
    async (size) => {
      const bytes = someBytes(size);
      const id = await ann.upload(cluster.url(), bytes, { sha256: sha256Of(bytes), name: 'an ünusual name.txt' });
      expect((await post(ann, [id])).status).toBe(201);
      for (const at of [0, 1]) {
        expect((await downloaded(bob, id, at)).equals(bytes)).toBe(true);
        const got = await download(bob, id, at);
        expect(got.headers.get('etag')).toBe(`"${sha256Of(bytes)}"`);
      }
      const { body } = await cluster.ask('GET', `/api/v1/files/${id}/info`, { token: bob.token });
      expect(body).toEqual({ id, name: 'an ünusual name.txt', type: 'text/plain', size, sha256: sha256Of(bytes) });
    },
  );

  test('an upload goes on at another server, at the offset that was acknowledged', async () => {
    const bytes = someBytes(1_000_000);
    const created = await ann.create(cluster.url(), { size: bytes.length, sha256: sha256Of(bytes) });
    const id = created.headers.get('location')!.split('/').at(-1)!;
    const parts = [0, 100_000, 400_000, 999_999, 1_000_000];
    for (const [at, from] of parts.slice(0, -1).entries()) {
      const url = cluster.url(at % 2);
      expect((await ann.head(url, id)).offset).toBe(from);
      const patched = await ann.patch(url, id, from, bytes.subarray(from, parts[at + 1]));
      expect([patched.status, patched.offset]).toEqual([204, parts[at + 1]]);
    }
    expect((await downloaded(ann, id, 1)).equals(bytes)).toBe(true);
  });

  test('what arrived before a connection broke is kept', async () => {
    const bytes = someBytes(500_000);
    const created = await ann.create(cluster.url(), { size: bytes.length });
    const id = created.headers.get('location')!.split('/').at(-1)!;
    const giveUp = new AbortController();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.subarray(0, 300_000));
      },
    });
    const broken = fetch(`${cluster.url()}/files/${id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ann.token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body,
      duplex: 'half',
      signal: giveUp.signal,
    } as RequestInit);
    await until(() => piecesAt(0).length > 0);
    giveUp.abort();
    await expect(broken).rejects.toThrow();
    await until(async () => (await ann.head(cluster.url(), id)).offset === 300_000);
    expect((await ann.patch(cluster.url(1), id, 300_000, bytes.subarray(300_000))).status).toBe(204);
    expect((await downloaded(ann, id)).equals(bytes)).toBe(true);
  });

  test('a client that comes back while its old connection still stands goes on from there', async () => {
    const bytes = someBytes(600_000);
    const created = await ann.create(cluster.url(), { size: bytes.length });
    const id = created.headers.get('location')!.split('/').at(-1)!;
    const stuck = new ReadableStream({ start: (controller) => controller.enqueue(bytes.subarray(0, 300_000)) });
    const old = fetch(`${cluster.url()}/files/${id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ann.token}`,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: stuck,
      duplex: 'half',
    } as RequestInit).catch(() => null);
    await until(() => piecesAt(0).length > 0);
    const { offset } = await ann.head(cluster.url(), id);
    expect((await ann.patch(cluster.url(), id, offset, bytes.subarray(offset))).status).toBe(204);
    await old;
    expect((await downloaded(ann, id)).equals(bytes)).toBe(true);
  });

  test('of two servers that take the same bytes, one does', async () => {
    const bytes = someBytes(2_000_000);
    const created = await ann.create(cluster.url(), { size: bytes.length });
    const id = created.headers.get('location')!.split('/').at(-1)!;
    const answers = await Promise.all([0, 1].map((at) => ann.patch(cluster.url(at), id, 0, bytes)));
    const codes = answers.map(({ status, code }) => (status === 204 ? 'done' : code));
    for (const code of codes) expect(['done', 'offset-mismatch', 'upload-finished', 'no-such-file']).toContain(code);
    const { offset } = await ann.head(cluster.url(), id);
    if (offset < bytes.length) await ann.patch(cluster.url(), id, offset, bytes.subarray(offset));
    expect((await downloaded(ann, id)).equals(bytes)).toBe(true);
  });

  test('what arrived other than it was sent is given up', async () => {
    const bytes = someBytes(300_000);
    const created = await ann.create(cluster.url(), { size: bytes.length, sha256: 'a'.repeat(64) });
    const id = created.headers.get('location')!.split('/').at(-1)!;
    expect(await ann.patch(cluster.url(), id, 0, bytes)).toMatchObject({ status: 422, code: 'checksum-mismatch' });
    expect((await ann.head(cluster.url(), id)).status).toBe(404);
    await until(() => piecesAt(0).length === 0 && piecesAt(1).length === 0);
  });

  test('refuses with a reason', async () => {
    const url = cluster.url();
    const size = 10;
    expect(await ann.create(url, { size: limits.fileMaxBytes + 1 })).toMatchObject({
      status: 413,
      code: 'file-too-large',
    });
    expect(await ann.create(url, { size, name: 'x'.repeat(201) })).toMatchObject({ code: 'file-name-invalid' });
    expect(await ann.create(url, { size, name: '..' })).toMatchObject({ code: 'file-name-invalid' });
    expect(await ann.create(url, { size, name: '' })).toMatchObject({ code: 'file-name-invalid' });
    expect(await ann.create(url, { size, sha256: 'abc' })).toMatchObject({ code: 'bad-request' });
    expect(await ann.request('POST', `${url}/files`, { 'upload-length': '-1' })).toMatchObject({ status: 400 });
    expect(await ann.request('POST', `${url}/files`, { 'tus-resumable': '0.2.2' })).toMatchObject({ status: 412 });
    expect(await ann.head(url, newCommandId())).toMatchObject({ status: 404 });
    const id = (await ann.create(url, { size })).headers.get('location')!.split('/').at(-1)!;
    expect(await bob.head(url, id)).toMatchObject({ status: 404 });
    expect(await ann.patch(url, id, 5, someBytes(5))).toMatchObject({ status: 409, code: 'offset-mismatch' });
    expect(await ann.patch(url, id, 0, someBytes(11))).toMatchObject({ status: 413, code: 'too-large' });
    expect((await post(ann, [id])).body).toMatchObject({ error: { code: 'upload-incomplete' } });
    expect((await ann.request('DELETE', `${url}/files/${id}`)).status).toBe(204);
    expect((await ann.head(url, id)).status).toBe(404);
  });

  test('a person has a limit of uploads that nothing uses', async () => {
    for (let n = 0; n < limits.uploadsPerUserMax; n++) {
      expect((await ann.create(cluster.url(), { size: 1 })).status).toBe(201);
    }
    expect(await ann.create(cluster.url(), { size: 1 })).toMatchObject({ status: 429, code: 'too-many-uploads' });
    expect((await bob.create(cluster.url(), { size: 1 })).status).toBe(201);
  });

  test('the workspace has a limit of bytes', async () => {
    const size = limits.fileMaxBytes;
    const count = Math.floor(limits.filesTotalMaxBytes / size);
    for (let n = 0; n < count; n++) expect((await ann.create(cluster.url(), { size })).status).toBe(201);
    expect(await bob.create(cluster.url(), { size: 1 })).toMatchObject({ status: 507, code: 'files-full' });
  });
});

test('R19 a server takes so many uploads at a time, and few chunks of all of them; whoever waits loses nothing', async () => {
  await cluster.close();
  cluster = await startTestCluster({ limits: { uploadsAtOnceMax: 12, uploadChunksInFlightMax: 2 } });
  ann = new TusClient((await cluster.join('Ann')).token);
  const url = cluster.url();
  const files = Array.from({ length: 12 }, (_, seed) => someBytes(700_000, seed + 1));
  const ids = await Promise.all(files.map((bytes) => ann.upload(url, bytes, { sha256: sha256Of(bytes) })));
  for (const [at, id] of ids.entries()) expect((await downloaded(ann, id)).equals(files[at]!)).toBe(true);

  const stuck = new AbortController();
  const waiting = Array.from({ length: 12 }, async () => {
    const { headers } = await ann.create(url, { size: 100 });
    const tus = { authorization: `Bearer ${ann.token}`, 'tus-resumable': '1.0.0', 'upload-offset': '0' };
    // One that is refused, because the other upload has just had the last place, comes again.
    while (!stuck.signal.aborted) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')) });
      await fetch(`${url}${headers.get('location')}`, {
        method: 'PATCH',
        headers: { ...tus, 'content-type': 'application/offset+octet-stream' },
        body,
        duplex: 'half',
        signal: stuck.signal,
      } as RequestInit).catch(() => null);
    }
  });
  const id = (await ann.create(url, { size: 100_000 })).headers.get('location')!.split('/').at(-1)!;
  let refused = '';
  await until(async () => {
    const offset = (await ann.head(url, id)).offset;
    const answer = await ann.patch(url, id, offset, someBytes(1));
    refused = answer.code ?? '';
    return answer.status === 503;
  });
  expect(refused).toBe('overloaded');
  stuck.abort();
  await Promise.all(waiting);
  await until(async () => {
    const { offset } = await ann.head(url, id);
    return (await ann.patch(url, id, offset, someBytes(100_000 - offset))).status === 204;
  });
  expect((await downloaded(ann, id)).length).toBe(100_000);
});

describe('keeping', () => {
  test('the same content is on disk once, until nothing uses it', async () => {
    const bytes = someBytes(600_000);
    const [one, two] = [await ann.upload(cluster.url(), bytes), await bob.upload(cluster.url(1), bytes)];
    await until(() => piecesAt(0).length === 3 && piecesAt(1).length === 3);
    const first = (await post(ann, [one])).body as { id: string };
    const second = (await post(bob, [two])).body as { id: string };
    await cluster.ask('DELETE', `/api/v1/messages/${first.id}`, { token: ann.token });
    expect((await download(ann, one)).status).toBe(404);
    expect((await downloaded(ann, two)).equals(bytes)).toBe(true);
    await cluster.ask('DELETE', `/api/v1/messages/${second.id}`, { token: bob.token });
    await until(() => piecesAt(0).length === 0 && piecesAt(1).length === 0);
  });

  test('a file whose pieces are gone or rotten here is mended from another server', async () => {
    await cluster.close();
    const folder = cluster.dataDir(1);
    cluster = await startTestCluster({
      names: ['s1', 's2'],
      server: { siblingPieces: () => [join(cluster.dataDir(1), 'files')] },
    });
    expect(folder).not.toBe(cluster.dataDir(1));
    ann = new TusClient((await cluster.join('Ann')).token);
    const bytes = someBytes(700_000);
    const id = await ann.upload(cluster.url(), bytes);
    await until(() => piecesAt(1).length === 3);
    const [gone, rotten] = piecesAt(0);
    const pathOf = (hash: string) => join(cluster.dataDir(0), 'files', hash.slice(0, 2), hash);
    rmSync(pathOf(gone!));
    writeFileSync(pathOf(rotten!), 'rotten');
    expect((await downloaded(ann, id)).equals(bytes)).toBe(true);
    expect(existsSync(pathOf(gone!))).toBe(true);
    for (const at of [0, 1])
      for (const hash of piecesAt(1)) rmSync(pathOf(hash).replace(cluster.dataDir(0), cluster.dataDir(at)));
    expect((await download(ann, id)).status).toBe(500);
  });
});

test('R16 a server whose disk does not take a piece applies nothing further, says so and ends', async () => {
  rmSync(join(cluster.dataDir(1), 'files', 'new'), { recursive: true });
  const id = await ann.upload(cluster.url(), someBytes(10));
  const error = await cluster.servers[1]!.failed;
  expect(error.message).toMatch(/can no longer be applied/);
  expect(Object(error.cause).code).toBe('ENOENT');
  expect((await downloaded(ann, id)).length).toBe(10);
});

describe('downloading', () => {
  test('ranges', async () => {
    const bytes = someBytes(700_000);
    const id = await ann.upload(cluster.url(), bytes, { type: 'video/mp4' });
    const ranges: [string, number, number][] = [
      ['bytes=0-0', 0, 1],
      ['bytes=262143-262144', 262_143, 262_145],
      ['bytes=600000-', 600_000, 700_000],
      ['bytes=-5', 699_995, 700_000],
      ['bytes=1-9999999', 1, 700_000],
    ];
    for (const [range, from, upto] of ranges) {
      const got = await download(ann, id, 0, { range });
      expect([got.status, got.headers.get('content-range')]).toEqual([206, `bytes ${from}-${upto - 1}/700000`]);
      expect(got.bytes.equals(bytes.subarray(from, upto))).toBe(true);
    }
    const beyond = await download(ann, id, 0, { range: 'bytes=700000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */700000']);
    for (const range of ['bytes=5-1', 'bytes=0-1,3-4', 'lines=1-2']) {
      expect((await download(ann, id, 0, { range })).status).toBe(200);
    }
    expect((await download(ann, id, 0, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    expect((await download(ann, id, 0, { 'if-none-match': `"${sha256Of(bytes)}"` })).status).toBe(304);
  });

  test('a room’s files, page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await ann.upload(cluster.url(), someBytes(10 + n)));
    await post(ann, ids.slice(0, 2));
    await post(ann, ids.slice(2, 4));
    await post(ann, ids.slice(4));
    const seen: string[] = [];
    for (let before = ''; ; ) {
      const { body } = await cluster.ask('GET', `/api/v1/rooms/general/files?limit=3${before}`, { token: bob.token });
      const { files, next } = body as { files: { file: { id: string } }[]; next: number | null };
      seen.push(...files.map(({ file }) => file.id));
      if (next === null) break;
      before = `&before=${next}`;
    }
    expect(seen).toEqual([ids[4], ids[2], ids[3], ids[0], ids[1]]);
  });
});

test('the OpenAPI document names each operation on files once', async () => {
  const { body } = await cluster.ask('GET', '/api/v1/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, { operationId: string }>> };
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(ids.filter((id) => id.includes('File')).toSorted()).toEqual(['getFile', 'getFileInfo', 'listRoomFiles']);
  expect(new Set(ids).size).toBe(ids.length);
});

test('HEAD says of a file what GET does, without the bytes', async () => {
  const bytes = someBytes(1_000);
  const id = await ann.upload(cluster.url(), bytes);
  const head = await ann.request('HEAD', `${cluster.url()}/api/v1/files/${id}`);
  expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
    200,
    '1000',
    `"${sha256Of(bytes)}"`,
  ]);
});

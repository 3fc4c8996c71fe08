/** Files: who may have them, what a browser may make of them, and what cannot be done with names, ids and ranges. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newCommandId } from '../../src/protocol/index.ts';
import { metadataOf } from '../../src/server/files/tus-metadata.ts';
import { someBytes, TusClient } from '../../src/server/files/tus-test-kit.ts';
import { startTestCluster, type TestCluster, until } from '../../src/server/test-kit.ts';

let cluster: TestCluster;
let ann: TusClient;
let bob: TusClient;
let bobId: string;

beforeEach(async () => {
  cluster = await startTestCluster();
  const [one, two] = [await cluster.join('Ann'), await cluster.join('Bob')];
  ann = new TusClient(one.token);
  bob = new TusClient(two.token);
  bobId = two.user.id;
});
afterEach(() => cluster.close());

const ask = async (token: string | null, path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${cluster.url()}${path}`, { method, headers: { ...authorization, ...headers } });
  const text = await response.text();
  const code = text.startsWith('{"error"') ? String(JSON.parse(text).error.code) : null;
  return { status: response.status, headers: response.headers, text, code };
};
const idOf = ({ headers }: { headers: Headers }): string => headers.get('location')!.split('/').at(-1)!;
const refusal = async (client: TusClient, id: string): Promise<[number, string | null]> => {
  const { status, code } = await ask(client.token, `/api/v1/files/${id}`);
  return [status, code];
};
const closed: [number, string] = [404, 'no-such-file'];

describe('a file', () => {
  test('that no message uses is its uploader’s alone', async () => {
    const id = await ann.upload(cluster.url(), someBytes(10));
    expect((await ask(ann.token, `/api/v1/files/${id}`)).status).toBe(200);
    expect(await refusal(bob, id)).toEqual(closed);
    expect((await ask(bob.token, `/api/v1/files/${id}/info`)).code).toBe('no-such-file');
    expect((await ask(null, `/api/v1/files/${id}`)).code).toBe('not-signed-in');
    expect((await ask('x'.repeat(43), `/api/v1/files/${id}`)).code).toBe('session-ended');
  });

  test('of a closed room is for who is in it, for as long as they are', async () => {
    const room = await cluster.ask('POST', '/api/v1/rooms', {
      token: ann.token,
      body: { name: 'board', access: 'closed' },
    });
    const { id: roomId } = room.body as { id: string };
    const id = await ann.upload(cluster.url(), someBytes(10));
    const body = { text: '', files: [id] };
    const posted = await cluster.ask('POST', `/api/v1/rooms/${roomId}/messages`, { token: ann.token, body });
    expect(posted.status).toBe(201);
    expect(await refusal(bob, id)).toEqual(closed);
    expect((await ask(bob.token, `/api/v1/rooms/${roomId}/files`)).code).toBe('no-such-room');
    await cluster.ask('PUT', `/api/v1/rooms/${roomId}/members/${bobId}`, { token: ann.token });
    expect((await refusal(bob, id))[0]).toBe(200);
    await cluster.ask('DELETE', `/api/v1/rooms/${roomId}/members/${bobId}`, { token: ann.token });
    expect(await refusal(bob, id)).toEqual(closed);
  });

  test('of a message that was deleted is nobody’s', async () => {
    const id = await ann.upload(cluster.url(), someBytes(10));
    const body = { text: 'look', files: [id] };
    const posted = await cluster.ask('POST', '/api/v1/rooms/general/messages', { token: ann.token, body });
    expect((await refusal(bob, id))[0]).toBe(200);
    await cluster.ask('DELETE', `/api/v1/messages/${(posted.body as { id: string }).id}`, { token: ann.token });
    expect(await refusal(bob, id)).toEqual(closed);
    expect(await refusal(ann, id)).toEqual(closed);
  });

  test('that is somebody’s picture is for everybody, until it is another', async () => {
    const id = await ann.upload(cluster.url(), someBytes(10), { type: 'image/png' });
    const other = await ann.upload(cluster.url(), someBytes(20), { type: 'image/png' });
    const wear = (avatar: string) => cluster.ask('PATCH', '/api/v1/profile', { token: ann.token, body: { avatar } });
    expect((await wear(id)).status).toBe(200);
    expect((await refusal(bob, id))[0]).toBe(200);
    expect((await wear(other)).status).toBe(200);
    expect(await refusal(bob, id)).toEqual(closed);
    expect((await refusal(bob, other))[0]).toBe(200);
    expect((await wear('')).status).toBe(200);
    expect(await refusal(bob, other)).toEqual(closed);
  });

  test('of somebody else, or that has not arrived, is in no message of one’s own, and nobody’s picture', async () => {
    const theirs = await ann.upload(cluster.url(), someBytes(10), { type: 'image/png' });
    const halfway = idOf(await bob.create(cluster.url(), { size: 10, type: 'image/png' }));
    const script = await bob.upload(cluster.url(), someBytes(10), { type: 'image/svg+xml' });
    for (const [id, code] of [
      [theirs, 'no-such-file'],
      [halfway, 'upload-incomplete'],
      [newCommandId(), 'no-such-file'],
    ]) {
      const body = { text: '', files: [id] };
      const posted = await cluster.ask('POST', '/api/v1/rooms/general/messages', { token: bob.token, body });
      expect(posted.body).toMatchObject({ error: { code } });
      const worn = await cluster.ask('PATCH', '/api/v1/profile', { token: bob.token, body: { avatar: id } });
      expect(worn.body).toMatchObject({ error: { code } });
    }
    const worn = await cluster.ask('PATCH', '/api/v1/profile', { token: bob.token, body: { avatar: script } });
    expect(worn.status).toBe(400);
    const twice = { text: '', files: [script, script] };
    const posted = await cluster.ask('POST', '/api/v1/rooms/general/messages', { token: bob.token, body: twice });
    expect(posted.body).toMatchObject({ error: { code: 'too-many-files' } });
  });
});

describe('an upload', () => {
  test('is its owner’s alone', async () => {
    const id = idOf(await ann.create(cluster.url(), { size: 10 }));
    expect((await bob.head(cluster.url(), id)).status).toBe(404);
    expect(await bob.patch(cluster.url(), id, 0, someBytes(10))).toMatchObject({ status: 404, code: 'no-such-file' });
    expect((await bob.request('DELETE', `${cluster.url()}/files/${id}`)).status).toBe(404);
    expect((await ann.head(cluster.url(), id)).offset).toBe(0);
    const nobody = await fetch(`${cluster.url()}/files`, { method: 'POST', headers: { 'tus-resumable': '1.0.0' } });
    expect(nobody.status).toBe(401);
  });

  test('with a cookie comes from a page of the cluster or from none', async () => {
    const headers = {
      cookie: `estafet=${ann.token}`,
      'tus-resumable': '1.0.0',
      'upload-length': '1',
      'upload-metadata': metadataOf({ filename: 'a' }),
    };
    const send = (more: Record<string, string>) => ask(null, '/files', { ...headers, ...more }, 'POST');
    expect((await send({ origin: 'http://evil.example' })).code).toBe('foreign-origin');
    expect((await send({ 'sec-fetch-site': 'cross-site' })).code).toBe('foreign-origin');
    const own = await send({ origin: cluster.url() });
    expect(own.status).toBe(201);
    expect(own.headers.get('access-control-allow-origin')).toBe(cluster.url());
    expect(own.headers.get('access-control-expose-headers')).toMatch(/Upload-Offset/);
    expect(own.headers.get('location')).toMatch(/^\/files\/[0-9a-f-]{36}$/);
    const foreign = await ask(ann.token, '/files', { origin: 'http://evil.example' }, 'OPTIONS');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await ask(
      null,
      '/files',
      { origin: cluster.url(), 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/upload-offset/);
  });

  test('that sends more than it announced, or nothing for long, takes nobody’s place for ever', async () => {
    const id = idOf(await ann.create(cluster.url(), { size: 10 }));
    expect((await ann.patch(cluster.url(), id, 0, someBytes(1_000_000))).code).toBe('too-large');
    expect((await ann.patch(cluster.url(), id, 0, someBytes(10))).status).toBe(204);
  });

  test.each(['application/json', 'text/plain'])('as %s is refused before its body has come', async (type) => {
    const url = new URL(cluster.url());
    const head = ['PATCH /files/x HTTP/1.1', `host: ${url.host}`, 'tus-resumable: 1.0.0', `content-type: ${type}`];
    const socket = connect(Number(url.port), url.hostname);
    try {
      socket.write(`${[...head, 'content-length: 1000000000'].join('\r\n')}\r\n\r\n{`);
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/offset\+octet-stream is needed/s);
    } finally {
      socket.destroy();
    }
  });

  test.each([
    '../../../../etc/passwd',
    '..%2f..%2fchat.db',
    '%00',
    '01a1ffaf-a807-77e9-91bb-08afda897cf7%0d%0aset-cookie:%20a=b',
    '__proto__',
    "' OR 1=1 --",
  ])('has no id like %j', async (id) => {
    for (const path of [`/api/v1/files/${id}`, `/api/v1/files/${id}/info`]) {
      const { status } = await ask(ann.token, path);
      expect([400, 404]).toContain(status);
    }
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const { status } = await ask(ann.token, `/files/${id}`, { 'tus-resumable': '1.0.0' }, method);
      expect([400, 404]).toContain(status);
    }
  });
});

describe('what a browser is given', () => {
  const nasty: [string, string][] = [
    ['a"; filename="b.exe', 'text/plain'],
    ['a\r\nset-cookie: evil=1\r\n\r\n<script>', 'text/plain'],
    ['../../../etc/passwd', 'text/plain'],
    ['C:\\windows\\system.ini', 'text/plain'],
    ['\u202egpj.exe', 'image/png'],
    ['😀.png', 'image/png\r\nset-cookie: evil=1'],
    ['page.html', 'text/html'],
    ['drawing.svg', 'image/svg+xml'],
    ['page.xhtml', 'application/xhtml+xml'],
    ['x.js', 'TEXT/JavaScript; charset=utf-8'],
  ];

  test.each(nasty)('of a file called %j is a name and nothing else', async (name, type) => {
    const id = await ann.upload(cluster.url(), someBytes(10), { name, type });
    const { status, headers } = await ask(ann.token, `/api/v1/files/${id}`);
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toBeNull();
    const disposition = headers.get('content-disposition')!;
    expect(disposition).toMatch(/^(inline|attachment); filename="[^"\\/\r\n]*"; filename\*=UTF-8''[A-Za-z0-9!~._%-]*$/);
    expect(decodeURIComponent(disposition.split("''")[1]!)).not.toMatch(/[/\\\p{Cc}\u202e]/u);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*; sandbox$/);
    expect(headers.get('cache-control')).toMatch(/^private/);
    if (/html|svg|script/i.test(type)) {
      expect(disposition).toMatch(/^attachment/);
      expect(headers.get('content-type')).toBe('application/octet-stream');
    }
  });

  test('of a PDF is no page of this address either', async () => {
    const id = await ann.upload(cluster.url(), someBytes(10), { name: 'a.pdf', type: 'application/pdf' });
    const { headers } = await ask(ann.token, `/api/v1/files/${id}`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(headers.get('content-type')).toBe('application/pdf');
  });

  test('is no more than the file has, whatever range is asked for', async () => {
    const bytes = someBytes(1_000);
    const id = await ann.upload(cluster.url(), bytes);
    for (const range of [
      'bytes=0-99999999999999',
      'bytes=-99999999999',
      'bytes=999-',
      `bytes=${'1-2,'.repeat(500)}3-4`,
      'bytes=-0',
    ]) {
      const { status, text, headers } = await ask(ann.token, `/api/v1/files/${id}`, { range });
      expect([200, 206, 416]).toContain(status);
      if (status === 416) expect(headers.get('content-range')).toBe('bytes */1000');
      else expect(Number(headers.get('content-length'))).toBeLessThanOrEqual(1_000);
      expect(text.length).toBeLessThanOrEqual(1_000);
    }
  });
});

test('an upload whose client is gone is let go, and the server serves others', async () => {
  const id = idOf(await ann.create(cluster.url(), { size: 1_000_000 }));
  const { port, hostname } = new URL(cluster.url());
  const socket = connect(Number(port), hostname);
  socket.write(
    `PATCH /files/${id} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${ann.token}\r\n` +
      'tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n' +
      `content-length: 1000000\r\n\r\n${'x'.repeat(1_000)}`,
  );
  await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  await until(async () => (await ann.head(cluster.url(), id)).status === 200);
  const { offset } = await ann.head(cluster.url(), id);
  expect((await ann.patch(cluster.url(), id, offset, someBytes(1_000_000 - offset))).status).toBe(204);
});

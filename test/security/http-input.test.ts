/** Whatever comes in over HTTP gets a stable code, and the server goes on serving. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, newCommandId } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';

let cluster: TestCluster;
let webRoot: string;
let ana: { token: string };

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'estafet-web-'));
  await mkdir(join(webRoot, 'web', 'assets'), { recursive: true });
  await writeFile(join(webRoot, 'secret.txt'), 'secret');
  await writeFile(join(webRoot, 'web', 'index.html'), '<title>the app</title>');
  await writeFile(join(webRoot, 'web', 'assets', 'app-1a2b.js'), 'void 0');
  cluster = await startTestCluster({ server: { webRoot: join(webRoot, 'web') } });
  ana = await cluster.join('Ana');
});

afterAll(async () => {
  await cluster?.close();
  await rm(webRoot, { recursive: true, force: true });
});

const refusal = (status: number, code: string) => ({
  status,
  body: { error: { code, message: expect.stringMatching(/./) } },
});

/** Sends bytes as they are, and gives the first line and the body of the answer. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port, hostname } = new URL(cluster.url());
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });

const stillServes = async () =>
  expect(await cluster.ask('GET', '/api/v1/session', ana)).toMatchObject({
    status: 200,
    body: { user: { name: 'Ana' } },
  });

describe('bodies', () => {
  it.each([
    ['malformed JSON', '{"text":', 'bad-json', 400],
    ['an empty body', '', 'bad-request', 400],
    ['an array', '[]', 'bad-request', 400],
    ['null', 'null', 'bad-request', 400],
    ['a poisoned prototype', '{"__proto__":{"x":1},"text":"a"}', 'bad-json', 400],
    ['a number for a text', '{"text":5}', 'bad-request', 400],
    ['an object for a text', '{"text":{"a":1}}', 'bad-request', 400],
    ['an unknown field', '{"text":"a","by":"somebody"}', 'bad-request', 400],
    ['an id that is none', '{"text":"a","id":"1"}', 'bad-id', 400],
    ['an empty text', '{"text":"  "}', 'text-empty', 400],
    [
      'a text above the limit',
      JSON.stringify({ text: 'x'.repeat(limits.messageTextMaxChars + 1) }),
      'text-too-long',
      413,
    ],
    ['a body above the limit', JSON.stringify({ text: 'x'.repeat(limits.httpBodyMaxBytes) }), 'too-large', 413],
  ])('%s is refused', async (_what, body, code, status) => {
    const answer = await cluster.ask('POST', '/api/v1/rooms/general/messages', { ...ana, body });
    expect(answer).toMatchObject(refusal(status, code));
    await stillServes();
  });

  it('a refusal names the field', async () => {
    const answer = await cluster.ask('POST', '/api/v1/rooms', { ...ana, body: { name: 'x', access: 'secret' } });
    expect(answer.body).toEqual({ error: { code: 'bad-request', message: 'access: must be open or closed.' } });
  });

  it('a form is not a body: a page cannot post one in somebody’s name', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await cluster.ask('POST', '/api/v1/join', { headers, body: '{"name":"Eve"}' });
    expect(answer).toMatchObject(refusal(400, 'bad-json'));
    expect(answer.body).toMatchObject({
      error: { message: expect.stringContaining('content-type: application/json') },
    });
  });

  it('a command whose names are too long is refused by name', async () => {
    const name = 'x'.repeat(limits.userNameMaxChars + 1);
    expect(await cluster.ask('POST', '/api/v1/join', { body: { name } })).toMatchObject(refusal(400, 'name-invalid'));
  });

  it('an id that is somebody else’s command is refused, and shows nothing of it', async () => {
    const bo = await cluster.join('Bo');
    const id = newCommandId();
    const body = { id, text: 'mine' };
    expect(await cluster.ask('POST', '/api/v1/rooms/general/messages', { ...ana, body })).toMatchObject({
      status: 201,
    });
    expect(await cluster.ask('POST', '/api/v1/rooms/general/messages', { token: bo.token, body })).toMatchObject(
      refusal(409, 'id-reused'),
    );
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/nowhere', 404, 'not-found'],
    ['GET', '/api/v1/nowhere', 404, 'not-found'],
    ['DELETE', '/api/v1/rooms', 404, 'not-found'],
    ['GET', '/api/v1/rooms/%zz', 400, 'bad-request'],
    ['GET', '/api/v1/rooms/general/messages?limit=x', 400, 'bad-request'],
    ['GET', '/api/v1/rooms/general/messages?limit=100000', 400, 'bad-request'],
    ['GET', '/api/v1/rooms/general/messages?after=-1', 400, 'bad-request'],
    ['GET', '/api/v1/rooms/general/messages?token=x', 400, 'bad-request'],
    ['GET', `/api/v1/rooms/${'x'.repeat(65)}`, 400, 'bad-request'],
    ['GET', '/api/v1/rooms/nowhere', 404, 'no-such-room'],
  ])('%s %s is refused', async (method, path, status, code) => {
    expect(await cluster.ask(method, path, ana)).toMatchObject(refusal(status, code));
    await stillServes();
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '//etc/passwd',
    '/%00',
  ])('%s does not lead out of the web app', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[0-4] /);
    expect(answer).not.toContain('secret\r\n');
    await stillServes();
  });
});

describe('what is not HTTP', () => {
  it('headers above the limit are refused', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*"too-large"/s);
    await stillServes();
  });

  it('noise is refused', async () => {
    expect(await raw('\u0000\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"bad-request"/s);
    await stillServes();
  });
});

describe('the web app', () => {
  it('is the same page wherever the app itself routes, and is asked for again each time', async () => {
    for (const path of ['/', '/cluster', '/lab', '/lab/experiments/1?seed=7', '/settings', '/rooms/general']) {
      const page = await cluster.ask('GET', path);
      expect(page).toMatchObject({ status: 200, body: '<title>the app</title>' });
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('is shown to a person who mistyped an address, as not found; a program gets the code', async () => {
    const visit = await cluster.ask('GET', '/nowhere', { headers: { 'sec-fetch-dest': 'document' } });
    expect(visit).toMatchObject({ status: 404, body: '<title>the app</title>' });
    expect(await cluster.ask('GET', '/nowhere')).toMatchObject(refusal(404, 'not-found'));
  });

  it('keeps hashed files for ever', async () => {
    const file = await cluster.ask('GET', '/assets/app-1a2b.js');
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('runs no inline script, and talks to the servers of its own host only', async () => {
    const policy = (await cluster.ask('GET', '/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*");
    expect(policy).not.toContain('upgrade-insecure-requests');
  });
});

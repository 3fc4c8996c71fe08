/** Who may do what: tokens, cookies, foreign pages, and rooms that are closed to one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplicaView, Topology } from '../../src/log/index.ts';
import { closeCodes, newCommandId, type User } from '../../src/protocol/index.ts';
import { delegate, machineKey, startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';

let cluster: TestCluster;
let ana: { readonly token: string; readonly user: User };
let bo: { readonly token: string; readonly user: User };

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  ana = await cluster.join('Ana');
  bo = await cluster.join('Bo');
});

afterAll(() => cluster?.close());

const withReplicas = (topology: Topology, belief: Partial<ReplicaView>): Topology => ({
  ...topology,
  replicas: topology.replicas.map((replica) => ({ ...replica, ...belief })),
});

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } });
const portOf = (at: number): string => new URL(cluster.url(at)).port;
const cookieOf = (token: string) => ({ cookie: `estafet=${token}` });

describe('tokens', () => {
  it.each([
    ['none', {}, 'not-signed-in'],
    ['one that nobody has', { token: 'x'.repeat(43) }, 'session-ended'],
    ['the hash of a real one', { headers: { authorization: 'Basic YTpi' } }, 'not-signed-in'],
  ])('%s opens nothing', async (_what, asking, code) => {
    for (const path of ['session', 'users', 'rooms', 'rooms/general', 'rooms/general/messages']) {
      expect(await cluster.ask('GET', `/api/v1/${path}`, asking)).toMatchObject(refusal(401, code));
    }
    const post = { ...asking, body: { text: 'hi' } };
    expect(await cluster.ask('POST', '/api/v1/rooms/general/messages', post)).toMatchObject(refusal(401, code));
  });

  it('a session is known on the other server as soon as it is given', async () => {
    for (let round = 0; round < 10; round++) {
      const { token, user } = await cluster.join(`Guest ${round}`);
      expect(await cluster.ask('GET', '/api/v1/session', { token }, 1)).toMatchObject({ status: 200, body: { user } });
    }
  });

  it.each([
    ['has not applied what is on its disk', (topology: Topology) => topology],
    ['is not in sync', (topology: Topology) => withReplicas(topology, { inSync: false })],
    ['knows no primary', (topology: Topology) => ({ ...topology, primary: null })],
  ])('a server that %s turns no good session away: it sends the client elsewhere', async (what, believed) => {
    let isBehind = false;
    const behind = await startTestCluster({
      names: ['s1', 's2'],
      limits: { sessionWaitMaxMs: 60 },
      wrap: (log) => {
        const isSecond = log.topology().self === 's2';
        if (!isSecond) return log;
        return delegate(log, {
          topology: () =>
            isBehind
              ? believed(withReplicas(log.topology(), what.includes('disk') ? {} : { last: 0 }))
              : log.topology(),
          follow: async function* (after) {
            for await (const batch of log.follow(after)) {
              if (isBehind) await new Promise(() => {});
              yield batch;
            }
          },
        });
      },
    });
    try {
      expect(await behind.ask('GET', '/api/v1/session', { token: 'nobody' }, 1)).toMatchObject(
        refusal(401, 'session-ended'),
      );
      isBehind = true;
      const { token } = await behind.join('Ana');
      expect(await behind.ask('GET', '/api/v1/session', { token }, 1)).toMatchObject(refusal(503, 'unavailable'));
      const socket = behind.rawSocket(1);
      await socket.open();
      socket.send({ type: 'hello', token });
      expect((await socket.closed).code).toBe(closeCodes.goingAway);
      expect(socket.frames).toMatchObject([{ type: 'error', code: 'unavailable' }]);
    } finally {
      await behind.close();
    }
  });

  it('signing out ends the session, and its sockets, on every server', async () => {
    const eve = await cluster.join('Eve');
    const here = await cluster.socket(eve.token);
    const there = await cluster.socket(eve.token, { at: 1 });
    const other = await cluster.socket(bo.token, { at: 1 });
    expect(await cluster.ask('POST', '/api/v1/sign-out', { token: eve.token })).toMatchObject({ status: 200 });
    expect((await here.closed).code).toBe(closeCodes.notSignedIn);
    expect((await there.closed).code).toBe(closeCodes.notSignedIn);
    expect(there.frames).toContainEqual(expect.objectContaining({ type: 'error', code: 'session-ended' }));
    for (const at of [0, 1]) {
      const again = await cluster.ask('GET', '/api/v1/session', { token: eve.token }, at);
      expect(again).toMatchObject(refusal(401, 'session-ended'));
    }
    expect(await other.done('message.post', { room: 'general', text: 'still here' })).toMatchObject({
      outcome: { ok: true },
    });
  });

  it('a client ends its own session only, whatever hash it names', async () => {
    const eve = await cluster.join('Eve 2');
    const socket = await cluster.socket(eve.token);
    const { createHash } = await import('node:crypto');
    socket.do('session.close', { tokenHash: createHash('sha256').update(bo.token).digest('hex') });
    expect((await socket.closed).code).toBe(closeCodes.notSignedIn);
    expect(await cluster.ask('GET', '/api/v1/session', { token: bo.token })).toMatchObject({ status: 200 });
  });

  it('only the machine’s key issues tokens', async () => {
    const body = { name: 'robot', role: 'bot' };
    for (const [token, status, code] of [
      [ana.token, 403, 'not-allowed'],
      [`${machineKey}0`, 403, 'not-allowed'],
      [undefined, 401, 'not-signed-in'],
    ] as const) {
      const asking = token === undefined ? { body } : { token, body };
      expect(await cluster.ask('POST', '/api/v1/tokens', asking)).toMatchObject(refusal(status, code));
    }
    const issued = await cluster.ask('POST', '/api/v1/tokens', { token: machineKey, body });
    expect(issued).toMatchObject({
      status: 201,
      body: { token: expect.any(String), user: { name: 'robot', role: 'bot' } },
    });
  });

  it.each(['user.join', 'token.issue', 'session.revoke', 'constructor'])('a client has no command %s', async (kind) => {
    const socket = await cluster.socket(bo.token);
    const id = newCommandId();
    socket.send({ type: 'do', id, kind, body: {} });
    expect(await socket.frame('error', (frame) => frame.id === id)).toMatchObject({ code: 'unknown-command' });
  });
});

describe('closed rooms', () => {
  it('do not exist for who is not in them', async () => {
    const made = await cluster.ask('POST', '/api/v1/rooms', {
      token: ana.token,
      body: { name: 'secret', access: 'closed' },
    });
    const room = (made.body as { id: string }).id;
    const text = { token: ana.token, body: { text: 'between us' } };
    const posted = await cluster.ask('POST', `/api/v1/rooms/${room}/messages`, text);
    const message = (posted.body as { id: string }).id;
    const socket = await cluster.socket(bo.token, { after: 0 });
    for (const ref of [room, 'secret']) {
      for (const [method, path, body] of [
        ['GET', `rooms/${ref}`, undefined],
        ['GET', `rooms/${ref}/messages`, undefined],
        ['POST', `rooms/${ref}/messages`, { text: 'let me in' }],
        ['POST', `rooms/${ref}/join`, undefined],
        ['POST', `rooms/${ref}/leave`, undefined],
        ['PUT', `rooms/${ref}/read`, { index: 1 }],
      ] as const) {
        const answer = await cluster.ask(method, `/api/v1/${path}`, { token: bo.token, body });
        expect(answer, `${method} ${path}`).toMatchObject(refusal(404, 'no-such-room'));
      }
    }
    expect(JSON.stringify((await cluster.ask('GET', '/api/v1/rooms', { token: bo.token })).body)).not.toContain(
      'secret',
    );
    for (const method of ['PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { text: 'x' } : undefined;
      const answer = await cluster.ask(method, `/api/v1/messages/${message}`, { token: bo.token, body });
      expect(answer).toMatchObject(refusal(404, 'no-such-message'));
    }
    await socket.done('message.post', { room: 'general', text: 'the end' });
    expect(JSON.stringify(socket.frames)).not.toMatch(/secret|between us/);
  });
});

describe('foreign pages', () => {
  const foreign = [
    'http://evil.example',
    'http://127.0.0.1:1',
    'https://127.0.0.1.evil.example',
    'null',
    'file://',
    '',
  ];

  it.each(foreign)('a page of %j cannot use a cookie to change anything, nor make one', async (origin) => {
    const headers = { origin, ...cookieOf(ana.token) };
    const post = await cluster.ask('POST', '/api/v1/rooms/general/messages', { headers, body: { text: 'forged' } });
    expect(post).toMatchObject(refusal(403, 'foreign-origin'));
    expect(post.headers.get('access-control-allow-origin')).toBeNull();
    const join = await cluster.ask('POST', '/api/v1/join', { headers: { origin }, body: { name: 'forged' } });
    expect(join).toMatchObject(refusal(403, 'foreign-origin'));
  });

  it.each(foreign)('a page of %j gets no socket', async (origin) => {
    const refused = new Promise<number | undefined>((resolve) => {
      const socket = cluster.rawSocket(0, { headers: { origin } });
      socket.ws.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.ws.on('open', () => resolve(0));
    });
    expect(await refused).toBe(403);
  });

  it('without an origin, a cookie does nothing across sites', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', ...cookieOf(ana.token) };
    const post = await cluster.ask('POST', '/api/v1/rooms/general/messages', { headers, body: { text: 'forged' } });
    expect(post).toMatchObject(refusal(403, 'foreign-origin'));
  });

  it('a page of one server may go on with another of the same host', async () => {
    const origin = `http://127.0.0.1:${portOf(0)}`;
    const headers = { origin, ...cookieOf(ana.token) };
    const post = await cluster.ask('POST', '/api/v1/rooms/general/messages', { headers, body: { text: 'mine' } }, 1);
    expect(post.status).toBe(201);
    expect(post.headers.get('access-control-allow-origin')).toBe(origin);
    expect(post.headers.get('access-control-allow-credentials')).toBe('true');
    const socket = cluster.rawSocket(1, { headers });
    await socket.open();
    socket.send({ type: 'hello' });
    expect(await socket.frame('welcome')).toMatchObject({ you: { name: 'Ana' } });
  });

  it('a preflight allows own pages, and no others', async () => {
    const ask = (origin: string) =>
      cluster.ask('OPTIONS', '/api/v1/join', { headers: { origin, 'access-control-request-method': 'POST' } }, 1);
    const own = await ask(`http://127.0.0.1:${portOf(0)}`);
    expect(own.status).toBe(204);
    expect(own.headers.get('access-control-allow-headers')).toContain('content-type');
    expect((await ask('http://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('cookies', () => {
  it('joining gives one that scripts and other sites cannot use, and signing out takes it away', async () => {
    const joined = await cluster.ask('POST', '/api/v1/join', { body: { name: 'Cleo' } });
    expect(joined.body).not.toHaveProperty('token');
    const cookie = joined.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^estafet=[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Strict$/);
    const headers = { cookie: cookie.split(';')[0]! };
    expect(await cluster.ask('GET', '/api/v1/session', { headers })).toMatchObject({
      body: { user: { name: 'Cleo' } },
    });
    const out = await cluster.ask('POST', '/api/v1/sign-out', { headers });
    expect(out.headers.get('set-cookie')).toMatch(/^estafet=;/);
    expect(await cluster.ask('GET', '/api/v1/session', { headers })).toMatchObject(refusal(401, 'session-ended'));
  });
});

describe('ownership', () => {
  it('the first from the machine itself is owner, and a foreign name for this machine does not make one local', async () => {
    const fresh = await startTestCluster();
    try {
      const { request } = await import('node:http');
      const { port } = new URL(fresh.url());
      const body = JSON.stringify({ name: 'Rebound', returnToken: true });
      const headers = { host: `evil.example:${port}`, 'content-type': 'application/json' };
      const answer = await new Promise<string>((resolve, reject) => {
        const ask = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v1/join', headers }, (response) => {
          let text = '';
          response.on('data', (data) => {
            text += data;
          });
          response.on('end', () => resolve(text));
        });
        ask.on('error', reject);
        ask.end(body);
      });
      expect(JSON.parse(answer)).toMatchObject({ user: { name: 'Rebound', role: 'member' } });
      expect((await fresh.join('First')).user.role).toBe('owner');
      expect((await fresh.join('Second')).user.role).toBe('member');
    } finally {
      await fresh.close();
    }
  });
});

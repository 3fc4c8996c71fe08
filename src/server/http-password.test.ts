/** Setting a password, and signing in with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, newCommandId, type User } from '../protocol/index.ts';
import { type Answer, delegate, startTestCluster, type TestCluster, until } from './test-kit.ts';

const manyTries = { triesPerPairMax: 10_000, triesPerAddressMax: 100_000, triesPerPersonMax: 100_000 };

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({
    names: ['s1', 's2'],
    limits: { passwordMemoryKiB: 64, passwordPasses: 1, ...manyTries },
  });
});
afterAll(() => cluster?.close());

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } });

const setPassword = (token: string, body: object, at = 0): Promise<Answer> =>
  cluster.ask('PUT', '/api/v1/password', { token, body }, at);
const signIn = (name: string, password: string, at = 0): Promise<Answer> =>
  cluster.ask('POST', '/api/v1/sign-in', { body: { name, password, returnToken: true } }, at);

describe('a password', () => {
  it('gives another session, on every server', async () => {
    const { user, token } = await cluster.join('Ana');
    expect(await cluster.ask('GET', '/api/v1/session', { token })).toMatchObject({ body: { hasPassword: false } });
    expect(await setPassword(token, { password: 'tea and cake' })).toMatchObject({
      status: 200,
      body: { id: expect.any(String), index: expect.any(Number) },
    });
    for (const at of [0, 1]) {
      const signedIn = await signIn('  ana ', 'tea and cake', at);
      expect(signedIn).toMatchObject({ status: 201, body: { user, token: expect.any(String) } });
      const session = await cluster.ask('GET', '/api/v1/session', signedIn.body as { token: string }, at);
      // Tries are counted by name.
      expect(await signIn(user.id, 'tea and cake', at)).toMatchObject(refusal(401, 'wrong-password'));
      expect(session).toMatchObject({ status: 200, body: { user, hasPassword: true } });
    }
    expect(await cluster.ask('GET', '/api/v1/session', { token })).toMatchObject({ status: 200 });
  });

  it('goes into a cookie, unless the token is asked for', async () => {
    await setPassword((await cluster.join('Cookie')).token, { password: 'tea and cake' });
    const answer = await cluster.ask('POST', '/api/v1/sign-in', { body: { name: 'Cookie', password: 'tea and cake' } });
    expect(answer.body).not.toHaveProperty('token');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^estafet=[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Strict$/);
    const headers = { cookie: cookie.split(';')[0]! };
    expect(await cluster.ask('GET', '/api/v1/session', { headers })).toMatchObject({
      body: { user: { name: 'Cookie' } },
    });
  });

  it('that is there is shown before it is changed', async () => {
    const { token } = await cluster.join('Bo');
    await setPassword(token, { password: 'the first one' });
    expect(await setPassword(token, { password: 'the second one' })).toMatchObject(refusal(401, 'wrong-password'));
    expect(await setPassword(token, { password: 'the second one', current: 'a guess' })).toMatchObject(
      refusal(401, 'wrong-password'),
    );
    expect(await signIn('Bo', 'the second one')).toMatchObject(refusal(401, 'wrong-password'));
    expect(await setPassword(token, { password: 'the second one', current: 'the first one' })).toMatchObject({
      status: 200,
    });
    expect(await signIn('Bo', 'the first one')).toMatchObject(refusal(401, 'wrong-password'));
    expect(await signIn('Bo', 'the second one')).toMatchObject({ status: 201 });
  });

  it('that is set ends the other sessions and their sockets, on every server, and leaves the own one', async () => {
    const { token } = await cluster.join('Cleo');
    await setPassword(token, { password: 'the first one' });
    const { token: other } = (await signIn('Cleo', 'the first one')).body as { token: string };
    const [own, theirs] = [await cluster.socket(token, { at: 1 }), await cluster.socket(other, { at: 1 })];
    await setPassword(token, { password: 'the second one', current: 'the first one' });
    expect((await theirs.closed).code).toBe(closeCodes.notSignedIn);
    expect(await cluster.ask('GET', '/api/v1/session', { token: other })).toMatchObject(refusal(401, 'session-ended'));
    expect(await own.done('message.post', { room: 'general', text: 'Still here.' })).toMatchObject({
      outcome: { ok: true },
    });
  });

  it.each(['', 'short', 'x'.repeat(201)])('cannot be %j', async (password) => {
    const { token } = await cluster.join(`Form ${password.length}`);
    expect(await setPassword(token, { password })).toMatchObject(refusal(400, 'password-invalid'));
  });

  it('set again with the same id is the same command, though the old one does not count any more', async () => {
    const { token, user } = await cluster.join('Eli');
    await setPassword(token, { password: 'the first one' });
    const change = { id: newCommandId(), password: 'the second one', current: 'the first one' };
    const both = await Promise.all([setPassword(token, change), setPassword(token, change)]);
    for (const answer of both) expect(answer).toMatchObject({ status: 200, body: { id: change.id } });
    const { index } = both[0]!.body as { index: number };
    expect(await setPassword(token, change, 1)).toMatchObject({ status: 200, body: { id: change.id, index } });
    // Neither an id alone nor the wrong new password is enough.
    expect(await setPassword(token, { ...change, password: 'something else' })).toMatchObject(
      refusal(401, 'wrong-password'),
    );
    const wrong = { password: 'the second one', current: 'the first one', id: user.id };
    expect(await setPassword(token, { ...wrong, id: newCommandId() })).toMatchObject(refusal(401, 'wrong-password'));
  });

  it('that was changed while somebody signed in with the old one gives no session', async () => {
    const gate = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    const slow = await startTestCluster({
      limits: { passwordMemoryKiB: 64, passwordPasses: 1 },
      wrap: (log) =>
        delegate(log, {
          append: async (entry) => {
            if (Buffer.from(entry.body).includes('"session.open"')) {
              isHeld.resolve();
              await gate.promise;
            }
            return log.append(entry);
          },
        }),
    });
    try {
      const { token } = await slow.join('Ana');
      const set = (body: object) => slow.ask('PUT', '/api/v1/password', { token, body });
      await set({ password: 'the first one' });
      const body = { name: 'Ana', password: 'the first one' };
      const signingIn = slow.ask('POST', '/api/v1/sign-in', { body });
      await isHeld.promise;
      expect(await set({ password: 'the second one', current: 'the first one' })).toMatchObject({ status: 200 });
      gate.resolve();
      const answer = await signingIn;
      expect(answer).toMatchObject(refusal(401, 'wrong-password'));
      expect(answer.headers.get('set-cookie')).toBeNull();
    } finally {
      gate.resolve();
      await slow.close();
    }
  });

  it('is looked at by a server that knows the newest one, and by no other', async () => {
    const gate = Promise.withResolvers<void>();
    let isHeld = false;
    const slow = await startTestCluster({
      names: ['s1', 's2'],
      limits: { passwordMemoryKiB: 64, passwordPasses: 1, sessionWaitMaxMs: 50, ...manyTries },
      wrap: (log) =>
        delegate(log, {
          follow: async function* (after) {
            for await (const batch of log.follow(after)) {
              if (isHeld && log.topology().self === 's2') await gate.promise;
              yield batch;
            }
          },
        }),
    });
    try {
      const { token } = await slow.join('Ana');
      const set = (body: object, at = 0) => slow.ask('PUT', '/api/v1/password', { token, body }, at);
      const body = { name: 'Ana', password: 'the first one' };
      const trySecond = () => slow.ask('POST', '/api/v1/sign-in', { body }, 1);
      await set({ password: 'the first one' });
      await until(async () => (await trySecond()).status === 201);
      isHeld = true;
      await set({ password: 'the second one', current: 'the first one' });
      expect(await trySecond()).toMatchObject(refusal(503, 'unavailable'));
      gate.resolve();
      await until(async () => (await trySecond()).status === 401);
    } finally {
      gate.resolve();
      await slow.close();
    }
  });

  it('is nobody else’s to set', async () => {
    expect(await cluster.ask('PUT', '/api/v1/password', { body: { password: 'tea and cake' } })).toMatchObject(
      refusal(401, 'not-signed-in'),
    );
    const socket = await cluster.socket((await cluster.join('Fay')).token);
    for (const kind of ['password.set', 'session.open']) {
      const id = newCommandId();
      const ana = (
        (await cluster.ask('GET', '/api/v1/users', { token: (await cluster.join(kind)).token })).body as {
          users: User[];
        }
      ).users[0]!;
      socket.send(JSON.stringify({ type: 'do', id, kind, body: { user: ana.id, hash: 'x' } }));
      expect(await socket.frame('error', (frame) => frame.id === id)).toMatchObject({ code: 'unknown-command' });
    }
  });
});

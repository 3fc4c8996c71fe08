/** Nobody learns by signing in who there is, or guesses a password for long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';

const cheap = { passwordMemoryKiB: 64, passwordPasses: 1 };
const password = 'tea and cake';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ limits: { ...cheap, triesPerPairMax: 1_000, triesPerAddressMax: 1_000 } });
  const { token } = await cluster.join('Ana');
  await cluster.ask('PUT', '/api/v1/password', { token, body: { password } });
  await cluster.join('Bo');
});
afterAll(() => cluster?.close());

const signIn = (at: TestCluster, name: string, given: string, headers: Record<string, string> = {}): Promise<Answer> =>
  at.ask('POST', '/api/v1/sign-in', { body: { name, password: given, returnToken: true }, headers });

/** What of an answer could tell one case from another. */
const seen = ({ status, headers, body }: Answer) => ({
  status,
  body,
  headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')),
});

describe('signing in', () => {
  it.each([
    ['Nobody', password],
    ['Bo', password],
    ['Ana', 'a wrong guess'],
    ['Ana', ''],
    ['Ana', 'x'.repeat(100_000)],
    ['', password],
    ['\u202e', password],
    ['x'.repeat(100_000), password],
    ['system', password],
  ])('as %.20j with %.20j is refused like any other wrong password', async (name, given) => {
    const usual = await signIn(cluster, 'Ana', 'not it');
    expect(usual).toMatchObject({ status: 401, body: { error: { code: 'wrong-password' } } });
    expect(seen(await signIn(cluster, name, given))).toEqual(seen(usual));
  });

  it.each([
    [{}],
    [{ name: 'Ana' }],
    [{ name: 'Ana', password: 5 }],
    [{ name: ['Ana'], password }],
    [{ name: 'Ana', password, user: 'x' }],
  ])('with %j is a mistake of the program', async (body) => {
    const answer = await cluster.ask('POST', '/api/v1/sign-in', { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-request' } } });
  });

  it('is not done for a page of another site', async () => {
    const answer = await signIn(cluster, 'Ana', password, { origin: 'http://evil.example' });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'foreign-origin' } } });
  });
});

describe('guessing', () => {
  it('comes to an end for one person, rightly guessed or not, and says when to try again', async () => {
    const strict = await startTestCluster({ limits: { ...cheap, triesPerPairMax: 3, triesPerPairIntervalMs: 90_000 } });
    try {
      const [ana, bo] = [await strict.join('Ana'), await strict.join('Bo')];
      const set = (token: string, body: object) => strict.ask('PUT', '/api/v1/password', { token, body });
      for (const { token } of [ana, bo]) await set(token, { password });
      for (const name of ['Ana', 'aNA ', 'ana']) expect((await signIn(strict, name, 'wrong one')).status).toBe(401);
      const refused = await signIn(strict, 'Ana', password);
      expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too-many-requests' } } });
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(90);
      expect((await signIn(strict, 'Bo', password)).status).toBe(201);
      // The same for who does not exist: the limit does not tell either.
      for (let n = 0; n < 3; n++) expect((await signIn(strict, 'Nobody', password)).status).toBe(401);
      expect((await signIn(strict, 'Nobody', password)).status).toBe(429);
      // Whoever has a session guesses no better.
      const guess = () => set(bo.token, { password: 'another one', current: 'a guess' });
      const statuses = [await guess(), await guess(), await guess(), await guess()].map(({ status }) => status);
      expect(statuses).toContain(429);
    } finally {
      await strict.close();
    }
  });

  it('comes to an end from one address, whomever it is for', async () => {
    const strict = await startTestCluster({
      limits: { ...cheap, triesPerAddressMax: 5, triesPerAddressIntervalMs: 90_000 },
    });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 7; n++) statuses.push((await signIn(strict, `Name ${n}`, password)).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    } finally {
      await strict.close();
    }
  });
});

describe('a password’s hash', () => {
  it('is shown to nobody', async () => {
    const { token } = await cluster.join('Owner’s friend');
    const socket = await cluster.socket(token, { after: 0 });
    await socket.done('message.post', { room: 'general', text: 'the end' });
    const shown = [
      await cluster.ask('GET', '/api/v1/users', { token }),
      await cluster.ask('GET', '/api/v1/session', { token }),
      await cluster.ask('GET', '/api/v1/rooms/general/members', { token }),
    ].map(({ body }) => body);
    expect(JSON.stringify([shown, socket.frames])).not.toContain('argon2');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCommandId, type RequestView, type ServerDetails } from '../protocol/index.ts';
import { machineKey, startTestCluster, type TestCluster } from './test-kit.ts';

let cluster: TestCluster;
const tokens: Record<string, string> = {};

const tokenOf = async (of: TestCluster, name: string, role: string): Promise<string> => {
  const { body } = await of.ask('POST', '/api/v1/tokens', { token: machineKey, body: { name, role } });
  return (body as { readonly token: string }).token;
};

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
  for (const role of ['owner', 'admin', 'member', 'guest']) tokens[role] = await tokenOf(cluster, `A ${role}`, role);
});
afterAll(() => cluster?.close());

const codeOf = (body: unknown): unknown => (body as { readonly error?: { readonly code?: unknown } }).error?.code;
const post = (role: string, body: object, at = 0, of = cluster) =>
  of.ask('POST', '/api/v1/cluster/requests', { token: tokens[role] ?? '', body }, at);
const get = (role: string, path: string, at = 0) =>
  cluster.ask('GET', `/api/v1/cluster/${path}`, { token: tokens[role] ?? '' }, at);

describe('numbered requests', () => {
  it('P4 are processed once, and have the same answer whoever is asked again', async () => {
    const id = newCommandId();
    const first = await post('member', { id });
    expect(first).toMatchObject({ status: 200, body: { id, label: 'data-1', epoch: 1, processedBy: 's1' } });
    for (const at of [0, 1]) expect((await post('member', { id }, at)).body).toEqual(first.body);
    expect((await get('guest', 'requests', 1)).body).toMatchObject({
      requests: [{ id, label: 'data-1', failed: null }],
    });
  });

  it('are nobody else’s: an id that somebody has used is theirs', async () => {
    const id = newCommandId();
    await post('member', { id });
    const { status, body } = await post('admin', { id });
    expect([status, codeOf(body)]).toEqual([409, 'id-reused']);
  });

  it('are not for guests, and failing ones for owners and admins alone', async () => {
    expect(codeOf((await post('guest', {})).body)).toBe('not-allowed');
    expect(codeOf((await post('member', { fail: true })).body)).toBe('not-allowed');
    for (const role of ['owner', 'admin']) {
      const { status, body } = await post(role, { fail: true });
      expect([status, codeOf(body)]).toEqual([503, 'no-supervisor']);
    }
    expect(codeOf((await cluster.ask('POST', '/api/v1/cluster/requests', { body: {} })).body)).toBe('not-signed-in');
  });

  it('fail nowhere where breaking things is off, and not where nobody else has everything', async () => {
    const off = await startTestCluster({ names: ['s1', 's2'], server: { chaos: false } });
    const alone = await startTestCluster();
    try {
      for (const [of, code] of [
        [off, 'chaos-off'],
        [alone, 'last-server'],
      ] as const) {
        const token = await tokenOf(of, 'Ada', 'owner');
        const { body } = await of.ask('POST', '/api/v1/cluster/requests', { token, body: { fail: true } });
        expect(codeOf(body)).toBe(code);
      }
      const { body } = await off.ask('POST', '/api/v1/cluster/requests/dying', {
        ...{ token: machineKey, body: { id: newCommandId(), user: 'x', failIn: 1 } },
      });
      expect(codeOf(body)).toBe('chaos-off');
    } finally {
      await off.close();
      await alone.close();
    }
  });

  it('are handed on by servers alone', async () => {
    for (const path of ['dying', 'complete']) {
      const body = { id: newCommandId(), user: 'x', failIn: 9 };
      const given = { token: tokens.owner ?? '', body };
      expect(codeOf((await cluster.ask('POST', `/api/v1/cluster/requests/${path}`, given)).body)).toBe('not-allowed');
    }
    // A primary of another epoch lives on.
    const order = { id: newCommandId(), user: 'x', failIn: 9 };
    const answer = await cluster.ask('POST', '/api/v1/cluster/requests/dying', { token: machineKey, body: order });
    expect(answer.body).toEqual({ dies: false });
  });

  it('are listed page by page', async () => {
    for (let count = 0; count < 3; count++) await post('member', {});
    const all = (await get('member', 'requests')).body as { readonly requests: readonly RequestView[] };
    const before = all.requests[1]?.index ?? 0;
    const page = (await get('member', `requests?before=${before}&limit=2`)).body;
    expect(page).toEqual({ requests: all.requests.slice(2, 4) });
  });
});

describe('a server’s details', () => {
  it('are its own word, whoever is asked', async () => {
    const [own, passed] = await Promise.all([get('guest', 'servers/s1', 0), get('guest', 'servers/s1', 1)]);
    for (const { status, body } of [own, passed]) {
      const details = body as ServerDetails;
      expect(status).toBe(200);
      expect(details).toMatchObject({ name: 's1', role: 'primary', askedItself: true, process: null });
      expect(details.url).toBe(cluster.url(0));
      expect(details.processed).toContain('data-1');
      expect(details.processedCount).toBe(details.processed.length);
      expect(details.synchronised).toEqual([]);
      expect(details.memory?.rssBytes).toBeGreaterThan(1_000_000);
      expect(details.disk?.chatBytes).toBeGreaterThan(10_000);
    }
    const backup = (await get('guest', 'servers/s2', 0)).body as ServerDetails;
    const primary = own.body as ServerDetails;
    expect([backup.processed, backup.synchronised]).toEqual([[], primary.processed]);
  });

  it('are refused for a server that nobody knows', async () => {
    const { status, body } = await get('member', 'servers/s9');
    expect([status, codeOf(body)]).toEqual([404, 'no-such-server']);
  });

  it('are what was last known, when it says nothing', async () => {
    const two = await startTestCluster({ names: ['s1', 's2'] });
    try {
      const token = await tokenOf(two, 'Ada', 'owner');
      await two.ask('POST', '/api/v1/cluster/requests', { token, body: {} });
      await two.servers[1]?.close();
      const { body } = await two.ask('GET', '/api/v1/cluster/servers/s2', { token });
      expect(body).toMatchObject({ name: 's2', askedItself: false, memory: null, disk: null, startedAt: null });
    } finally {
      await two.close();
    }
  });
});

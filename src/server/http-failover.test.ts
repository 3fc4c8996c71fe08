/** Experiment 6 over HTTP, as far as it goes without processes: the real one is in test/cluster/lab-failover.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabFailoverView } from '../protocol/index.ts';
import { machineKey, startTestCluster, type TestCluster, until } from './test-kit.ts';

let cluster: TestCluster;
let ann: string;
let ben: string;

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2', 's3'], limits: { labFailoverGraceMs: 50 } });
  ann = (await cluster.join('Ann')).token;
  ben = (await cluster.join('Ben')).token;
});
afterAll(() => cluster?.close());

const request = { perSecond: 50, seconds: 3, killAfterMs: 500 };
const begin = async (body: object, token = ann, at = 0) =>
  cluster.ask('POST', '/api/v1/lab/failovers', { token, body }, at);

describe('experiment 6 over HTTP', () => {
  it('is played by a backup, whichever server is asked, and fails when nobody can kill', async () => {
    // s1 is primary for ever, and nobody runs the servers.
    const { status, body } = await begin({ ...request, killAfterMs: 2_500 });
    expect([status, body]).toMatchObject([201, { state: 'running', server: 's2', killed: null, perSecond: 50 }]);
    const { id } = body as LabFailoverView;
    expect(id).toMatch(/^s2-/);
    expect((await begin(request, ann, 1)).body).toMatchObject({ error: { code: 'not-possible' } });
    let view = body as LabFailoverView;
    await until(async () => {
      view = (await cluster.ask('GET', `/api/v1/lab/failovers/${id}`, { token: ben }, 2)).body as LabFailoverView;
      return view.state !== 'running';
    });
    expect(view).toMatchObject({ state: 'failed', killed: null, killedAt: null, primaryAfter: null });
    expect(view.error).toMatch(/Nobody runs the servers/);
    // Until then both methods delivered.
    expect(view.direct).toMatchObject({ doubled: 0, gapMs: null });
    expect(view.direct.delivered).toBeGreaterThan(10);
    expect(view.pubsub).toMatchObject({ lost: 0, doubled: 0, retried: 0 });
    expect(view.pubsub.delivered).toBeGreaterThan(10);
    expect(view.directByTenth).toHaveLength(30);
    expect(view.directByTenth.reduce((sum, count) => sum + count, 0)).toBe(view.direct.delivered);
  });

  it('can be cancelled, and then another one begun', async () => {
    for (let turn = 0; turn < 2; turn++) {
      const { id } = (await begin({ ...request, killAfterMs: 2_900 }, ann, 1)).body as LabFailoverView;
      const { body } = await cluster.ask('DELETE', `/api/v1/lab/failovers/${id}`, { token: ann });
      expect(body).toMatchObject({ id, state: 'cancelled', killed: null });
    }
  });

  it.each([
    [{ ...request, killAfterMs: 3_000 }, /killAfterMs/],
    [{ ...request, seconds: 31 }, /seconds/],
    [{ ...request, perSecond: 201 }, /perSecond/],
  ])('%j is refused', async (body, words) => {
    const { status, body: refused } = await begin(body);
    expect(status).toBe(400);
    expect((refused as { error: { message: string } }).error.message).toMatch(words);
  });

  it('is for owners and admins only', async () => {
    expect((await begin(request, ben)).body).toMatchObject({ error: { code: 'not-allowed' } });
    const here = { by: 'x', request };
    const path = '/api/v1/lab/jobs/failovers';
    expect((await cluster.ask('POST', path, { token: ann, body: here })).status).toBe(403);
    // A primary does not play it even when a server asks.
    expect((await cluster.ask('POST', path, { token: machineKey, body: here })).body).toMatchObject({
      error: { code: 'not-possible' },
    });
  });

  it('is refused where nothing may be broken', async () => {
    const safe = await startTestCluster({ names: ['s1', 's2'], server: { chaos: false } });
    try {
      const { token } = await safe.join('Ann');
      const { body } = await safe.ask('POST', '/api/v1/lab/failovers', { token, body: request });
      expect(body).toMatchObject({ error: { code: 'chaos-off' } });
    } finally {
      await safe.close();
    }
  });
});

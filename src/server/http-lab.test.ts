/** Batches and threads of the lab over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playVariant, variantsOf } from '../lab/index.ts';
import { type LabBatchView, type LabThreadsView, limits } from '../protocol/index.ts';
import { machineKey, startTestCluster, type TestCluster, until } from './test-kit.ts';

let cluster: TestCluster;
let ann: string;
let ben: string;
let guest: string;

beforeAll(async () => {
  cluster = await startTestCluster({
    names: ['s1', 's2'],
    server: { version: '1.2.3' },
    limits: { labJobsKeptPerPersonMax: 6 },
  });
  // Whoever comes first from this machine owns the place.
  ann = (await cluster.join('Ann')).token;
  const other = await cluster.join('Ben');
  ben = other.token;
  const third = await cluster.join('Guest');
  guest = third.token;
  const path = `/api/v1/users/${third.user.id}/role`;
  expect((await cluster.ask('PUT', path, { token: ann, body: { role: 'guest' } })).status).toBe(200);
});

afterAll(() => cluster?.close());

const begin = async (body: object, token = ben, what = 'batches', at = 0) =>
  cluster.ask('POST', `/api/v1/lab/${what}`, { token, body }, at);
const look = async (id: string, { token = ben, what = 'batches', at = 0 } = {}) =>
  cluster.ask('GET', `/api/v1/lab/${what}/${id}`, { token }, at);
const cancel = async (id: string, token = ben, at = 0) =>
  cluster.ask('DELETE', `/api/v1/lab/batches/${id}`, { token }, at);

/** The batch, once it is over. */
const over = async (id: string, at = 0): Promise<LabBatchView> => {
  let view: LabBatchView | null = null;
  await until(async () => {
    view = (await look(id, { at })).body as LabBatchView;
    return view.state !== 'running';
  });
  return view!;
};

const batch = { experiment: 1, messages: 2_000, seed: 7 };
const large = { experiment: 4, messages: 1_000_000, seed: 1 };

describe('a batch over HTTP', () => {
  it('is begun, says how far it is, and gives what the command line would print, with intervals and histograms', async () => {
    const { status, body } = await begin(batch);
    const begun = body as LabBatchView;
    expect(status).toBe(201);
    expect(begun).toMatchObject({ state: 'running', of: 4_000, seed: 7, messages: 2_000, version: '1.2.3', rows: [] });
    expect(begun.id).toMatch(/^s1-[0-9a-f]{24}$/);
    const done = await over(begun.id);
    expect(done).toMatchObject({ id: begun.id, state: 'done', done: 4_000, error: null });
    expect(done.endedAt).toBeGreaterThanOrEqual(done.startedAt);
    for (const [at, variant] of variantsOf(1).entries()) {
      const { row, judgement } = playVariant(1, variant, 7, 2_000);
      expect(done.rows[at]).toMatchObject({ ...row, judged: judgement.quantities });
      expect(done.rows[at]!.latencies.counts.length).toBeGreaterThan(5);
    }
  });

  it('meets the same losses on any server: the same request, the same figures', async () => {
    const views = [];
    for (const at of [0, 1]) {
      const { body } = await begin({ ...batch, change: { loss: 0.3, ackTimeoutMs: 300 } }, ben, 'batches', at);
      views.push(await over((body as LabBatchView).id, at));
    }
    expect(views.map(({ id }) => id.slice(0, 2))).toEqual(['s1', 's2']);
    expect(views[0]!.rows).toEqual(views[1]!.rows);
    expect(views[0]!.rows[1]).toMatchObject({ settings: { loss: 0.3, ackTimeoutMs: 300, maxRetries: 2 } });
  });

  it('is found and cancelled through another server: the id says who plays it', async () => {
    const { id } = (await begin(large)).body as LabBatchView;
    expect((await look(id, { at: 1 })).body).toMatchObject({ id, state: 'running', of: 12_000_000 });
    expect((await cancel(id, ben, 1)).body).toMatchObject({ id, state: 'cancelled', rows: [] });
    expect((await look(id)).body).toMatchObject({ state: 'cancelled', error: null });
    expect((await cancel(id)).body).toMatchObject({ state: 'cancelled' });
  });

  it('can be of rows of one’s own, with bursts among them', async () => {
    const rows = [
      { method: 'pubsub', settings: { loss: 0.5, maxRetries: 0 } },
      { method: 'direct', settings: { window: 4 }, offeredPerSecond: 1_000 },
    ];
    const { body } = await begin({ rows, messages: 500, seed: 3 });
    const done = await over((body as LabBatchView).id);
    expect(done.rows).toMatchObject([
      { experiment: 0, settings: { loss: 0.5, maxRetries: 0, ackTimeoutMs: 600 }, attempts: 500 },
      { experiment: 0, settings: { loss: 0.1 }, throughput: { offeredPerSecond: 1_000 } },
    ]);
  });

  it.each([
    [{ messages: 10, seed: 1 }, 'bad-request', /experiment or of rows/],
    [{ ...batch, rows: [{ method: 'direct', settings: {} }] }, 'bad-request', /experiment or of rows/],
    [{ ...batch, experiment: 5 }, 'bad-request', /experiment/],
    [{ ...batch, messages: 0 }, 'bad-request', /messages/],
    [{ ...batch, seed: -1 }, 'bad-request', /seed/],
    [{ ...batch, change: { loss: 1.5 } }, 'bad-request', /Row 1: loss must be at most 1\./],
    [{ ...batch, change: { latencyMinMs: 400 } }, 'bad-request', /latencyMinMs must not be above latencyMaxMs/],
    [{ ...batch, change: { shape: 'round' } }, 'bad-request', /shape/],
    [{ ...batch, flavour: 1 }, 'bad-request', /flavour/],
    [
      { rows: Array(21).fill({ method: 'direct', settings: {} }), messages: 1_000_000, seed: 1 },
      'too-large',
      /at most 20000000/,
    ],
  ])('%# is refused: %j', async (body, code, words) => {
    const { status, body: refused } = await begin(body);
    expect(status).toBe(code === 'too-large' ? 413 : 400);
    expect(refused).toMatchObject({ error: { code } });
    expect((refused as { error: { message: string } }).error.message).toMatch(words);
  });

  it('is for members: guests and strangers get none, and another member cannot end one’s own', async () => {
    expect((await begin(batch, guest)).body).toMatchObject({ error: { code: 'not-allowed' } });
    expect((await cluster.ask('POST', '/api/v1/lab/batches', { body: batch })).status).toBe(401);
    const { id } = (await begin(large, ann)).body as LabBatchView;
    expect((await look(id, { token: guest })).status).toBe(403);
    for (const at of [0, 1]) expect((await cancel(id, ben, at)).body).toMatchObject({ error: { code: 'not-allowed' } });
    expect((await look(id)).body).toMatchObject({ state: 'running' });
    expect((await cancel(id, ann)).body).toMatchObject({ state: 'cancelled' });
    // An owner may end anybody's, also through another server.
    const theirs = (await begin(large, ben)).body as LabBatchView;
    expect((await cancel(theirs.id, ann, 1)).body).toMatchObject({ state: 'cancelled' });
  });

  it('is one of few at a time, and of few that are kept', async () => {
    const under: string[] = [];
    for (let n = 0; n < limits.labJobsRunningPerPersonMax; n++) {
      under.push(((await begin(large)).body as LabBatchView).id);
    }
    const { status, body } = await begin(batch);
    expect([status, body]).toMatchObject([429, { error: { code: 'too-many-requests' } }]);
    for (const id of under) await cancel(id);
    const first = (await begin(batch)).body as LabBatchView;
    await over(first.id);
    for (let n = 0; n < 6; n++) await over(((await begin({ ...batch, messages: 1 })).body as LabBatchView).id);
    expect((await look(first.id)).body).toMatchObject({ error: { code: 'not-found' } });
  });

  it('that is not there is not found, on whichever server it is asked for', async () => {
    for (const at of [0, 1]) {
      for (const id of ['s1-000000000000000000000000', 's9-000000000000000000000000', 'nonsense']) {
        expect((await look(id, { at })).body).toMatchObject({ error: { code: 'not-found' } });
      }
    }
    const { id } = (await begin({ ...batch, messages: 1 })).body as LabBatchView;
    expect((await look(id, { what: 'threads' })).body).toMatchObject({ error: { code: 'not-found' } });
  });

  it('is told to servers by the machine’s key only', async () => {
    const { id } = (await begin({ ...batch, messages: 1 })).body as LabBatchView;
    const path = `/api/v1/lab/jobs/batches/${id}`;
    expect((await cluster.ask('GET', path, { token: machineKey })).body).toMatchObject({ id });
    expect((await cluster.ask('GET', path, { token: ann })).status).toBe(403);
    expect((await cluster.ask('GET', path)).status).toBe(401);
  });
});

describe('experiment 5 over HTTP', () => {
  it('counts with threads that share: no update is lost with atomic operations, and what is lost without is told', async () => {
    const { status, body } = await begin({ messages: 40_000, threads: 2, seed: 3 }, ben, 'threads');
    expect([status, body]).toMatchObject([201, { state: 'running', of: 12, rounds: 3 }]);
    const { id } = body as LabThreadsView;
    let view = body as LabThreadsView;
    await until(async () => {
      view = (await look(id, { what: 'threads', at: 1 })).body as LabThreadsView;
      return view.state !== 'running';
    });
    expect(view).toMatchObject({ state: 'done', done: 12, error: null, version: '1.2.3' });
    expect(view.rows.map(({ threads, atomic }) => [threads, atomic])).toEqual([
      [1, true],
      [1, false],
      [2, true],
      [2, false],
    ]);
    const { delivered } = view.rows[0]!;
    expect(delivered).toBeGreaterThan(35_000);
    for (const row of view.rows) {
      // The same losses, however many threads play them.
      expect(row).toMatchObject({ messages: 40_000, delivered, lostUpdates: delivered - row.counted });
      if (row.atomic || row.threads === 1) expect(row.counted).toBe(delivered);
    }
  });
});

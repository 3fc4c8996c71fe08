import { afterEach, describe, expect, test } from 'vitest';
import { defaultSettings, methods, playPart } from '../../lab/index.ts';
import { limits } from '../../protocol/index.ts';
import { BatchPool, type BatchRow } from './batch-pool.ts';

const pools: BatchPool[] = [];
const pool = (threads = 2): BatchPool => {
  const made = new BatchPool(threads);
  pools.push(made);
  return made;
};
afterEach(async () => {
  for (const one of pools.splice(0)) await one.close();
});

const row = (count: number, change: Partial<BatchRow> = {}): BatchRow => ({
  method: 'pubsub',
  settings: defaultSettings,
  seed: 5,
  count,
  ...change,
});

describe('a batch', () => {
  test('comes to what one thread would have counted, row by row', async () => {
    const rows = methods.map((method) => row(limits.labPartMessages * 2 + 17, { method }));
    const seen: number[] = [];
    const totals = await pool().run(rows, { onProgress: (done) => seen.push(done) });
    for (const [at, one] of rows.entries()) {
      const alone = playPart({ ...one, from: 0 });
      expect(totals[at]).toMatchObject({ sent: alone.sent, delivered: alone.delivered, attempts: alone.attempts });
      expect(totals[at]!.latenciesMs).toEqual(alone.latenciesMs);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(rows[0]!.count * 2);
  });

  test('that is small does not wait for one that is large', async () => {
    const busy = pool(1);
    let largeDone = 0;
    const large = busy.run([row(limits.labPartMessages * 40)], { onProgress: (done) => (largeDone = done) });
    await busy.run([row(100)]);
    expect(largeDone).toBeLessThan(limits.labPartMessages * 40);
    await large;
  });

  test('can be stopped, and the next one is played', async () => {
    const one = pool(1);
    const stopping = new AbortController();
    const stopped = one.run([row(limits.labPartMessages * 40)], {
      signal: stopping.signal,
      onProgress: () => stopping.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect((await one.run([row(10)]))[0]!.sent).toBe(10);
    await expect(one.run([row(10)], { signal: stopping.signal })).rejects.toThrow('enough');
  });

  test('of nothing is over at once', async () => {
    expect(await pool().run([])).toEqual([]);
    expect((await pool().run([row(0)]))[0]).toMatchObject({ sent: 0 });
  });

  test('is refused when it is too large, or too many wait; whoever closes the pool is not waited for', async () => {
    const full = pool(1);
    await expect(full.run([row(limits.labBatchMaxMessages + 1)])).rejects.toMatchObject({ code: 'too-large' });
    const waiting = Array.from({ length: limits.labBatchesMax }, () => full.run([row(limits.labPartMessages * 40)]));
    const ends = Promise.allSettled(waiting);
    await expect(full.run([row(1)])).rejects.toMatchObject({ code: 'overloaded' });
    await full.close();
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'shutting-down' } });
    await expect(full.run([row(1)])).rejects.toMatchObject({ code: 'shutting-down' });
  });
});

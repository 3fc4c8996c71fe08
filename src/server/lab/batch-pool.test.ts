import { afterEach, describe, expect, test } from 'vitest';
import { defaultSettings, methods, playVariant, type Variant, variantsOf } from '../../lab/index.ts';
import { limits } from '../../protocol/index.ts';
import { BatchPool } from './batch-pool.ts';
import type { BatchPlan } from './batch-work.ts';

const pools: BatchPool[] = [];
const pool = (threads = 2): BatchPool => {
  const made = new BatchPool(threads);
  pools.push(made);
  return made;
};
afterEach(async () => {
  for (const one of pools.splice(0)) await one.close();
});

const both: readonly Variant[] = methods.map((method) => ({
  method,
  settings: defaultSettings,
  offeredPerSecond: null,
}));
const plan = (messages: number, change: Partial<BatchPlan> = {}): BatchPlan => ({
  experiment: 0,
  seed: 5,
  messages,
  variants: both.slice(1),
  ...change,
});
const large = plan(limits.labPartMessages * 40);

describe('a batch', () => {
  test.each([
    ['settings of one’s own', 0, both],
    ['bursts through a window', 3, variantsOf(3)],
  ] as const)(
    'of %s comes to what one thread would have counted, to the last digit',
    async (_, experiment, variants) => {
      const messages = limits.labPartMessages * 2 + 17;
      const seen: number[] = [];
      const rows = await pool().run(plan(messages, { experiment, variants }), {
        onProgress: (done) => seen.push(done),
      });
      for (const [at, variant] of variants.entries()) {
        const { row, judgement, totals } = playVariant(experiment, variant, 5, messages);
        expect(rows[at]).toMatchObject({ ...row, judged: judgement.quantities });
        const { latencies } = rows[at]!;
        expect(latencies.counts.reduce((sum, count) => sum + count, latencies.beyond)).toBe(totals.delivered);
      }
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(seen.at(-1)).toBe(messages * variants.length);
    },
  );

  test('that is small does not wait for one that is large', async () => {
    const busy = pool(1);
    let largeDone = 0;
    const waited = busy.run(large, { onProgress: (done) => (largeDone = done) });
    await busy.run(plan(100));
    expect(largeDone).toBeLessThan(large.messages);
    await waited;
  });

  test('can be stopped, and the next one is played', async () => {
    const one = pool(1);
    const stopping = new AbortController();
    const stopped = one.run(large, {
      signal: stopping.signal,
      onProgress: () => stopping.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect((await one.run(plan(10)))[0]!.sent).toBe(10);
    await expect(one.run(plan(10), { signal: stopping.signal })).rejects.toThrow('enough');
  });

  test('that kills its threads fails, and the next one is played by new ones', async () => {
    const one = pool(1);
    const deadly: Variant = { method: 'pubsub', settings: null as never, offeredPerSecond: null };
    await expect(one.run(plan(10, { variants: [deadly] }))).rejects.toMatchObject({ code: 'internal' });
    expect((await one.run(plan(10)))[0]!.sent).toBe(10);
  });

  test('of nothing is over at once', async () => {
    expect(await pool().run(plan(10, { variants: [] }))).toEqual([]);
    expect((await pool().run(plan(0)))[0]).toMatchObject({ sent: 0, verdict: 'too-few' });
  });

  test('is refused when it is too large, or too many wait; whoever closes the pool is not waited for', async () => {
    const full = pool(1);
    await expect(full.run(plan(limits.labBatchMaxMessages + 1))).rejects.toMatchObject({ code: 'too-large' });
    const waiting = Array.from({ length: limits.labBatchesMax }, () => full.run(large));
    const ends = Promise.allSettled(waiting);
    await expect(full.run(plan(1))).rejects.toMatchObject({ code: 'overloaded' });
    await full.close();
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'shutting-down' } });
    await expect(full.run(plan(1))).rejects.toMatchObject({ code: 'shutting-down' });
  });
});

import { describe, expect, test } from 'vitest';
import { bandsOf, meanBand, shareBand } from './bands.ts';
import { binomialBy } from './binomial-kit.ts';
import { defaultSettings, type LabSettings } from './settings.ts';
import { quantile, Running } from './statistics.ts';
import { storyOf } from './story.ts';

describe('the band of a share', () => {
  test.each([
    [0.9, 10],
    [0.5, 30],
    [0.02, 100],
    [0.999, 7],
  ])('of p = %f and %i samples leaves out at most 2.5 %% at either end', (p, n) => {
    const { low, high } = shareBand(p, n);
    const [from, to] = [Math.round(low * n), Math.round(high * n)];
    expect(from === 0 ? 0 : binomialBy(n, p, from - 1)).toBeLessThan(0.025);
    expect(binomialBy(n, p, from)).toBeGreaterThanOrEqual(0.025);
    expect(1 - binomialBy(n, p, to)).toBeLessThanOrEqual(0.025 + 1e-9);
    if (to > 0) expect(1 - binomialBy(n, p, to - 1)).toBeGreaterThan(0.025 - 1e-9);
  });

  test('of what always or never happens is a point', () => {
    expect([shareBand(0, 9), shareBand(1, 9)]).toEqual([
      { low: 0, high: 0 },
      { low: 1, high: 1 },
    ]);
  });
});

const tried: readonly (readonly [string, Partial<LabSettings>])[] = [
  ['the default', {}],
  ['half lost', { loss: 0.5, maxRetries: 5 }],
  ['early resends', { loss: 0.3, ackTimeoutMs: 300 }],
  ['all are sent again', { ackTimeoutMs: 80, maxRetries: 4 }],
  ['one latency', { latencyMinMs: 100, latencyMaxMs: 100, ackTimeoutMs: 200, loss: 0.2 }],
  ['no retries', { maxRetries: 0, loss: 0.4 }],
];

describe.each(tried)('theory of single figures: %s', (_, change) => {
  const settings = { ...defaultSettings, ...change };
  const stories = Array.from({ length: 40_000 }, (_, message) => storyOf('pubsub', settings, 99, message));
  const theory = bandsOf('pubsub', settings);
  const ascending = (values: readonly (number | null)[]) =>
    Float64Array.from(values.filter((value) => value !== null)).sort();

  test('quantiles of latency and of confirmation', () => {
    const latencies = ascending(stories.map(({ deliveredAtMs }) => deliveredAtMs));
    const confirmations = ascending(stories.map(({ confirmedAtMs }) => confirmedAtMs));
    for (const q of [0.5, 0.95]) {
      // Where a distribution is flat, a quantile may lie anywhere: so the share below it is compared, not the time.
      const below = (all: Float64Array, ms: number) => all.filter((one) => one <= ms + 1e-6).length / all.length;
      const strictly = (all: Float64Array, ms: number) => all.filter((one) => one < ms - 1e-6).length / all.length;
      for (const [all, ms] of [
        [latencies, theory.latency(q)!],
        [confirmations, theory.confirmed(q)!],
      ] as const) {
        expect(below(all, ms)).toBeGreaterThan(q - 0.012);
        expect(strictly(all, ms)).toBeLessThan(q + 0.012);
      }
    }
  });

  test('about 95 of 100 intervals of 25 messages lie inside', () => {
    const n = 25;
    const inside = { latency: 0, retries: 0, duplicates: 0 };
    const intervals = stories.length / n;
    for (let at = 0; at < intervals; at++) {
      const some = stories.slice(at * n, (at + 1) * n);
      const latencies = ascending(some.map(({ deliveredAtMs }) => deliveredAtMs));
      const isIn = (value: number, { low, high }: { low: number; high: number }) =>
        value >= low - 1e-6 && value <= high + 1e-6 ? 1 : 0;
      if (at < 400) inside.latency += isIn(quantile(latencies, 0.5)!, theory.latencyBand(0.5, latencies.length)!);
      const retries = new Running();
      const copies = new Running();
      for (const { attempts, duplicates } of some) {
        retries.add(attempts.length - 1);
        copies.add(duplicates);
      }
      inside.retries += isIn(retries.mean, theory.retriesBand(n));
      inside.duplicates += isIn(copies.mean, theory.duplicatesBand(n));
    }
    expect(inside.latency / 400).toBeGreaterThan(0.92);
    for (const what of ['retries', 'duplicates'] as const) {
      expect(inside[what] / intervals, what).toBeGreaterThan(0.91);
    }
  });
});

test('a mean that cannot be below 0 has a band that is not', () => {
  expect(meanBand(0.1, 1, 4).low).toBe(0);
  const { low, high } = meanBand(5, 4, 100);
  expect([low, high]).toEqual([expect.closeTo(4.608, 3), expect.closeTo(5.392, 3)]);
});

test('Direct has no retries, no copies and nothing confirmed', () => {
  const theory = bandsOf('direct', defaultSettings);
  expect(theory.retriesBand(10)).toEqual({ low: 0, high: 0 });
  expect(theory.confirmed(0.5)).toBeNull();
  expect(theory.latency(0.5)).toBeCloseTo(150, 6);
  expect(bandsOf('direct', { ...defaultSettings, loss: 1 }).latency(0.5)).toBeNull();
});

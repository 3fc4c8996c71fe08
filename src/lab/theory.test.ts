import { describe, expect, test } from 'vitest';
import { playPart } from './batch.ts';
import { defaultSettings, type LabSettings } from './settings.ts';
import { meanInterval, Running } from './statistics.ts';
import { storyOf } from './story.ts';
import { expected, expectedDirect, expectedPubSub, expectedRate, methods, roundTripBy } from './theory.ts';
import { playBurst } from './throughput.ts';
import { judge } from './verdict.ts';

const lab = (change: Partial<LabSettings> = {}): LabSettings => ({ ...defaultSettings, ...change });

describe('the closed forms give the values that others have computed', () => {
  test('50 to 250 ms, half lost, 2 retries, timeout 600 ms', () => {
    const theory = expectedPubSub(lab({ loss: 0.5 }));
    expect(theory.delivered).toBeCloseTo(0.875, 10);
    expect(theory.confirmed).toBeCloseTo(0.578125, 10);
    expect(theory.attempts).toBeCloseTo(2.3125, 10);
    expect(theory.duplicates).toBeCloseTo(0.28125, 10);
    expect(theory.slotMs).toBeCloseTo(1214.0625, 3);
  });

  test('a timeout shorter than the round trip sends again what was never lost', () => {
    expect(expectedPubSub(lab({ loss: 0.3, ackTimeoutMs: 300 })).attempts).toBeCloseTo(2.14005, 10);
    expect(roundTripBy(lab(), 300)).toBe(0.5);
    expect(roundTripBy(lab(), 400)).toBe(0.875);
    expect(roundTripBy(lab(), 500)).toBe(1);
  });

  test('when no round trip takes longer than T: delivery and confirmation by the design’s short formulas', () => {
    const settings = lab({ loss: 0.4, maxRetries: 3, ackTimeoutMs: 500 });
    const [p, q, N, T, m] = [0.4, 0.6, 4, 500, 150];
    const s = q * q;
    const f = 1 - s;
    const theory = expectedPubSub(settings);
    expect(theory.latencyMs).toBeCloseTo(m + T * (p / q - (N * p ** N) / (1 - p ** N)), 6);
    expect(theory.confirmedMs).toBeCloseTo(2 * m + T * (f / s - (N * f ** N) / (1 - f ** N)), 6);
    expect(theory.slotMs).toBeCloseTo((1 - f ** N) * (2 * m + (T * f) / s), 6);
  });
});

describe('at the edges', () => {
  test('everything lost: nothing arrives, every attempt is made, there is no latency', () => {
    const theory = expectedPubSub(lab({ loss: 1 }));
    expect(theory).toMatchObject({ delivered: 0, confirmed: 0, attempts: 3, duplicates: 0 });
    expect([theory.latencyMs, theory.confirmedMs, expectedDirect(lab({ loss: 1 })).latencyMs]).toEqual([
      null,
      null,
      null,
    ]);
    expect(theory.slotMs).toBeCloseTo(1_800, 6);
  });

  test('no retries at 10 %: 0.9 arrives, 0.81 is confirmed', () => {
    expect(expectedPubSub(lab({ maxRetries: 0 }))).toMatchObject({ attempts: 1, duplicates: 0 });
    expect(expectedPubSub(lab({ maxRetries: 0 })).delivered).toBeCloseTo(0.9, 12);
    expect(expectedPubSub(lab({ maxRetries: 0 })).confirmed).toBeCloseTo(0.81, 12);
  });

  test('T below the shortest round trip: everything is sent as often as may be', () => {
    expect(expectedPubSub(lab({ loss: 0, maxRetries: 4, ackTimeoutMs: 10 })).attempts).toBe(5);
  });
});

/** Whether this may be the mean of what they were drawn from. A hundred are asked about: of right ones, all are called so. */
const isMean = (mean: number, times: Float64Array): boolean => {
  const all = new Running();
  for (const time of times) all.add(time);
  const { low, high } = meanInterval(all, 0.9999) ?? { low: mean, high: mean };
  const rounding = mean * 1e-6;
  return low - rounding <= mean && mean <= high + rounding;
};

/** The same of their variance, whose own error follows from the fourth powers. */
const isVariance = (variance: number, values: ArrayLike<number>): boolean => {
  const all = new Running();
  for (const value of Array.from(values)) all.add(value);
  const fourths = new Running();
  for (const value of Array.from(values)) fourths.add((value - all.mean) ** 4);
  const error = Math.sqrt(Math.max(0, fourths.mean - all.variance ** 2) / Math.max(1, all.count));
  // Of two values that are equally likely, the fourth powers say that there is no error: then the mean's own is left.
  const ofMean = (4.5 ** 2 * variance) / Math.max(1, all.count);
  return Math.abs(all.variance - variance) <= 4.5 * error + ofMean + 1e-6 * Math.max(1, variance);
};

const samples = 100_000;
const settings: readonly (readonly [string, Partial<LabSettings>])[] = [
  ['nothing lost', { loss: 0 }],
  ['everything lost', { loss: 1 }],
  ['nearly nothing lost', { loss: 0.001 }],
  ['nearly everything lost', { loss: 0.99, maxRetries: 5 }],
  ['no retries', { maxRetries: 0 }],
  ['no retries, half lost', { maxRetries: 0, loss: 0.5 }],
  ['no retries, T < 2a', { maxRetries: 0, ackTimeoutMs: 80 }],
  ['many retries', { maxRetries: 20, loss: 0.7 }],
  ['many retries, short T', { maxRetries: 20, loss: 0.5, ackTimeoutMs: 40 }],
  ['T < 2a', { ackTimeoutMs: 60 }],
  ['T < 2a, nothing lost', { ackTimeoutMs: 60, loss: 0 }],
  ['T = 2a', { ackTimeoutMs: 100, loss: 0.3 }],
  ['T < b − a', { ackTimeoutMs: 150, loss: 0.3 }],
  ['T = b − a', { ackTimeoutMs: 200, loss: 0.3 }],
  ['T between 2a and 2b', { ackTimeoutMs: 300, loss: 0.3 }],
  ['T between 2a and 2b, nothing lost', { ackTimeoutMs: 300, loss: 0 }],
  ['T between a + b and 2b', { ackTimeoutMs: 400, loss: 0.2 }],
  ['T = 2b', { ackTimeoutMs: 500, loss: 0.2 }],
  ['T > 2b', { ackTimeoutMs: 1_000, loss: 0.2 }],
  ['a = b', { latencyMinMs: 100, latencyMaxMs: 100, loss: 0.2 }],
  ['a = b, T = 2a', { latencyMinMs: 100, latencyMaxMs: 100, ackTimeoutMs: 200, loss: 0.2 }],
  ['a = b, T just below 2a', { latencyMinMs: 100, latencyMaxMs: 100, ackTimeoutMs: 199, loss: 0.2 }],
  ['a = b = 0', { latencyMinMs: 0, latencyMaxMs: 0, loss: 0.5 }],
  ['a = 0', { latencyMinMs: 0, latencyMaxMs: 300, ackTimeoutMs: 100, loss: 0.4 }],
  ['slow links', { latencyMinMs: 200, latencyMaxMs: 500, ackTimeoutMs: 600, loss: 0.05 }],
  ['fast links', { latencyMinMs: 10, latencyMaxMs: 50, ackTimeoutMs: 120, loss: 0.05 }],
  ['experiment 1', {}],
  ['experiment 2', { loss: 0.5 }],
  ['experiment 4, 5 retries, T = 300', { loss: 0.5, maxRetries: 5, ackTimeoutMs: 300 }],
  ['experiment 4, 1 retry, T = 1000', { loss: 0.5, maxRetries: 1, ackTimeoutMs: 1_000 }],
  ['wide spread', { latencyMinMs: 1, latencyMaxMs: 2_000, ackTimeoutMs: 700, loss: 0.3, maxRetries: 4 }],
  ['fractions', { latencyMinMs: 0.25, latencyMaxMs: 1.75, ackTimeoutMs: 2.5, loss: 0.123 }],
];

describe(`${settings.length} settings, ${samples.toLocaleString('en')} messages each, agree with every closed form`, () => {
  test.each(settings)('%s', { timeout: 120_000 }, (_name, change) => {
    for (const method of methods) {
      const totals = playPart({ method, settings: lab(change), seed: 20_261_121, from: 0, count: samples });
      const { quantities, verdict } = judge(method, totals, expected(method, lab(change)));
      expect({ method, off: quantities.filter((one) => one.verdict !== 'consistent') }).toEqual({ method, off: [] });
      expect(verdict).toBe('consistent');
      // What has no verdict of its own: the slot and the time to the ACK, at the same confidence.
      const { slotMs, confirmedMs } = expected(method, lab(change));
      const times = { slotMs: [totals.slotsMs, slotMs], confirmedMs: [totals.confirmationsMs, confirmedMs] } as const;
      for (const [what, [measured, theory]] of Object.entries(times)) {
        if (theory === null) expect(measured, what).toHaveLength(0);
        else expect(isMean(theory, measured), `${method} ${what} ${theory}`).toBe(true);
      }
    }
  });
});

describe('variances from message to message', () => {
  test.each(settings)('%s', (_name, change) => {
    const stories = Array.from({ length: 20_000 }, (_, message) => storyOf('pubsub', lab(change), 99, message));
    const { variance } = expected('pubsub', lab(change));
    const latencies = stories.flatMap(({ deliveredAtMs }) => deliveredAtMs ?? []);
    const found = {
      attempts: isVariance(
        variance.attempts,
        stories.map(({ attempts }) => attempts.length),
      ),
      duplicates: isVariance(
        variance.duplicates,
        stories.map(({ duplicates }) => duplicates),
      ),
      latency: latencies.length < 100 || isVariance(variance.latency, latencies),
    };
    expect({ found, variance }).toEqual({ found: { attempts: true, duplicates: true, latency: true }, variance });
  });

  test('of Direct: its latency is uniform', () => {
    expect(expectedDirect(lab()).variance).toEqual({
      attempts: 0,
      duplicates: 0,
      latency: expect.closeTo(200 ** 2 / 12, 9),
    });
  });
});

describe('throughput', () => {
  test.each([
    ['pubsub', lab({ window: 8, loss: 0.2 }), 1_000],
    ['direct', lab({ window: 8, loss: 0.2 }), 1_000],
    ['pubsub', lab({ window: 16, latencyMinMs: 200, latencyMaxMs: 500, ackTimeoutMs: 1_200 }), 10_000],
    ['pubsub', lab({ window: 1 }), 100],
    ['pubsub', lab({ window: 0 }), 20],
    ['pubsub', lab({ window: 100 }), 20],
  ] as const)('of %s with a window: min(λ, W/H), within 2 %', (method, given, offeredPerSecond) => {
    const result = playBurst({ method, settings: given, seed: 5, count: 20_000, offeredPerSecond });
    const theory = expectedRate(method, given, offeredPerSecond);
    expect(Math.abs(result.sentPerSecond! / theory.sentPerSecond - 1)).toBeLessThan(0.02);
    expect(Math.abs(result.goodPerSecond! / theory.goodPerSecond - 1)).toBeLessThan(0.02);
  });

  test('without a window does not fall with latency', () => {
    const slow = lab({ latencyMinMs: 200, latencyMaxMs: 500, ackTimeoutMs: 1_200 });
    expect(expectedRate('pubsub', slow, 20).sentPerSecond).toBe(20);
    expect(expectedRate('pubsub', { ...slow, window: 4 }, 20).sentPerSecond).toBeLessThan(8);
  });
});

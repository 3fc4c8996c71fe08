import { describe, expect, test } from 'vitest';
import { playPart } from './batch.ts';
import { histogramOf } from './histogram.ts';
import { defaultSettings } from './settings.ts';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

describe('a histogram', () => {
  test.each([
    ['direct', {}],
    ['pubsub', {}],
    ['pubsub', { loss: 0.9, maxRetries: 20 }],
    ['pubsub', { latencyMinMs: 0.25, latencyMaxMs: 1.75, ackTimeoutMs: 2.5 }],
  ] as const)('counts every time once, in few steps of a round length: %s %j', (method, change) => {
    const settings = { ...defaultSettings, ...change };
    const { latenciesMs } = playPart({ method, settings, seed: 3, from: 0, count: 5_000 });
    const { fromMs, stepMs, counts, beyond } = histogramOf(latenciesMs);
    expect(sum(counts) + beyond).toBe(latenciesMs.length);
    expect(beyond).toBeLessThanOrEqual(latenciesMs.length * 0.01);
    expect(counts.length).toBeLessThanOrEqual(41);
    expect(counts.length).toBeGreaterThan(10);
    expect(fromMs).toBeLessThanOrEqual(latenciesMs[0]!);
    expect(Number(stepMs.toExponential(0))).toBeCloseTo(stepMs, 12);
    for (const [step, count] of counts.entries()) {
      const inside = latenciesMs.filter((time) => Math.floor((time - fromMs) / stepMs) === step);
      expect(count).toBe(inside.length);
    }
  });

  test('of times that are all the same is one step, of none has no step', () => {
    expect(histogramOf(Float64Array.of(100, 100, 100))).toEqual({ fromMs: 100, stepMs: 1, counts: [3], beyond: 0 });
    expect(histogramOf(Float64Array.of(7.5))).toEqual({ fromMs: 7, stepMs: 1, counts: [1], beyond: 0 });
    expect(histogramOf(new Float64Array())).toEqual({ fromMs: 0, stepMs: 1, counts: [], beyond: 0 });
  });
});

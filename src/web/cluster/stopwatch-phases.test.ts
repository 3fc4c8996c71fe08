import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TakeoverView } from '../../protocol/index.ts';
import { binsOf, summaryOf, timedOf } from './stopwatch-phases.ts';

const takeover = (times: readonly (number | null)[], more: Partial<TakeoverView> = {}): TakeoverView => {
  const [lastSignAt = null, detectedAt = null, lockedAt = null, durableAt = null, acknowledgedAt = null] = times;
  return {
    epoch: 2,
    primary: 's2',
    previous: 's1',
    cause: 'died',
    index: 9,
    lastSignAt,
    detectedAt,
    lockedAt,
    durableAt,
    acknowledgedAt,
    ...more,
  };
};
const lasting = (ms: number, more: Partial<TakeoverView> = {}) =>
  timedOf(takeover([1_000, 1_001, 1_001, 1_001, 1_000 + ms], more));

describe('a takeover’s stopwatch', () => {
  test('has four stretches that together are the whole', () => {
    const { phases, totalMs, ms } = timedOf(takeover([1_000, 1_004, 1_010, 1_013.5, 1_020]));
    expect(phases.map((phase) => phase.ms)).toEqual([4, 6, 3.5, 6.5]);
    expect(totalMs).toBe(20);
    expect(ms).toBe(20);
  });

  test('does not make up what was not measured', () => {
    const { phases, totalMs, ms } = timedOf(takeover([null, null, 1_010, 1_013, 1_020]));
    expect(phases.map((phase) => phase.ms)).toEqual([null, null, 3, 7]);
    expect(totalMs).toBeNull();
    expect(ms).toBe(10);
    expect(timedOf(takeover([])).ms).toBe(0);
  });

  test('never runs backwards, whatever it is told', () => {
    const times = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(times, (moments) => {
        const { phases, ms, totalMs } = timedOf(takeover(moments));
        for (const phase of phases) expect(phase.ms ?? 0).toBeGreaterThanOrEqual(0);
        expect(ms).toBeGreaterThanOrEqual(0);
        if (phases.every((phase) => phase.ms !== null)) {
          expect(phases.reduce((sum, phase) => sum + phase.ms!, 0)).toBeCloseTo(totalMs!, 6);
        }
      }),
    );
  });
});

describe('all takeovers so far', () => {
  test('have a median and a slowest, and a 99th percentile only when there are a hundred', () => {
    expect(summaryOf([])).toBeNull();
    expect(summaryOf([lasting(30), lasting(10), lasting(20)])).toEqual({
      count: 3,
      medianMs: 20,
      slowestMs: 30,
      p99Ms: null,
    });
    const hundred = Array.from({ length: 100 }, (_, n) => lasting(n + 1));
    expect(summaryOf(hundred)).toEqual({ count: 100, medianMs: 50.5, slowestMs: 100, p99Ms: 99 });
  });

  test('are each in one bin of the histogram, and the bins are few and lie side by side', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, (all) => {
        const bins = binsOf(all.map((ms) => lasting(ms)));
        expect(bins.length).toBeLessThanOrEqual(12);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const [place, bin] of bins.entries()) expect(bin.from).toBe(place === 0 ? 0 : bins[place - 1]!.until);
      }),
    );
  });

  test('are counted by their cause', () => {
    const bins = binsOf([lasting(5), lasting(5, { cause: 'hung' }), lasting(5, { cause: 'handed-over' }), lasting(5)]);
    expect(bins.at(-1)!.byCause).toEqual({ died: 2, hung: 1, 'handed-over': 1 });
  });
});

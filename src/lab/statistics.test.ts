import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialBy } from './binomial-kit.ts';
import {
  contains,
  exactInterval,
  meanInterval,
  mostWithoutFailure,
  quantile,
  Running,
  samplesForError,
  samplesToTell,
  wilson,
  zOf,
} from './statistics.ts';

test('z of the usual confidences', () => {
  expect(zOf(0.95)).toBeCloseTo(1.959963984540054, 7);
  expect(zOf(0.99)).toBeCloseTo(2.5758293035489004, 7);
  expect(zOf(0.999)).toBeCloseTo(3.2905267314919255, 7);
  for (const wrong of [0, 1, -1, Number.NaN]) expect(() => zOf(wrong)).toThrow(RangeError);
});

describe('Wilson’s interval', () => {
  test('of 9 in 10 is [0.596, 0.982]; of none at all, everything', () => {
    expect(wilson(9, 10).low).toBeCloseTo(0.596, 3);
    expect(wilson(9, 10).high).toBeCloseTo(0.982, 3);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('reaches 0 and 1 exactly where nothing or everything happened, and no further', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const k = Math.round(part * n);
        const { low, high } = wilson(k, n);
        expect(low >= 0 && high <= 1 && low <= k / n && k / n <= high).toBe(true);
        expect([low === 0, high === 1]).toEqual([k === 0, k === n]);
      }),
    );
  });

  test('holds the true proportion in about 95 of 100 samples', () => {
    // Exactly, by the binomial distribution, n = 50 and p = 0.3: no random numbers.
    const [n, p] = [50, 0.3];
    let covered = 0;
    let chance = (1 - p) ** n;
    for (let k = 0; k <= n; k++) {
      if (contains(wilson(k, n), p)) covered += chance;
      chance *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.97);
  });
});

describe('the exact interval', () => {
  test('of 9 in 10 is [0.555, 0.997]; of none at all, everything', () => {
    expect(exactInterval(9, 10).low).toBeCloseTo(0.555, 3);
    expect(exactInterval(9, 10).high).toBeCloseTo(0.9975, 4);
    expect(exactInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test.each([
    [10, 0.9],
    [400, 0.999],
    [400, 0.993],
    [50, 0.3],
    [3, 0.5],
  ])('of %i samples leaves out %f in one case of a hundred at most, at either end', (n, p) => {
    const missed = { above: 0, below: 0 };
    for (let k = 0; k <= n; k++) {
      const chance = binomialBy(n, p, k) - (k === 0 ? 0 : binomialBy(n, p, k - 1));
      const { low, high } = exactInterval(k, n, 0.98);
      expect(low <= k / n && k / n <= high).toBe(true);
      if (p < low) missed.above += chance;
      if (p > high) missed.below += chance;
    }
    expect(missed.above).toBeLessThanOrEqual(0.01);
    expect(missed.below).toBeLessThanOrEqual(0.01);
  });

  test('of many is Wilson’s', () => {
    const [exact, wilsons] = [exactInterval(90_000, 100_000), wilson(90_000, 100_000)];
    expect([exact.low, exact.high]).toEqual([expect.closeTo(wilsons.low, 4), expect.closeTo(wilsons.high, 4)]);
  });
});

test('how many samples: ±5 % wants 385, ±3 % 1,068; none failing in n means at most about 3/n', () => {
  expect(samplesForError(0.05)).toBe(385);
  expect(samplesForError(0.03)).toBe(1_068);
  expect(mostWithoutFailure(100) * 100).toBeCloseTo(2.95, 2);
  expect(mostWithoutFailure(0)).toBe(1);
});

test('ten messages do not tell 90 % from 99 %; what is said to be enough is, and the same either way round', () => {
  const enough = samplesToTell(0.9, 0.99)!;
  expect(enough).toBeGreaterThan(60);
  expect(enough).toBeLessThan(100);
  expect(samplesToTell(0.99, 0.9)).toBe(enough);
  expect(samplesToTell(0.5, 0.5)).toBeNull();
  expect(samplesToTell(0.5, 0.5001)).toBeNull();
  expect(samplesToTell(0, 1)).toBeLessThan(10);
});

test('a running mean and variance are those of all numbers, also when parts are merged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 }),
      fc.nat(),
      (values, at) => {
        const whole = new Running();
        for (const value of values) whole.add(value);
        const [left, right] = [new Running(), new Running()];
        for (const [n, value] of values.entries()) (n < at % values.length ? left : right).add(value);
        left.merge(right);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
        for (const one of [whole, left]) {
          expect(one.count).toBe(values.length);
          expect(Math.abs(one.mean - mean)).toBeLessThan(1e-6);
          expect(Math.abs(one.variance - variance)).toBeLessThanOrEqual(1e-9 * Math.max(1, variance));
        }
      },
    ),
  );
  expect(meanInterval({ count: 1, mean: 1, variance: 0 })).toBeNull();
  expect(meanInterval({ count: 100, mean: 5, variance: 4 })!.high).toBeCloseTo(5 + 1.96 * 0.2, 3);
});

test('a quantile is a value that was there', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.95)).toBe(4);
  expect(quantile([7], 0)).toBe(7);
  expect(quantile([], 0.5)).toBeNull();
});

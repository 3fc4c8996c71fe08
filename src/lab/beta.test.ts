import { describe, expect, test } from 'vitest';
import { incompleteBeta } from './beta.ts';
import { binomialBy } from './binomial-kit.ts';

describe('the incomplete beta function', () => {
  test.each([
    [0.3, 4, 7],
    [0.5, 1, 1],
    [0.9, 20, 3],
    [0.05, 2, 60],
  ])('is the binomial tail: I_%f(%i, %i)', (x, a, b) => {
    const n = a + b - 1;
    expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - binomialBy(n, x, a - 1), 10);
  });

  test('is 0 and 1 at its ends', () => {
    expect([incompleteBeta(0, 3, 4), incompleteBeta(1, 3, 4)]).toEqual([0, 1]);
  });

  test('converges for a million samples', () => {
    // Half of all, to within a hair of the median.
    expect(incompleteBeta(0.5, 500_000, 500_000)).toBeCloseTo(0.5, 9);
    expect(incompleteBeta(0.3, 300_000, 700_000)).toBeCloseTo(0.5, 2);
  });
});

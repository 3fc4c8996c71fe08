import { expect, test } from 'vitest';
import { stolenIn, stolenMs, stolenSince } from './stolen-time.ts';

test('stolen time is read from what Linux counts for all processors together', () => {
  const stat = 'cpu  2325745 202992 332674 524742 18681 0 18868 1372 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n';
  expect(stolenIn(stat)).toBe(13_720);
  expect(stolenIn('cpu  1 2 3 4\n')).toBeNull();
  expect(stolenIn('')).toBeNull();
});

test('and only grows, where anybody counts it', () => {
  const before = stolenMs();
  expect(before === null).toBe(stolenSince(before) === null);
  expect(stolenSince(before) ?? 0).toBeGreaterThanOrEqual(0);
  expect(stolenSince(null)).toBeNull();
});

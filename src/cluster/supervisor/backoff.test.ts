import { expect, test } from 'vitest';
import { newBackoff } from './backoff.ts';

test('a server that keeps dying is started at once, then after 200 ms, doubling up to 10 s', () => {
  const backoff = newBackoff();
  expect(Array.from({ length: 9 }, () => backoff.next(50))).toEqual([
    0, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000,
  ]);
});

test('one that ran for three seconds was killed and did not fail to start: it begins again', () => {
  const backoff = newBackoff();
  backoff.next(50);
  backoff.next(50);
  expect(backoff.next(2_999)).toBe(400);
  expect(backoff.next(3_000)).toBe(0);
});

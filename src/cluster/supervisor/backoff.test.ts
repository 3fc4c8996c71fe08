import { expect, test } from 'vitest';
import { newBackoff } from './backoff.ts';

test('a server that keeps dying is started after 250 ms, doubling up to 10 s', () => {
  const backoff = newBackoff();
  expect(Array.from({ length: 8 }, () => backoff.next(50))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});

test('one that ran for three seconds was killed and did not fail to start: it begins again', () => {
  const backoff = newBackoff();
  backoff.next(50);
  backoff.next(50);
  expect(backoff.next(2_999)).toBe(1_000);
  expect(backoff.next(3_000)).toBe(250);
});

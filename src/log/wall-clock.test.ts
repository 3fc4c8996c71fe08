import { afterEach, expect, test, vi } from 'vitest';
import { wallMs } from './wall-clock.ts';

afterEach(() => vi.useRealTimers());

test('the wall clock has fractions, and does not go back while nobody sets it', () => {
  const times = Array.from({ length: 1_000 }, () => wallMs());
  expect(times.every((at, n) => at >= (times[n - 1] ?? 0))).toBe(true);
  expect(times.some((at) => at !== Math.floor(at))).toBe(true);
  expect(Math.abs(wallMs() - Date.now())).toBeLessThan(6);
});

test('the wall clock follows whoever sets the machine’s', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  expect(Math.abs(wallMs() - Date.now())).toBeLessThan(6);
  vi.useRealTimers();
  expect(Math.abs(wallMs() - Date.now())).toBeLessThan(6);
});

import { expect, test } from 'vitest';
import { spanParts } from './span-of-time.ts';

test('how long it lasted, in the two largest units', () => {
  const words = (ms: number) => spanParts(ms).map(({ value, unit }) => `${value} ${unit}`);
  expect(words(-5)).toEqual(['0 second']);
  expect(words(61_999)).toEqual(['1 minute', '1 second']);
  expect(words(3_723_000)).toEqual(['1 hour', '2 minute']);
  expect(words(3_600_000)).toEqual(['1 hour']);
  expect(words(9 * 86_400_000)).toEqual(['9 day']);
});

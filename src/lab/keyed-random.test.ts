import { describe, expect, test } from 'vitest';
import { philox, randomPair } from './keyed-random.ts';

const words = (counter: readonly number[], key: readonly number[]): string => {
  const out = new Uint32Array(4);
  const [c0, c1, c2, c3] = counter as [number, number, number, number];
  const [k0, k1] = key as [number, number];
  philox(c0, c1, c2, c3, k0, k1, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
};

const ones = 0xffffffff;

describe('Philox4x32-10 gives its authors’ known answers (Random123, kat_vectors)', () => {
  test.each([
    [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[ones, ones, ones, ones], [ones, ones], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('for counter %j', (counter, key, answer) => {
    expect(words(counter, key)).toBe(answer);
  });
});

const key = { message: 3, attempt: 1, direction: 'data', subscriber: 0 } as const;

describe('a crossing’s numbers', () => {
  test('are the same for the same key, in whatever order they are drawn', () => {
    const first = randomPair(7, key);
    randomPair(7, { ...key, message: 4 });
    expect(randomPair(7, key)).toEqual(first);
  });

  test('are others for another seed (also above 2^32), message, attempt, direction or subscriber', () => {
    const all = [
      randomPair(7, key),
      randomPair(8, key),
      randomPair(7 + 2 ** 32, key),
      randomPair(7, { ...key, message: 4 }),
      randomPair(7, { ...key, attempt: 2 }),
      randomPair(7, { ...key, direction: 'ack' }),
      randomPair(7, { ...key, subscriber: 1 }),
    ];
    expect(new Set(all.flatMap(({ first, second }) => [first, second])).size).toBe(all.length * 2);
  });

  test('are uniform in [0, 1) and independent of each other: 16 × 16 cells, chi-squared', () => {
    const cells = new Array<number>(256).fill(0);
    const draws = 256_000;
    for (let message = 0; message < draws; message++) {
      const { first, second } = randomPair(2026, { ...key, message });
      cells[Math.floor(first * 16) * 16 + Math.floor(second * 16)]!++;
    }
    const expected = draws / 256;
    const chiSquared = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: mean 255, standard deviation 22.6. The seed is fixed, so this is the same every time.
    expect(chiSquared).toBeGreaterThan(180);
    expect(chiSquared).toBeLessThan(345);
  });
});

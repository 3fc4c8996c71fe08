import { describe, expect, it } from 'vitest';
import { newRandom } from './random.ts';

describe('randomness', () => {
  it('is repeated by its seed, and only by that', () => {
    const draw = (seed: number): number[] => Array.from({ length: 50 }, newRandom(seed).next);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('of a fork is not moved by draws of the one it came from', () => {
    const one = newRandom(1);
    const two = newRandom(1);
    const forkOfOne = one.fork();
    const forkOfTwo = two.fork();
    one.next();
    expect(forkOfOne.next()).toBe(forkOfTwo.next());
  });

  it('is even enough, and within its bounds', () => {
    const random = newRandom(3);
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 4_000; draw++) counts[random.below(4)]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('shuffles without losing anything', () => {
    const items = Array.from({ length: 100 }, (_, at) => at);
    const shuffled = newRandom(5).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  });

  it('waits as long as the rate says, on average', () => {
    const random = newRandom(9);
    let sum = 0;
    for (let draw = 0; draw < 10_000; draw++) sum += random.waitMs(50);
    expect(Math.abs(sum / 10_000 - 20)).toBeLessThan(1);
  });
});

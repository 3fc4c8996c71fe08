/** Randomness that a seed repeats. */

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  below(below: number): number;
  /** A number in [low, high). */
  between(low: number, high: number): number;
  /** One of `items`, which are not empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** `items` in another order. */
  shuffle<Item>(items: readonly Item[]): Item[];
  /** Waits between events that come `perSecond` on average, independently of one another: exponential, in ms. */
  waitMs(perSecond: number): number;
  /** A generator of its own, so that one user's draws do not move another's. */
  fork(): Random;
}

/** A generator (mulberry32). Equal seeds give equal sequences. */
export const newRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    between: (low, high) => low + next() * (high - low),
    pick: (items) => {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)]!;
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let at = shuffled.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
      }
      return shuffled;
    },
    waitMs: (perSecond) => (-Math.log(1 - next()) * 1_000) / perSecond,
    fork: () => newRandom(below(2 ** 32)),
  };
};

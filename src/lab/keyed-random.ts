/**
 * Randomness by key instead of by order: the number for (seed, message, attempt, direction, subscriber) is the same
 * however many others were drawn before it. So two methods, or two settings, can meet the same losses, a live run can
 * be repeated from its link, and workers can share a run without sharing a generator.
 *
 * The generator is Philox4x32-10: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3"
 * (SC 2011), section 4.3. Its counter has 128 bits and its key 64. The test holds it to the authors' known answers.
 */

/** Which crossing of which link is meant. */
export interface CrossingKey {
  /** Number of the message, from 0. */
  readonly message: number;
  /** Which sending of it, from 0. */
  readonly attempt: number;
  readonly direction: 'data' | 'ack';
  /** Number of the receiver, from 0. */
  readonly subscriber: number;
}

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
const multiplyHigh = (a: number, b: number): number => {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  // Each of these sums is below 2^32.
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (cross >>> 16)) >>> 0;
};

/** Four words that come of a counter of four words and a key of two, all unsigned 32-bit. Written into `out`. */
export const philox = (
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
): void => {
  let x0 = counter0;
  let x1 = counter1;
  let x2 = counter2;
  let x3 = counter3;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, x0);
    const low0 = Math.imul(multiplier0, x0) >>> 0;
    const high1 = multiplyHigh(multiplier1, x2);
    const low1 = Math.imul(multiplier1, x2) >>> 0;
    x0 = (high1 ^ x1 ^ k0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ k1) >>> 0;
    x3 = low0;
    k0 = (k0 + weyl0) >>> 0;
    k1 = (k1 + weyl1) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
};

/** Two independent numbers, each uniform in [0, 1) with 53 bits. */
export interface Pair {
  readonly first: number;
  readonly second: number;
}

const unit = (high: number, low: number): number => ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;

const words = new Uint32Array(4);

/**
 * The two numbers that belong to a crossing. `seed` is an integer from 0 to 2^53 − 1; messages and subscribers go up to
 * 2^32 − 1, attempts to 2^31 − 1.
 */
export const randomPair = (seed: number, { message, attempt, direction, subscriber }: CrossingKey): Pair => {
  const turn = attempt * 2 + (direction === 'ack' ? 1 : 0);
  const [low, high] = [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0];
  philox(message >>> 0, turn >>> 0, subscriber >>> 0, 0, low, high, words);
  return { first: unit(words[0]!, words[1]!), second: unit(words[2]!, words[3]!) };
};

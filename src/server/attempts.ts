/**
 * How often something may be tried: token buckets in memory, one for each key, so many of them at most. Every server
 * counts for itself.
 */
import { EstafetError } from '../protocol/index.ts';
import type { EdgeLimits } from './options.ts';

/** A bucket of a key: so many tries at once, and one more after each interval. */
export interface Allowance {
  readonly key: string;
  readonly burst: number;
  readonly intervalMs: number;
}

interface Bucket {
  readonly tries: number;
  readonly atMs: number;
}

/** Too often; the answer says after how many seconds to try again. */
export class TooManyAttempts extends EstafetError {
  readonly retryAfterS: number;
  constructor(waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    super('too-many-requests', `Too many attempts; try again in ${seconds} s.`);
    this.retryAfterS = seconds;
  }
}

export class Attempts {
  /** The least recently tried key first. A key that is not here has a full bucket. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #bucketsMax: number;

  constructor(bucketsMax: number) {
    this.#bucketsMax = bucketsMax;
  }

  /** Takes a try from each bucket. Throws `TooManyAttempts`, with nothing taken, when one of them is empty. */
  take(allowances: readonly Allowance[], nowMs: number): void {
    const left = allowances.map(({ key, burst, intervalMs }) => {
      const bucket = this.#buckets.get(key);
      const filled = bucket === undefined ? burst : bucket.tries + (nowMs - bucket.atMs) / intervalMs;
      return { key, intervalMs, tries: Math.min(burst, filled) };
    });
    const waitMs = Math.max(0, ...left.map(({ tries, intervalMs }) => (1 - tries) * intervalMs));
    if (waitMs > 0) throw new TooManyAttempts(waitMs);
    for (const { key, tries } of left) {
      this.#buckets.delete(key);
      this.#buckets.set(key, { tries: tries - 1, atMs: nowMs });
    }
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#bucketsMax) break;
      this.#buckets.delete(key);
    }
  }
}

/** An IPv6 address stands for its network of 64 bits, which is one customer's. */
const networkOf = (address: string): string => {
  const plain = address.replace(/^::ffff:/i, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
};

/**
 * What a try to show somebody's password takes from: the address, the person, and the two together. The person's own is
 * wide, so that a stranger who guesses keeps nobody out.
 */
export const passwordAllowances = (address: string, person: string, limits: EdgeLimits): readonly Allowance[] => {
  const from = networkOf(address);
  return [
    { key: `from ${from}`, burst: limits.triesPerAddressMax, intervalMs: limits.triesPerAddressIntervalMs },
    { key: `for ${person}`, burst: limits.triesPerPersonMax, intervalMs: limits.triesPerPersonIntervalMs },
    { key: `from ${from} for ${person}`, burst: limits.triesPerPairMax, intervalMs: limits.triesPerPairIntervalMs },
  ];
};

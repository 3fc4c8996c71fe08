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
  /** When each key's bucket is full again; the least recently tried first. One that is not here is full. */
  readonly #fullAtMs = new Map<string, number>();
  readonly #bucketsMax: number;

  constructor(bucketsMax: number) {
    this.#bucketsMax = bucketsMax;
  }

  /** Takes a try from each bucket. Throws `TooManyAttempts`, with nothing taken, when one of them is empty. */
  take(allowances: readonly Allowance[], nowMs: number): void {
    const fullAtMs = ({ key }: Allowance): number => Math.max(nowMs, this.#fullAtMs.get(key) ?? 0);
    const waits = allowances.map((one) => fullAtMs(one) - (one.burst - 1) * one.intervalMs - nowMs);
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) throw new TooManyAttempts(waitMs);
    for (const one of allowances) {
      const thenMs = fullAtMs(one) + one.intervalMs;
      this.#fullAtMs.delete(one.key);
      this.#fullAtMs.set(one.key, thenMs);
    }
    for (const key of this.#fullAtMs.keys()) {
      if (this.#fullAtMs.size <= this.#bucketsMax) break;
      this.#fullAtMs.delete(key);
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

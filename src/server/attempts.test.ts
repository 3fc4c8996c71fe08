import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/index.ts';
import { type Allowance, Attempts, passwordAllowances, TooManyAttempts } from './attempts.ts';

const allowance = { key: 'a', burst: 3, intervalMs: 1_000 };

/** How many of `times` tries are let through. */
const tries = (
  attempts: Attempts,
  times: number,
  nowMs: number,
  allowances: readonly Allowance[] = [allowance],
): number => {
  let passed = 0;
  for (let n = 0; n < times; n++) {
    try {
      attempts.take(allowances, nowMs);
      passed++;
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
    }
  }
  return passed;
};

describe('attempts', () => {
  it('are let through in a burst, then one each interval, and never more than the burst at once', () => {
    const attempts = new Attempts(10);
    expect(tries(attempts, 10, 0)).toBe(3);
    expect(tries(attempts, 10, 999)).toBe(0);
    expect(tries(attempts, 10, 1_000)).toBe(1);
    expect(tries(attempts, 10, 3_500)).toBe(2);
    expect(tries(attempts, 10, 1_000_000)).toBe(3);
  });

  it('say after how many seconds to try again', () => {
    const attempts = new Attempts(10);
    tries(attempts, 3, 0);
    expect(() => attempts.take([allowance], 100)).toThrow(
      expect.objectContaining({ code: 'too-many-requests', retryAfterS: 1, status: 429 }),
    );
    const slow = { ...allowance, key: 'slow', burst: 1, intervalMs: 90_000 };
    attempts.take([slow], 0);
    expect(() => attempts.take([slow], 30_000)).toThrow(expect.objectContaining({ retryAfterS: 60 }));
  });

  it('take from no bucket when one of them is empty', () => {
    const attempts = new Attempts(10);
    const other = { ...allowance, key: 'b', burst: 1 };
    expect(tries(attempts, 5, 0, [allowance, other])).toBe(1);
    expect(tries(attempts, 5, 0)).toBe(2);
  });

  it('are counted for so many keys; the least recently tried is forgotten', () => {
    const attempts = new Attempts(2);
    tries(attempts, 3, 0);
    for (const key of ['b', 'a', 'c']) tries(attempts, 3, 500, [{ ...allowance, key }]);
    expect(tries(attempts, 3, 500, [{ ...allowance, key: 'c' }])).toBe(0);
    expect(tries(attempts, 3, 500, [{ ...allowance, key: 'b' }])).toBe(0);
    expect(tries(attempts, 3, 500)).toBe(3);
  });
});

describe('tries to show a password', () => {
  const from = (address: string, person: string) => passwordAllowances(address, person, limits);

  it('from one address for one person leave others, and the person elsewhere, theirs', () => {
    const attempts = new Attempts(100);
    expect(tries(attempts, 1_000, 0, from('10.0.0.1', 'ana'))).toBe(limits.triesPerPairMax);
    expect(tries(attempts, 1, 0, from('10.0.0.1', 'bo'))).toBe(1);
    expect(tries(attempts, 1, 0, from('10.0.0.2', 'ana'))).toBe(1);
  });

  it('from one address for many people come to an end, and for one person from many addresses', () => {
    const people = new Attempts(10_000);
    const all = Array.from({ length: 300 }, (_, n) => tries(people, 1, 0, from('::1', `p${n}`)));
    expect(all.reduce((one, other) => one + other)).toBe(limits.triesPerAddressMax);
    const addresses = new Attempts(10_000);
    const some = Array.from({ length: 300 }, (_, n) => tries(addresses, 1, 0, from(`10.0.${n}.1`, 'ana')));
    expect(some.reduce((one, other) => one + other)).toBe(limits.triesPerPersonMax);
  });

  it('count an IPv6 network as one address, and an IPv4 address in IPv6’s form as itself', () => {
    const key = (address: string) => from(address, 'ana')[0]?.key;
    expect(key('2001:db8:1:2:3:4:5:6')).toBe(key('2001:db8:1:2:ffff::1'));
    expect(key('2001:db8:1:2::1')).not.toBe(key('2001:db8:1:3::1'));
    expect(key('::ffff:10.0.0.1')).toBe(key('10.0.0.1'));
  });
});

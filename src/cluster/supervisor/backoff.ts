/** When a server that died is started again: at once the first time, then later and later, until it has been well. */

export const backoffLimits = { firstMs: 200, maxMs: 10_000, healthyAfterMs: 3_000 } as const;

export interface Backoff {
  /** How long to wait before the next start, after a process that ran for `ranMs`. */
  next(ranMs: number): number;
}

/**
 * A backoff for one server: 0, then 200 ms, doubling up to 10 s. One that ran long enough to serve did not fail to
 * start: it was killed, and is started again at once, however often.
 */
export const newBackoff = (): Backoff => {
  let delayMs = 0;
  return {
    next: (ranMs) => {
      if (ranMs >= backoffLimits.healthyAfterMs) delayMs = 0;
      const now = delayMs;
      delayMs = Math.min(backoffLimits.maxMs, Math.max(backoffLimits.firstMs, delayMs * 2));
      return now;
    },
  };
};

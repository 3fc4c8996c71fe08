/** When a server that died is started again: soon the first time, then later and later, until it has been well. */

export const backoffLimits = { firstMs: 250, maxMs: 10_000, healthyAfterMs: 3_000 } as const;

export interface Backoff {
  /** How long to wait before the next start, after a process that ran for `ranMs`. */
  next(ranMs: number): number;
}

/**
 * A backoff for one server: 250 ms, doubling up to 10 s. The first moment belongs to the takeover, which a starting
 * process would take the processor from. One that ran long enough to serve did not fail to start: it was killed, and
 * is started again as soon, however often.
 */
export const newBackoff = (): Backoff => {
  let delayMs: number = backoffLimits.firstMs;
  return {
    next: (ranMs) => {
      if (ranMs >= backoffLimits.healthyAfterMs) delayMs = backoffLimits.firstMs;
      const now = delayMs;
      delayMs = Math.min(backoffLimits.maxMs, delayMs * 2);
      return now;
    },
  };
};

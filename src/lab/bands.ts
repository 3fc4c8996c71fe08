/**
 * Where figures of a few messages lie in 95 of 100 cases, when theory is right: the bands of the live charts. An interval
 * (`statistics.ts`) says where the truth may lie that made a sample; a band says where samples lie that the truth makes.
 */
import { firstAt, incompleteBeta } from './beta.ts';
import type { LabSettings } from './settings.ts';
import { type Interval, zOf } from './statistics.ts';
import { type Expected, expected, type Method, unconfirmedAt, undeliveredAt } from './theory.ts';

const confidence = 0.95;
const below = (1 - confidence) / 2;

/** The smallest k with P(Bin(n, p) ≤ k) ≥ level. */
const binomialQuantile = (n: number, p: number, level: number): number => {
  let [from, to] = [0, n];
  while (from < to) {
    const k = Math.floor((from + to) / 2);
    if (1 - incompleteBeta(p, k + 1, n - k) >= level) to = k;
    else from = k + 1;
  }
  return from;
};

/** Of n trials with probability p, the share that succeeds. */
export const shareBand = (p: number, n: number): Interval => ({
  low: binomialQuantile(n, p, below) / n,
  high: binomialQuantile(n, p, 1 - below) / n,
});

/** The mean of n numbers that are not below 0, by the normal approximation. */
export const meanBand = (mean: number, variance: number, n: number): Interval => {
  const half = zOf(confidence) * Math.sqrt(Math.max(0, variance) / n);
  return { low: Math.max(0, mean - half), high: mean + half };
};

/** A distribution: P(at most t) for t up to `most`, where it is 1. */
interface Distribution {
  readonly by: (t: number) => number;
  readonly most: number;
}

const quantileOf = ({ by, most }: Distribution, q: number): number => firstAt(by, q, 0, most);

/** The q-quantile of n numbers: the one of rank ⌈qn⌉ is at most x when at least so many of n are. */
const quantileBandOf = (distribution: Distribution, q: number, n: number): Interval => {
  const rank = Math.min(n, Math.max(1, Math.ceil(q * n)));
  const reached = (level: number): number => firstAt((u) => incompleteBeta(u, rank, n - rank + 1), level, 0, 1);
  return {
    low: quantileOf(distribution, reached(below)),
    high: quantileOf(distribution, reached(1 - below)),
  };
};

/** What theory says of figures of `n` messages by one method under one setting. */
export interface Bands {
  readonly expected: Expected;
  /** The q-quantile of latencies to the first arrival, ms; null when nothing ever arrives. */
  latency(q: number): number | null;
  latencyBand(q: number, n: number): Interval | null;
  /** The same to the first ACK. */
  confirmed(q: number): number | null;
  confirmedBand(q: number, n: number): Interval | null;
  /** Of n crossings, the share that is lost. */
  lossBand(n: number): Interval;
  deliveryBand(n: number): Interval;
  confirmationBand(n: number): Interval;
  /** Sendings and arrivals beyond the first, a message. */
  retriesBand(n: number): Interval;
  duplicatesBand(n: number): Interval;
}

/** Works out once what does not depend on how many messages there are. `n` is 1 or more everywhere. */
export const bandsOf = (method: Method, given: LabSettings): Bands => {
  const settings = method === 'direct' ? { ...given, maxRetries: 0 } : given;
  const theory = expected(method, given);
  const { latencyMaxMs, maxRetries, ackTimeoutMs } = settings;
  const arrived: Distribution | null =
    theory.latencyMs === null
      ? null
      : {
          by: (t) => (1 - undeliveredAt(settings, t)) / theory.delivered,
          most: maxRetries * ackTimeoutMs + latencyMaxMs,
        };
  const confirmed: Distribution | null =
    theory.confirmedMs === null
      ? null
      : {
          by: (t) => (1 - unconfirmedAt(settings, t)) / theory.confirmed,
          most: (maxRetries + 1) * ackTimeoutMs,
        };
  return {
    expected: theory,
    latency: (q) => arrived && quantileOf(arrived, q),
    latencyBand: (q, n) => arrived && quantileBandOf(arrived, q, n),
    confirmed: (q) => confirmed && quantileOf(confirmed, q),
    confirmedBand: (q, n) => confirmed && quantileBandOf(confirmed, q, n),
    lossBand: (n) => shareBand(given.loss, n),
    deliveryBand: (n) => shareBand(theory.delivered, n),
    confirmationBand: (n) => shareBand(theory.confirmed, n),
    retriesBand: (n) => meanBand(theory.attempts - 1, theory.variance.attempts, n),
    duplicatesBand: (n) => meanBand(theory.duplicates, theory.variance.duplicates, n),
  };
};

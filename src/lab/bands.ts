/**
 * Where figures of a few messages lie in 95 of 100 cases, when theory is right: the bands of the live charts. An interval
 * (`statistics.ts`) says where the truth may lie that made a sample; a band says where samples lie that the truth makes.
 */
import type { LabSettings } from './settings.ts';
import { type Interval, zOf } from './statistics.ts';
import {
  type Expected,
  expected,
  type Method,
  roundTripBy,
  unconfirmedAt,
  unconfirmedBefore,
  undeliveredAt,
} from './theory.ts';

const confidence = 0.95;
const below = (1 - confidence) / 2;
const halvings = 50;

/** log Γ(x) for x > 0: C. Lanczos, SIAM J. Numer. Anal. 1 (1964), with g = 7 and nine coefficients. */
const logGamma = (x: number): number => {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const sum = coefficients.reduce((total, one, at) => total + one / (x + at), 0.9999999999998099);
  const t = x + 6.5;
  return 0.9189385332046727 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
};

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (NIST Handbook, 8.17.22) evaluated from
 * the front by W. Lentz's method. P(Bin(n, x) ≥ k) is I_x(k, n − k + 1).
 */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly below the mean only; above it, the other end is asked.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const tiny = 1e-300;
  const not0 = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / not0(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / not0(1 + even * d);
    c = not0(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not0(1 + odd * d);
    c = not0(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  const log = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x);
  return (Math.exp(log) * fraction) / a;
};

/** The smallest x in [low, high] at which something that never falls reaches `level`; `high` when it does not. */
const firstAt = (f: (x: number) => number, level: number, low: number, high: number): number => {
  let [from, to] = [low, high];
  for (let step = 0; step < halvings; step++) {
    const middle = (from + to) / 2;
    if (f(middle) >= level) to = middle;
    else from = middle;
  }
  return to;
};

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

const variance = (weights: readonly number[], value: (at: number) => number): number => {
  let [mean, squares] = [0, 0];
  for (const [at, weight] of weights.entries()) {
    mean += weight * value(at);
    squares += weight * value(at) ** 2;
  }
  return squares - mean * mean;
};

/** The product of a polynomial and (constant + linear·z). */
const times = (polynomial: readonly number[], constant: number, linear: number): number[] =>
  [...polynomial, 0].map((one, at) => one * constant + (at === 0 ? 0 : polynomial[at - 1]! * linear));

const plus = (sum: number[], polynomial: readonly number[], sign: number): void => {
  for (const [at, one] of polynomial.entries()) sum[at] = (sum[at] ?? 0) + sign * one;
};

/**
 * How many copies arrive, as weights: at k the probability of k arrivals. With P_m(z) = ∏_{j=1..m} (p + (q − s·F(jT))·z),
 * whose coefficients are the probabilities that m attempts have brought no ACK by mT and k of them have arrived, exactly
 * m attempts are made with the weights P_{m−1}(z)·(p + qz) − P_m(z), and all N with P_{N−1}(z)·(p + qz).
 */
export const arrivals = (settings: LabSettings): readonly number[] => {
  const { loss: p, maxRetries, ackTimeoutMs } = settings;
  const q = 1 - p;
  const weights: number[] = [];
  let unacknowledged: readonly number[] = [1];
  for (let m = 1; m <= maxRetries + 1; m++) {
    plus(weights, times(unacknowledged, p, q), 1);
    unacknowledged = times(unacknowledged, p, q - q * q * roundTripBy(settings, m * ackTimeoutMs));
    if (m <= maxRetries) plus(weights, unacknowledged, -1);
  }
  return weights;
};

/** How many attempts are made, as weights: at k the probability of k + 1 of them, S_k − S_{k+1}, and S_{N−1} for all. */
const attemptsMade = (settings: LabSettings): readonly number[] =>
  Array.from({ length: settings.maxRetries + 1 }, (_, k) => {
    const next = k === settings.maxRetries ? 0 : unconfirmedBefore(settings, k + 1);
    return unconfirmedBefore(settings, k) - next;
  });

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
  const retriesVariance = method === 'direct' ? 0 : variance(attemptsMade(settings), (k) => k);
  const copiesVariance = method === 'direct' ? 0 : variance(arrivals(settings), (k) => Math.max(0, k - 1));
  return {
    expected: theory,
    latency: (q) => arrived && quantileOf(arrived, q),
    latencyBand: (q, n) => arrived && quantileBandOf(arrived, q, n),
    confirmed: (q) => confirmed && quantileOf(confirmed, q),
    confirmedBand: (q, n) => confirmed && quantileBandOf(confirmed, q, n),
    lossBand: (n) => shareBand(given.loss, n),
    deliveryBand: (n) => shareBand(theory.delivered, n),
    confirmationBand: (n) => shareBand(theory.confirmed, n),
    retriesBand: (n) => meanBand(theory.attempts - 1, retriesVariance, n),
    duplicatesBand: (n) => meanBand(theory.duplicates, copiesVariance, n),
  };
};

/** What can be said of a population by a sample, and how sure one may be. */

import { firstAt, incompleteBeta } from './beta.ts';

/** A closed interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const contains = ({ low, high }: Interval, value: number): boolean => low <= value && value <= high;

/** z for a two-sided confidence: the inverse of the normal distribution, by P. Acklam's rational approximation (2003). */
export const zOf = (confidence: number): number => {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not between 0 and 1`);
  return inverseNormal(1 - (1 - confidence) / 2);
};

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

const centreTop = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const centreBottom = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const tailTop = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** The x below which a standard normal variable lies with probability p; relative error below 1.2e-9. */
const inverseNormal = (p: number): number => {
  if (p > 1 - 0.02425) return -inverseNormal(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(tailTop, q) / polynomial(tailBottom, q);
  }
  const q = p - 0.5;
  return (polynomial(centreTop, q * q) * q) / polynomial(centreBottom, q * q);
};

/**
 * Wilson's score interval for a proportion: E. Wilson, JASA 22 (1927). Unlike the simple one it holds for few samples
 * and near 0 and 1: 9 of 10 is [0.596, 0.982]. Of no samples it is [0, 1].
 */
export const wilson = (successes: number, samples: number, confidence = 0.95): Interval => {
  if (samples === 0) return { low: 0, high: 1 };
  const z = zOf(confidence);
  const p = successes / samples;
  const divisor = 1 + (z * z) / samples;
  const centre = (p + (z * z) / (2 * samples)) / divisor;
  const half = (z / divisor) * Math.sqrt((p * (1 - p)) / samples + (z * z) / (4 * samples * samples));
  // At the ends the bounds are exactly 0 and 1; rounding must not put them beside.
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === samples ? 1 : Math.min(1, centre + half),
  };
};

/**
 * The exact interval for a proportion: C. Clopper and E. Pearson, Biometrika 26 (1934). It leaves the truth out in no more
 * than one case in 1/(1 − confidence), however few the samples and however near 0 or 1 it lies, which Wilson's does on
 * average only; so it is somewhat wider. Of no samples it is [0, 1].
 */
export const exactInterval = (successes: number, samples: number, confidence = 0.95): Interval => {
  const outside = (1 - confidence) / 2;
  const atLeast = (count: number) => (p: number) => incompleteBeta(p, count, samples - count + 1);
  return {
    low: successes === 0 ? 0 : firstAt(atLeast(successes), outside, 0, 1),
    high: successes === samples ? 1 : firstAt(atLeast(successes + 1), 1 - outside, 0, 1),
  };
};

/** Samples for a proportion near `p` to be known to ± `error`: n = z²p(1−p)/e². ±5 % at worst wants 385, ±3 % 1,068. */
export const samplesForError = (error: number, p = 0.5, confidence = 0.95): number => {
  const z = zOf(confidence);
  return Math.ceil((z * z * p * (1 - p)) / (error * error));
};

/** Logarithms of the factorials up to n. */
const logFactorials = (n: number): Float64Array => {
  const logs = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) logs[k] = logs[k - 1]! + Math.log(k);
  return logs;
};

/**
 * Chance that the Wilson interval of n samples leaves `other` out, when `truth` is the proportion. It leaves out what the
 * score test rejects (it is that test, turned round), so no interval has to be computed.
 */
const chanceToTell = (n: number, truth: number, other: number, z: number, logs: Float64Array): number => {
  const inside = z * Math.sqrt(n * other * (1 - other));
  // 0 · log 0 is none: of a certain thing nothing else happens.
  if (truth === 0 || truth === 1) return Math.abs(n * truth - n * other) > inside ? 1 : 0;
  const [log, counter] = [Math.log(truth), Math.log(1 - truth)];
  let chance = 0;
  for (let k = 0; k <= n; k++) {
    if (Math.abs(k - n * other) <= inside) continue;
    chance += Math.exp(logs[n]! - logs[k]! - logs[n - k]! + k * log + (n - k) * counter);
  }
  return chance;
};

/**
 * Samples from which on two proportions are told apart, whichever of them is the truth, with a chance of `power`: how
 * many messages it takes to tell, say, 90 % from 99 %. Null when that takes more than `most`.
 */
export const samplesToTell = (
  one: number,
  other: number,
  confidence = 0.95,
  power = 0.95,
  most = 2_000,
): number | null => {
  if (one === other) return null;
  const logs = logFactorials(most);
  const z = zOf(confidence);
  // The chance is a saw: it may fall a little from one n to the next, so the last n that does not do is looked for.
  for (let n = most; n > 0; n--) {
    const enough = Math.min(chanceToTell(n, one, other, z, logs), chanceToTell(n, other, one, z, logs));
    if (enough < power) return n === most ? null : n + 1;
  }
  return 1;
};

/** What the failures may at most be when none was seen in n: about 3/n at 95 % (the rule of three). */
export const mostWithoutFailure = (samples: number, confidence = 0.95): number =>
  samples === 0 ? 1 : 1 - (1 - confidence) ** (1 / samples);

/** Count, mean and variance of numbers, one after the other, without keeping them (B. Welford, Technometrics 4, 1962). */
export class Running {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.#squares += before * (value - this.mean);
  }

  /** The samples' variance (n − 1 below); 0 for fewer than two. */
  get variance(): number {
    return this.count < 2 ? 0 : this.#squares / (this.count - 1);
  }

  /** Takes in another one's numbers, as if they had been added here (T. Chan et al., 1979). */
  merge({ count, mean, variance }: { readonly count: number; readonly mean: number; readonly variance: number }): void {
    if (count === 0) return;
    const total = this.count + count;
    const apart = mean - this.mean;
    this.#squares += variance * Math.max(0, count - 1) + (apart * apart * this.count * count) / total;
    this.mean += (apart * count) / total;
    this.count = total;
  }
}

/** Where the mean of the population lies, by the normal approximation. Null for fewer than two samples. */
export const meanInterval = (
  { count, mean, variance }: { readonly count: number; readonly mean: number; readonly variance: number },
  confidence = 0.95,
): Interval | null => {
  if (count < 2) return null;
  const half = zOf(confidence) * Math.sqrt(variance / count);
  return { low: mean - half, high: mean + half };
};

/** The smallest value with at least the share `q` of all at or below it. Null of none. `sorted` ascends. */
export const quantile = (sorted: ArrayLike<number>, q: number): number | null => {
  if (sorted.length === 0) return null;
  const rank = Math.ceil(q * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!;
};

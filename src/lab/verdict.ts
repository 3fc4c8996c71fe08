/**
 * Holds what was measured against the theory and says, in one of three words, what may be concluded. A quantity is *not
 * consistent* when the theory's value lies outside its interval, *too few* when the interval is so wide that it would
 * have let nearly anything pass, *consistent* otherwise. Several quantities are judged at once, so each interval is
 * widened (C. Bonferroni): all verdicts of a right model together are wrong in one run of a hundred.
 */
import { contains, type Interval, meanInterval, wilson } from './statistics.ts';
import { type Moments, summarise, type Totals } from './tally.ts';
import type { Expected, Method } from './theory.ts';

export type Verdict = 'consistent' | 'not-consistent' | 'too-few';

export type Quantity = 'delivered' | 'confirmed' | 'attempts' | 'duplicates' | 'latency';

/** One quantity judged. A message's means; times in ms. */
export interface Judged {
  readonly quantity: Quantity;
  readonly measured: number | null;
  readonly interval: Interval | null;
  readonly theory: number | null;
  readonly verdict: Verdict;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly quantities: readonly Judged[];
}

/** Chance that a right model is called inconsistent. */
const falseAlarm = 0.01;
/** A share known less exactly than ± this tells little. */
const widestShare = 0.1;
/** A mean known less exactly than ± this part of the theory's tells little, */
const widestMean = 0.25;
/** unless it is a number of sendings or copies, known to ± this many. */
const widestCount = 0.1;
/** Means are judged by the normal approximation from so many samples on. */
const fewestForMean = 30;
/** What rounding in sums and integrals may amount to, relatively. */
const rounding = 1e-6;

const around = ({ low, high }: Interval, value: number): boolean => {
  const slack = rounding * Math.max(1, Math.abs(value));
  return contains({ low: low - slack, high: high + slack }, value);
};

const judgeShare = (quantity: Quantity, some: number, all: number, theory: number, confidence: number): Judged => {
  const interval = wilson(some, all, confidence);
  const measured = all === 0 ? null : some / all;
  const tooWide = interval.high - interval.low > 2 * widestShare;
  const verdict = around(interval, theory) ? (tooWide ? 'too-few' : 'consistent') : 'not-consistent';
  return { quantity, measured, interval, theory, verdict };
};

const judgeMean = (quantity: Quantity, moments: Moments, theory: number | null, confidence: number): Judged => {
  const { count, mean } = moments;
  const interval = meanInterval(moments, confidence);
  const measured = count === 0 ? null : mean;
  // Theory says that there is none: then one is one too many.
  if (theory === null)
    return { quantity, measured, interval, theory, verdict: count === 0 ? 'consistent' : 'not-consistent' };
  if (interval === null || count < fewestForMean) return { quantity, measured, interval, theory, verdict: 'too-few' };
  if (!around(interval, theory)) return { quantity, measured, interval, theory, verdict: 'not-consistent' };
  const widest = Math.max(widestMean * theory, quantity === 'latency' ? 0 : widestCount);
  const tooWide = interval.high - interval.low > 2 * widest;
  return { quantity, measured, interval, theory, verdict: tooWide ? 'too-few' : 'consistent' };
};

const worst = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.includes('not-consistent')) return 'not-consistent';
  return verdicts.includes('too-few') ? 'too-few' : 'consistent';
};

/** Judges a run by what was expected of one message. Of no messages everything is too few. */
export const judge = (method: Method, totals: Totals, theory: Expected): Judgement => {
  const count = method === 'direct' ? 2 : 5;
  const confidence = 1 - falseAlarm / count;
  const latency = summarise(totals.latenciesMs, confidence);
  const latencies: Moments = momentsOf(totals.latenciesMs, latency.mean ?? 0);
  const quantities = [
    judgeShare('delivered', totals.delivered, totals.sent, theory.delivered, confidence),
    judgeMean('latency', latencies, totals.sent === 0 ? 0 : theory.latencyMs, confidence),
  ];
  if (method === 'pubsub') {
    quantities.push(
      judgeShare('confirmed', totals.confirmed, totals.sent, theory.confirmed, confidence),
      judgeMean('attempts', totals.attemptsEach, theory.attempts, confidence),
      judgeMean('duplicates', totals.duplicatesEach, theory.duplicates, confidence),
    );
  }
  return { verdict: worst(quantities.map(({ verdict }) => verdict)), quantities };
};

const momentsOf = (values: Float64Array, mean: number): Moments => {
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { count: values.length, mean, variance: values.length < 2 ? 0 : squares / (values.length - 1) };
};

/**
 * Holds what was measured against the theory and says, in one of three words, what may be concluded. A quantity is *not
 * consistent* when the theory's value lies outside its interval, *too few* when the interval is so wide that it would
 * have let nearly anything pass, *consistent* otherwise. Several quantities are judged at once, so each interval is
 * widened (C. Bonferroni): all verdicts of a right model together are wrong in one run of a hundred at most. For that to
 * hold of a hundred messages as of a million, a share's interval is the exact one, and a mean's has the spread that theory
 * gives it, not the samples': a handful of copies says little about how widely copies are spread. (So Wilson's score
 * interval, too, takes the spread of the share that it is held against.)
 */
import { contains, exactInterval, type Interval, meanInterval, Running, zOf } from './statistics.ts';
import type { Moments, Totals } from './tally.ts';
import type { Expected, Method } from './theory.ts';

export type Verdict = 'consistent' | 'not-consistent' | 'too-few';

export type Quantity = 'delivered' | 'confirmed' | 'attempts' | 'duplicates' | 'latency' | 'throughput';

/** One quantity judged. A message's means; times in ms; throughput in messages begun a second. */
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
/** A mean or a rate known less exactly than ± this part of the theory's tells little, */
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

/** How much may be concluded from an interval of so many samples, if this is the theory. */
const conclude = (
  { quantity, measured, interval }: Pick<Judged, 'quantity' | 'measured' | 'interval'>,
  samples: number,
  theory: number | null,
): Verdict => {
  // Theory says that there is none: then one is one too many.
  if (theory === null) return measured === null ? 'consistent' : 'not-consistent';
  if (interval === null) return 'too-few';
  const isShare = quantity === 'delivered' || quantity === 'confirmed';
  if (!isShare && samples < fewestForMean) return 'too-few';
  if (!around(interval, theory)) return 'not-consistent';
  const ofTheory = widestMean * theory;
  const widest = isShare
    ? widestShare
    : quantity === 'attempts' || quantity === 'duplicates'
      ? Math.max(ofTheory, widestCount)
      : ofTheory;
  return interval.high - interval.low > 2 * widest ? 'too-few' : 'consistent';
};

const judged = (
  found: Pick<Judged, 'quantity' | 'measured' | 'interval'>,
  samples: number,
  theory: number | null,
): Judged => ({ ...found, theory, verdict: conclude(found, samples, theory) });

const judgeShare = (quantity: Quantity, some: number, all: number, theory: number, confidence: number): Judged =>
  judged(
    { quantity, measured: all === 0 ? null : some / all, interval: exactInterval(some, all, confidence) },
    all,
    theory,
  );

/** Theory's mean and the variance around it; null where it says that there is nothing. */
type Foreseen = {
  readonly mean: number;
  readonly variance: number;
  /** What a message adds to which something rare happens, in the quantity's unit; 0 when nothing does. */
  readonly jump: number;
} | null;

/**
 * The interval of a mean whose spread theory gives. Where few messages are sent again, their sums are skewed: one too many
 * is likelier than the normal distribution has it. So at the lower end the first term of E. Cornish and R. Fisher's expansion
 * (1938) is added, (z² − 1)/6 · κ₃/σ²/n, in which κ₃/σ² is at most a jump, as with a sum of Poisson's.
 */
const foreseenInterval = (
  count: number,
  mean: number,
  { variance, jump }: NonNullable<Foreseen>,
  confidence: number,
) => {
  const interval = meanInterval({ count, mean, variance }, confidence);
  if (interval === null || variance === 0) return interval;
  return { low: interval.low - ((zOf(confidence) ** 2 - 1) / 6) * (jump / count), high: interval.high };
};

const judgeMean = (quantity: Quantity, { count, mean }: Moments, theory: Foreseen, confidence: number): Judged => {
  const measured = count === 0 ? null : mean;
  const interval = theory && foreseenInterval(count, mean, theory, confidence);
  return judged({ quantity, measured, interval }, count, theory?.mean ?? null);
};

type MeanQuantity = 'latency' | 'attempts' | 'duplicates';

/** What theory says of the mean of `sent` messages. */
const foreseenOf = (quantity: MeanQuantity, { variance, resendMs, ...means }: Expected, sent: number): Foreseen => {
  if (quantity !== 'latency') return { mean: means[quantity], variance: variance[quantity], jump: 1 };
  // Of nothing at all, it is no wonder that nothing arrived.
  if (means.latencyMs === null && sent > 0) return null;
  return { mean: means.latencyMs ?? 0, variance: variance.latency, jump: resendMs };
};

/** Throughput of a burst: messages begun a second, as measured and as expected. */
export interface JudgedRate {
  readonly measured: number | null;
  readonly theory: number;
  /** Messages on their way at a time; 0 is any number, and then throughput is what was offered: there is no chance in it. */
  readonly window: number;
}

/**
 * The interval of W/H follows from the spread of the slots that were measured: a rate is as exact, relatively, as their
 * mean. A burst has ends where its window is not in its steady state, which may count for half a window.
 */
const judgeRate = ({ measured, theory, window }: JudgedRate, slots: Moments, confidence: number): Judged => {
  const { count, mean } = slots;
  const around = meanInterval(slots, confidence);
  const isKnown = measured !== null && around !== null && mean > 0 && count > window;
  const part = isKnown ? (around.high - mean) / mean + window / (2 * (count - window)) : 0;
  const interval = isKnown ? { low: Math.max(0, measured * (1 - part)), high: measured * (1 + part) } : null;
  return judged({ quantity: 'throughput', measured, interval }, count, theory);
};

const worst = (verdicts: readonly Verdict[]): Verdict => {
  if (verdicts.includes('not-consistent')) return 'not-consistent';
  return verdicts.includes('too-few') ? 'too-few' : 'consistent';
};

/** How many quantities of a method are judged at once. */
const judgedOf = (method: Method, withRate: boolean): number => (method === 'direct' ? 2 : 5) + (withRate ? 1 : 0);

/** What of a run is judged: how many, and means with their spreads over the messages. */
export interface Counted extends Pick<Totals, 'sent' | 'delivered' | 'confirmed' | 'attemptsEach' | 'duplicatesEach'> {
  readonly latency: Moments;
}

/** What of a run is judged whose latencies have all been kept. */
export type Judgeable = Pick<
  Totals,
  'sent' | 'delivered' | 'confirmed' | 'latenciesMs' | 'slotsMs' | 'attemptsEach' | 'duplicatesEach'
>;

/** Judges a run by what was expected of one message, and its throughput where that was asked for. */
export const judge = (
  method: Method,
  totals: Judgeable,
  theory: Expected,
  rate: JudgedRate | null = null,
): Judgement => {
  const counted = { ...totals, latency: momentsOf(totals.latenciesMs) };
  return judgeCounted(method, counted, theory, rate && { ...rate, slots: momentsOf(totals.slotsMs) });
};

/** The same of what was only counted. Of no messages everything is too few. */
export const judgeCounted = (
  method: Method,
  counted: Counted,
  theory: Expected,
  rate: (JudgedRate & { readonly slots: Moments }) | null = null,
): Judgement => {
  const { sent, delivered, confirmed, latency, attemptsEach, duplicatesEach } = counted;
  const isRateJudged = rate !== null && rate.window > 0;
  const confidence = 1 - falseAlarm / judgedOf(method, isRateJudged);
  const mean = (quantity: MeanQuantity, moments: Moments): Judged =>
    judgeMean(quantity, moments, foreseenOf(quantity, theory, sent), confidence);
  const quantities = [judgeShare('delivered', delivered, sent, theory.delivered, confidence), mean('latency', latency)];
  if (method === 'pubsub') {
    quantities.push(
      judgeShare('confirmed', confirmed, sent, theory.confirmed, confidence),
      mean('attempts', attemptsEach),
      mean('duplicates', duplicatesEach),
    );
  }
  if (isRateJudged) quantities.push(judgeRate(rate, rate.slots, confidence));
  return { verdict: worst(quantities.map(({ verdict }) => verdict)), quantities };
};

/** What is left of a run where only its row is known. */
export interface JudgedRow {
  readonly method: Method;
  readonly sent: number;
  readonly delivered: number;
  readonly confirmed: number;
  readonly judged: readonly Judged[];
}

const samplesOf = (quantity: Quantity, { sent, delivered }: JudgedRow): number =>
  quantity === 'latency' ? delivered : sent;

/**
 * Judges a row again: by another theory (`theoryOf` gives its value of a quantity), or as one of `rows` that are judged
 * together. Then each interval is wider, so that all verdicts of a right model together are wrong in one run of a hundred,
 * however many rows it has. `planted` is that other theory, whose spread the means have then; null where it is the row's own.
 */
export const judgeAgain = (
  row: JudgedRow,
  theoryOf: (quantity: Quantity) => number | null,
  rows = 1,
  planted: Expected | null = null,
): Judgement => {
  const before = 1 - falseAlarm / row.judged.length;
  const confidence = 1 - falseAlarm / (row.judged.length * rows);
  const wider = zOf(confidence) / zOf(before);
  const quantities = row.judged.map(({ quantity, measured, interval }): Judged => {
    const samples = samplesOf(quantity, row);
    const theory = theoryOf(quantity);
    if (quantity === 'delivered' || quantity === 'confirmed') {
      return judgeShare(quantity, row[quantity], row.sent, theory ?? 0, confidence);
    }
    if (planted !== null && quantity !== 'throughput') {
      const moments = { count: samples, mean: measured ?? 0, variance: 0 };
      return judgeMean(quantity, moments, foreseenOf(quantity, planted, row.sent), confidence);
    }
    if (interval === null || measured === null) return judged({ quantity, measured, interval }, samples, theory);
    const widened = {
      low: measured - (measured - interval.low) * wider,
      high: measured + (interval.high - measured) * wider,
    };
    return judged({ quantity, measured, interval: widened }, samples, theory);
  });
  return { verdict: worst(quantities.map(({ verdict }) => verdict)), quantities };
};

const momentsOf = (values: Float64Array): Moments => {
  const all = new Running();
  for (const value of values) all.add(value);
  return { count: all.count, mean: all.mean, variance: all.variance };
};

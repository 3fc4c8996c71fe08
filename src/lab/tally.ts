/** Adds stories up to what an experiment reports. Keeps each latency, for exact quantiles. */
import { type Interval, meanInterval, quantile, Running, wilson } from './statistics.ts';
import type { Story } from './story.ts';

/** A mean with its spread, as it travels between threads. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Totals over all messages of a run. */
export interface Totals {
  readonly sent: number;
  readonly delivered: number;
  readonly confirmed: number;
  readonly duplicates: number;
  readonly attempts: number;
  /** Each latency to the first arrival, ascending, in milliseconds. */
  readonly latenciesMs: Float64Array;
  /** Each latency to the first ACK, ascending. */
  readonly confirmationsMs: Float64Array;
  /** How long each message took one of its sender's slots, in the order of the messages. */
  readonly slotsMs: Float64Array;
  /** Sums of the squares of each message's attempts and copies. */
  readonly attemptSquares: number;
  readonly duplicateSquares: number;
  /** Spread of attempts and of duplicate copies over the messages. */
  readonly attemptsEach: Moments;
  readonly duplicatesEach: Moments;
}

/**
 * Of whole numbers, from their sums: exact, so that parts of a run come to the last digit to what the whole comes to.
 * Holds up to 2^53 in count · squares: a million messages of 21 attempts are far below.
 */
const momentsOf = (count: number, sum: number, squares: number): Moments => ({
  count,
  mean: count === 0 ? 0 : sum / count,
  variance: count < 2 ? 0 : (count * squares - sum * sum) / (count * (count - 1)),
});

type Counts = Pick<
  Totals,
  'sent' | 'delivered' | 'confirmed' | 'duplicates' | 'attempts' | 'attemptSquares' | 'duplicateSquares'
>;
type Times = Pick<Totals, 'latenciesMs' | 'confirmationsMs' | 'slotsMs'>;

const totalsOf = (counts: Counts, times: Times): Totals => ({
  ...counts,
  ...times,
  attemptsEach: momentsOf(counts.sent, counts.attempts, counts.attemptSquares),
  duplicatesEach: momentsOf(counts.sent, counts.duplicates, counts.duplicateSquares),
});

export class Tally {
  readonly #delivered: number[] = [];
  readonly #confirmed: number[] = [];
  readonly #slots: number[] = [];
  #attempts = 0;
  #attemptSquares = 0;
  #duplicates = 0;
  #duplicateSquares = 0;

  add(story: Story): void {
    const attempts = story.attempts.length;
    this.#attempts += attempts;
    this.#attemptSquares += attempts * attempts;
    this.#duplicates += story.duplicates;
    this.#duplicateSquares += story.duplicates * story.duplicates;
    this.#slots.push(story.slotMs);
    if (story.deliveredAtMs !== null) this.#delivered.push(story.deliveredAtMs);
    if (story.confirmedAtMs !== null) this.#confirmed.push(story.confirmedAtMs);
  }

  totals(): Totals {
    const counts = {
      sent: this.#slots.length,
      delivered: this.#delivered.length,
      confirmed: this.#confirmed.length,
      duplicates: this.#duplicates,
      attempts: this.#attempts,
      attemptSquares: this.#attemptSquares,
      duplicateSquares: this.#duplicateSquares,
    };
    return totalsOf(counts, {
      latenciesMs: Float64Array.from(this.#delivered).sort(),
      confirmationsMs: Float64Array.from(this.#confirmed).sort(),
      slotsMs: Float64Array.from(this.#slots),
    });
  }
}

const together = (parts: readonly Float64Array[]): Float64Array => {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** The totals of parts of one run, in their order: exactly what one thread would have counted. */
export const mergeTotals = (parts: readonly Totals[]): Totals => {
  const sum = (of: (part: Totals) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const counts = {
    sent: sum((part) => part.sent),
    delivered: sum((part) => part.delivered),
    confirmed: sum((part) => part.confirmed),
    duplicates: sum((part) => part.duplicates),
    attempts: sum((part) => part.attempts),
    attemptSquares: sum((part) => part.attemptSquares),
    duplicateSquares: sum((part) => part.duplicateSquares),
  };
  return totalsOf(counts, {
    latenciesMs: together(parts.map((part) => part.latenciesMs)).sort(),
    confirmationsMs: together(parts.map((part) => part.confirmationsMs)).sort(),
    slotsMs: together(parts.map((part) => part.slotsMs)),
  });
};

/** Mean and quantiles of latencies, ms; null where there is none. */
export interface LatencySummary {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly interval: Interval | null;
}

export const summarise = (sorted: Float64Array, confidence = 0.95): LatencySummary => {
  const running = new Running();
  for (const value of sorted) running.add(value);
  return {
    mean: running.count === 0 ? null : running.mean,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    interval: meanInterval(running, confidence),
  };
};

/** A share of the messages, with its interval. */
export const share = (
  some: number,
  all: number,
  confidence = 0.95,
): { readonly value: number; readonly interval: Interval } => ({
  value: all === 0 ? 0 : some / all,
  interval: wilson(some, all, confidence),
});

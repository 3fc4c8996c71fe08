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
  /** Spread of attempts, of duplicate copies and of slots over the messages. */
  readonly attemptsEach: Moments;
  readonly duplicatesEach: Moments;
  readonly slotsMs: Moments;
}

const momentsOf = ({ count, mean, variance }: Running): Moments => ({ count, mean, variance });

export class Tally {
  #delivered: number[] = [];
  #confirmed: number[] = [];
  readonly #attempts = new Running();
  readonly #duplicates = new Running();
  readonly #slots = new Running();

  add(story: Story): void {
    this.#attempts.add(story.attempts.length);
    this.#duplicates.add(story.duplicates);
    this.#slots.add(story.slotMs);
    if (story.deliveredAtMs !== null) this.#delivered.push(story.deliveredAtMs);
    if (story.confirmedAtMs !== null) this.#confirmed.push(story.confirmedAtMs);
  }

  totals(): Totals {
    const sum = ({ mean, count }: Running): number => Math.round(mean * count);
    return {
      sent: this.#attempts.count,
      delivered: this.#delivered.length,
      confirmed: this.#confirmed.length,
      duplicates: sum(this.#duplicates),
      attempts: sum(this.#attempts),
      latenciesMs: Float64Array.from(this.#delivered).sort(),
      confirmationsMs: Float64Array.from(this.#confirmed).sort(),
      attemptsEach: momentsOf(this.#attempts),
      duplicatesEach: momentsOf(this.#duplicates),
      slotsMs: momentsOf(this.#slots),
    };
  }
}

const merged = (parts: readonly Moments[]): Moments => {
  const all = new Running();
  for (const part of parts) all.merge(part);
  return momentsOf(all);
};

const together = (parts: readonly Float64Array[]): Float64Array => {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
};

/** The totals of parts of one run: what one thread would have counted. */
export const mergeTotals = (parts: readonly Totals[]): Totals => {
  const sum = (of: (part: Totals) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    sent: sum((part) => part.sent),
    delivered: sum((part) => part.delivered),
    confirmed: sum((part) => part.confirmed),
    duplicates: sum((part) => part.duplicates),
    attempts: sum((part) => part.attempts),
    latenciesMs: together(parts.map((part) => part.latenciesMs)),
    confirmationsMs: together(parts.map((part) => part.confirmationsMs)),
    attemptsEach: merged(parts.map((part) => part.attemptsEach)),
    duplicatesEach: merged(parts.map((part) => part.duplicatesEach)),
    slotsMs: merged(parts.map((part) => part.slotsMs)),
  };
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

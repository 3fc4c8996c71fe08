/**
 * What a takeover's stopwatch comes to: the stretches between its five moments, and all takeovers so far together. Pure.
 * The times are of one clock, that of the server that took over; what was not measured is null and is in no sum.
 */
import type { TakeoverCause, TakeoverView } from '../../protocol/index.ts';

/**
 * `noticing`: from the old primary's last sign of life to its loss being noticed; `locking`: until the new one has the
 * lock; `recording`: until the new epoch is on its disk; `answering`: until its first write is acknowledged.
 */
export const phaseNames = ['noticing', 'locking', 'recording', 'answering'] as const;
export type PhaseName = (typeof phaseNames)[number];

export interface Phase {
  readonly name: PhaseName;
  /** How long it took; null when one of its ends was not measured. */
  readonly ms: number | null;
  /** When it began and ended, from the first moment that was measured. */
  readonly from: number | null;
  readonly until: number | null;
}

export interface Timed {
  readonly takeover: TakeoverView;
  readonly phases: readonly Phase[];
  /** From the first moment that was measured to the last. */
  readonly ms: number;
  /** From the last sign of life to the first acknowledged write; null when one of them was not measured. */
  readonly totalMs: number | null;
}

/** The five moments in their order, each no earlier than the one before: one clock, but read with a hair's difference. */
const momentsOf = (takeover: TakeoverView): readonly (number | null)[] => {
  const { lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt } = takeover;
  let latest = Number.NEGATIVE_INFINITY;
  return [lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt].map((at) => {
    if (at === null) return null;
    latest = Math.max(latest, at);
    return latest;
  });
};

export const timedOf = (takeover: TakeoverView): Timed => {
  const moments = momentsOf(takeover);
  const known = moments.filter((at) => at !== null);
  const begin = known[0] ?? 0;
  const phases = phaseNames.map((name, place): Phase => {
    const [from, until] = [moments[place] ?? null, moments[place + 1] ?? null];
    return {
      name,
      ms: from === null || until === null ? null : until - from,
      from: from === null ? null : from - begin,
      until: until === null ? null : until - begin,
    };
  });
  const [first, last] = [moments[0] ?? null, moments.at(-1) ?? null];
  return {
    takeover,
    phases,
    ms: known.length === 0 ? 0 : known.at(-1)! - begin,
    totalMs: first === null || last === null ? null : last - first,
  };
};

/** What one can say of so many takeovers. Below a hundred there is no hundredth: the slowest is what can be said. */
export interface Summary {
  /** How many took over from a primary and were measured from end to end. */
  readonly count: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** The time that 99 of 100 were within; null below a hundred. */
  readonly p99Ms: number | null;
}

/** The value below which `part` of a sorted list lies: the nearest rank, which is a time that was measured. */
const rank = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;

/** Null when there is nothing to say anything of. */
export const summaryOf = (timed: readonly Timed[]): Summary | null => {
  const totals = timed.flatMap(({ totalMs }) => totalMs ?? []).sort((a, b) => a - b);
  if (totals.length === 0) return null;
  const middle = totals.length / 2;
  const median = totals.length % 2 === 1 ? totals[Math.floor(middle)]! : (totals[middle - 1]! + totals[middle]!) / 2;
  return {
    count: totals.length,
    medianMs: median,
    slowestMs: totals.at(-1)!,
    p99Ms: totals.length < 100 ? null : rank(totals, 0.99),
  };
};

/** Causes whose takeovers have a beginning and an end, in the order in which a bar is stacked. */
export const countedCauses = ['died', 'hung', 'handed-over'] as const satisfies readonly TakeoverCause[];

export interface Bin {
  /** From, inclusive; until, exclusive. */
  readonly from: number;
  readonly until: number;
  readonly count: number;
  readonly byCause: Readonly<Record<(typeof countedCauses)[number], number>>;
}

/** 1, 2 or 5 with noughts: the smallest that is not less. */
const round = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((part) => part * power >= value * (1 - 1e-9)) ?? 10) * power;
};

/** Equal bins from 0 to the slowest, of a round width: at most `most` of them. */
export const binsOf = (timed: readonly Timed[], most = 12): readonly Bin[] => {
  const counted = timed.flatMap(({ totalMs, takeover: { cause } }) => {
    const known = countedCauses.find((one) => one === cause);
    return totalMs === null || known === undefined ? [] : [{ totalMs, cause: known }];
  });
  if (counted.length === 0) return [];
  const slowest = Math.max(...counted.map(({ totalMs }) => totalMs));
  // One more than fits would be needed for a value that is exactly an edge.
  const width = round(Math.max(1, slowest) / (most - 1));
  return Array.from({ length: Math.floor(slowest / width) + 1 }, (_, place) => {
    const [from, until] = [place * width, (place + 1) * width];
    const here = counted.filter(({ totalMs }) => totalMs >= from && totalMs < until);
    const of = (cause: TakeoverCause): number => here.filter((one) => one.cause === cause).length;
    return {
      from,
      until,
      count: here.length,
      byCause: { died: of('died'), hung: of('hung'), 'handed-over': of('handed-over') },
    };
  });
};

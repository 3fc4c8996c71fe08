/**
 * Holds a run against theory, its own or a planted one, and says why the verdict is what it is. Each row has a verdict of
 * its own; the run's verdict is of all rows together, with intervals widened for their number, so that a run of twelve
 * right rows is called wrong no more often than a run of two. Pure.
 */
import {
  type Expected,
  expected,
  expectedRate,
  type Judged,
  type Judgement,
  judgeAgain,
  type LabSettings,
  mostWithoutFailure,
  type Quantity,
  type Verdict,
} from '../../lab/index.ts';
import type { LabFailoverView, LabRow, LabThreadsView } from '../../protocol/index.ts';
import type { Planted } from './experiment-link.ts';
import type { Report } from './report.ts';

/** Why: a code, which the page has a sentence for, and what the sentence names. */
export type Reason =
  | { readonly code: 'inside'; readonly quantities: number }
  /** Some rows alone would be called wrong; among so many that is to be expected. */
  | { readonly code: 'strays'; readonly strays: number; readonly rows: number }
  | { readonly code: 'outside' | 'wide'; readonly row: LabRow; readonly judged: Judged }
  | { readonly code: 'no-rows' }
  | { readonly code: 'race-seen'; readonly lost: number; readonly threads: number }
  | { readonly code: 'race-unseen' }
  | { readonly code: 'atomic-lost'; readonly lost: number }
  | { readonly code: 'promise-kept'; readonly acknowledged: number; readonly most: number }
  | { readonly code: 'promise-broken'; readonly lost: number }
  | { readonly code: 'no-kill' };

export interface Assessment {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/** A row, judged alone. */
export interface AssessedRow {
  readonly row: LabRow;
  readonly judgement: Judgement;
  readonly theory: LabRow['theory'];
}

const settingsOf = (row: LabRow, planted: Planted): LabSettings => ({
  ...row.settings,
  deduplicate: true,
  ...(planted === null ? {} : { loss: planted }),
});

/** What theory expects of a row, were the loss the planted one. */
export const theoryOf = (row: LabRow, planted: Planted): LabRow['theory'] => {
  if (planted === null) return row.theory;
  const settings = settingsOf(row, planted);
  const { delivered, confirmed, attempts, duplicates, latencyMs } = expected(row.method, settings);
  const { throughput } = row;
  const rate = throughput && { throughput: expectedRate(row.method, settings, throughput.offeredPerSecond) };
  return { delivered, confirmed, attempts, duplicates, latencyMs, ...rate };
};

/** The planted theory as a whole, with its spreads; null when none is planted. */
const plantedOf = (row: LabRow, planted: Planted): Expected | null =>
  planted === null ? null : expected(row.method, settingsOf(row, planted));

const expectationOf = (theory: LabRow['theory'], quantity: Quantity): number | null => {
  if (quantity === 'latency') return theory.latencyMs;
  return quantity === 'throughput' ? (theory.throughput?.sentPerSecond ?? null) : theory[quantity];
};

/** Each row as it is judged alone. */
export const assessRows = (rows: readonly LabRow[], planted: Planted): readonly AssessedRow[] =>
  rows.map((row) => {
    const theory = theoryOf(row, planted);
    return {
      row,
      theory,
      judgement: judgeAgain(row, (quantity) => expectationOf(theory, quantity), 1, plantedOf(row, planted)),
    };
  });

/** How far outside its interval theory lies, in widths of the interval. */
const distance = ({ interval, theory }: Judged): number => {
  if (interval === null || theory === null) return Number.POSITIVE_INFINITY;
  const beside = Math.max(interval.low - theory, theory - interval.high);
  return beside / Math.max(Number.EPSILON, interval.high - interval.low);
};

/** The verdict on all rows together. */
export const assessLinks = (rows: readonly LabRow[], planted: Planted): Assessment => {
  if (rows.length === 0) return { verdict: 'too-few', reason: { code: 'no-rows' } };
  const judged = rows.flatMap((row) => {
    const theory = theoryOf(row, planted);
    const together = judgeAgain(
      row,
      (quantity) => expectationOf(theory, quantity),
      rows.length,
      plantedOf(row, planted),
    );
    return together.quantities.map((one) => ({ row, judged: one }));
  });
  const [worst] = judged
    .filter((one) => one.judged.verdict === 'not-consistent')
    .sort((one, other) => distance(other.judged) - distance(one.judged));
  if (worst !== undefined) return { verdict: 'not-consistent', reason: { code: 'outside', ...worst } };
  const wide = judged.find((one) => one.judged.verdict === 'too-few');
  if (wide !== undefined) return { verdict: 'too-few', reason: { code: 'wide', ...wide } };
  const strays = assessRows(rows, planted).filter(({ judgement }) => judgement.verdict === 'not-consistent').length;
  if (strays > 0) return { verdict: 'consistent', reason: { code: 'strays', strays, rows: rows.length } };
  return { verdict: 'consistent', reason: { code: 'inside', quantities: judged.length } };
};

/** Experiment 5: with atomic operations nothing may be lost; without them something is, if they met at all. */
export const assessThreads = ({ rows }: Pick<LabThreadsView, 'rows'>): Assessment => {
  const lost = (atomic: boolean): number =>
    rows.filter((row) => row.atomic === atomic).reduce((sum, row) => sum + row.lostUpdates, 0);
  if (rows.length === 0) return { verdict: 'too-few', reason: { code: 'no-rows' } };
  if (lost(true) !== 0) return { verdict: 'not-consistent', reason: { code: 'atomic-lost', lost: lost(true) } };
  const racing = rows.filter((row) => !row.atomic && row.threads > 1 && row.lostUpdates > 0).at(-1);
  if (racing === undefined) return { verdict: 'too-few', reason: { code: 'race-unseen' } };
  const { lostUpdates, threads } = racing;
  return { verdict: 'consistent', reason: { code: 'race-seen', lost: lostUpdates, threads } };
};

/**
 * Experiment 6: nothing acknowledged may be lost, and nothing may take effect twice. That a message stands in the log
 * twice is no fault: it was sent again under its id, and the second one is applied without effect.
 */
export const assessFailover = ({ killed, pubsub }: Pick<LabFailoverView, 'killed' | 'pubsub'>): Assessment => {
  const { lost, doubled, delivered } = pubsub;
  const broken = lost + doubled;
  if (broken > 0) return { verdict: 'not-consistent', reason: { code: 'promise-broken', lost: broken } };
  if (killed === null || delivered === 0) return { verdict: 'too-few', reason: { code: 'no-kill' } };
  const most = mostWithoutFailure(delivered);
  return { verdict: 'consistent', reason: { code: 'promise-kept', acknowledged: delivered, most } };
};

/** The verdict on a run, and its reason. */
export const assess = (report: Report): Assessment => {
  if (report.kind === 'threads') return assessThreads(report.result);
  if (report.kind === 'failover') return assessFailover(report.result);
  return assessLinks(report.result.rows, report.planted);
};

/** A row of a batch as the API gives it: the row that the command line prints, with intervals and histograms. */
import type { LabRow } from '../protocol/index.ts';
import { type Played, playedOf, type Variant } from './experiments.ts';
import { histogramOf } from './histogram.ts';
import { mergeTotals, type Totals } from './tally.ts';

const viewOf = ({ row, totals, judgement }: Played): LabRow => ({
  ...row,
  judged: [...judgement.quantities],
  latencies: viewOfTimes(totals.latenciesMs),
  confirmations: viewOfTimes(totals.confirmationsMs),
});

const viewOfTimes = (sorted: Float64Array): LabRow['latencies'] => {
  const { counts, ...rest } = histogramOf(sorted);
  return { ...rest, counts: [...counts] };
};

/** The row of a variant whose messages have been played in parts, given in their order. */
export const rowOfParts = (experiment: number, variant: Variant, seed: number, parts: readonly Totals[]): LabRow =>
  viewOf(playedOf(experiment, variant, seed, mergeTotals(parts)));

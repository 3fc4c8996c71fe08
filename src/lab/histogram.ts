/** How many took how long, in steps of a round length that are the same wherever the same run is played. */
import { quantile } from './statistics.ts';

export interface Histogram {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly counts: readonly number[];
  /** Above the last step. */
  readonly beyond: number;
}

const stepsMost = 40;
/** Of the times, what at least is to be inside the steps; a few that took long would make all others one step. */
const shareInside = 0.99;

/** The smallest of 1, 2 and 5 times a power of ten that is not below `least`. */
const roundStep = (least: number): number => {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
};

/** `sorted` ascends, in ms. A time on the border of two steps belongs to the later. Of no times there are no steps. */
export const histogramOf = (sorted: Float64Array): Histogram => {
  const inside = quantile(sorted, shareInside);
  const first = sorted[0];
  if (inside === null || first === undefined) return { fromMs: 0, stepMs: 1, counts: [], beyond: 0 };
  const stepMs = inside === first ? 1 : roundStep((inside - first) / (stepsMost - 1));
  const fromMs = Math.floor(first / stepMs) * stepMs;
  const counts = new Array<number>(Math.floor((inside - fromMs) / stepMs) + 1).fill(0);
  let beyond = 0;
  for (const time of sorted) {
    const step = Math.floor((time - fromMs) / stepMs);
    if (step < counts.length) counts[step]!++;
    else beyond++;
  }
  return { fromMs, stepMs, counts, beyond };
};

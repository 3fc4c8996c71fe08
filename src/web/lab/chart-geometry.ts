/**
 * Where things lie on a live chart, without drawing them. Time runs to the right at a fixed pace, so that a new point
 * moves nothing against the others: the picture only slides. Pure.
 */

/** One sample of one series: what was measured in the interval that ends at `at`, and what was expected of it. */
export interface ChartPoint {
  /** Milliseconds since 1970, on the servers' clock. */
  readonly at: number;
  /** Null when there was nothing to measure. */
  readonly value: number | null;
  /** What theory expects; null when it expects nothing. */
  readonly theory: number | null;
  /** Where 95 of 100 samples of this size should lie; null when that cannot be said. */
  readonly low: number | null;
  readonly high: number | null;
}

/** How a series looks: the two methods, and what belongs to neither. */
export type ChartLook = 'direct' | 'pubsub' | 'plain';

export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly look: ChartLook;
  /** In the order of time. */
  readonly points: readonly ChartPoint[];
}

/** A moment at which something changed, such as the settings. */
export interface ChartBreak {
  readonly at: number;
  readonly label: string;
}

/** How a picture lies: `x` gives the place of a time in it, `shift` how far what is drawn comes from the right to get there. */
export interface Slide {
  readonly x: (at: number) => number;
  readonly shift: number;
}

/** Free space beside the newest and the oldest point, so that their marks are whole. */
const edgePx = 6;

/**
 * The place of everything in a picture that shows `points` samples, `everyMs` apart, the newest of them at its right end.
 *
 * @param before the newest sample of the picture so far; null when there is none to slide away from
 */
export const slideOf = (
  newest: number,
  before: number | null,
  width: number,
  points: number,
  everyMs: number,
): Slide => {
  const perMs = Math.max(0, width - 2 * edgePx) / (Math.max(1, points - 1) * everyMs);
  const x = (at: number): number => width - edgePx - (newest - at) * perMs;
  return { x, shift: before === null ? 0 : (newest - before) * perMs };
};

/** Round numbers for the top of an axis: 1, 2 or 5 with noughts. */
const roundUp = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value));
  const part = value / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
};

/** All values that a picture has to have room for. */
const valuesOf = (series: readonly ChartSeries[]): number[] =>
  series.flatMap(({ points }) =>
    points.flatMap(({ value, theory, high }) => [value, theory, high].filter((one) => one !== null)),
  );

/**
 * The top of an axis that begins at 0. It grows at once, and shrinks only when what is shown would fit into less than
 * half of it: an axis that breathes with each sample cannot be read.
 *
 * @param before the top so far, or null
 * @param least the axis never ends below
 */
export const topOf = (series: readonly ChartSeries[], before: number | null, least: number): number => {
  const most = Math.max(least, ...valuesOf(series));
  const needed = roundUp(most);
  if (before === null || needed > before) return needed;
  return most * 2 < before ? needed : before;
};

/** Where lines are drawn across a picture whose axis ends at `top`: 0, the top and what is even between. */
export const ticksOf = (top: number, height: number): readonly number[] => {
  const leading = top / 10 ** Math.floor(Math.log10(top) + 1e-9);
  // 5 is cut into five or not at all; 1 and 2 into halves.
  const parts = height < 70 ? 1 : Math.round(leading) === 5 ? 5 : height < 110 ? 2 : 4;
  return Array.from({ length: parts + 1 }, (_, n) => (top * n) / parts);
};

/** What a series comes to over what is shown. */
export interface SeriesDigest {
  readonly newest: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly theory: number | null;
  /** Samples with a value. */
  readonly count: number;
}

/** The newest value is the last that was measured; what it comes to in words is said elsewhere. */
export const digestOf = ({ points }: ChartSeries): SeriesDigest => {
  const values = points.map(({ value }) => value).filter((value) => value !== null);
  return {
    newest: values.at(-1) ?? null,
    least: values.length === 0 ? null : Math.min(...values),
    most: values.length === 0 ? null : Math.max(...values),
    theory: points.at(-1)?.theory ?? null,
    count: values.length,
  };
};

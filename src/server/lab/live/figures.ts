/** Figures as they travel: a value, of how many, what theory says, and where it says that such figures lie. */
import type { Interval } from '../../../lab/index.ts';
import type { LabFigure, LabRange } from '../../../protocol/index.ts';

/** More digits than this would only be sent: micrometres of a millisecond, millionths of a share. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

export const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));

export const rangeOf = (interval: Interval | null): LabRange | null =>
  interval && { low: rounded(interval.low), high: rounded(interval.high) };

/** `band` is asked for only when there is something that it is of. */
export const figure = (
  value: number | null,
  count: number,
  theory: number | null = null,
  band: (count: number) => Interval | null = () => null,
): LabFigure => ({
  value: roundedOrNull(value),
  count,
  theory: roundedOrNull(theory),
  band: count === 0 || theory === null ? null : rangeOf(band(count)),
});

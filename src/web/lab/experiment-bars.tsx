/** Bars that lie side by side, each with its interval as a whisker and theory as a mark: shares, rates, counts. */
import { scaleLinear } from 'd3-scale';
import { useId } from 'react';
import type { Interval } from '../../lab/index.ts';
import type { ChartLook } from './chart-geometry.ts';

export interface Bar {
  readonly id: string;
  readonly name: string;
  readonly look: ChartLook;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly theory: number | null;
  /** Written beside its name. */
  readonly text: string;
}

const rowHeight = 54;
const axisHeight = 24;
/** Room for half of what is written under the ends of the axis. */
const edge = 14;
const barHeight = 14;

export const barsHeight = (bars: readonly Bar[]): number => bars.length * rowHeight + axisHeight;

/** The end of an axis that has room for everything. */
export const barsEnd = (bars: readonly Bar[], least = 0): number =>
  Math.max(
    least,
    ...bars.flatMap(({ value, interval, theory }) =>
      [value, interval?.high, theory].filter((one): one is number => typeof one === 'number'),
    ),
  );

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly width: number;
  /** The end of the axis; it begins at 0. */
  readonly end: number;
  readonly format: (value: number) => string;
}

export const Bars = ({ bars, width, end, format }: BarsProps) => {
  const hatch = useId();
  const x = scaleLinear([0, end === 0 ? 1 : end], [edge, width - edge - 6]);
  const ticks = x.ticks(width < 420 ? 4 : 6);
  const bottom = bars.length * rowHeight;
  return (
    <>
      <defs>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="plot-hatch-paper" width="6" height="6" />
          <rect className="plot-hatch" width="3" height="6" />
        </pattern>
      </defs>
      {ticks.map((tick) => (
        <g key={tick} transform={`translate(${x(tick)},0)`}>
          <line className="chart-grid" y1={4} y2={bottom} data-base={tick === 0 ? '' : undefined} />
          <text className="plot-tick" y={bottom + 16} textAnchor="middle">
            {format(tick)}
          </text>
        </g>
      ))}
      {bars.map((bar, at) => {
        const top = at * rowHeight;
        const middle = top + 24 + barHeight / 2;
        return (
          <g key={bar.id} className={`chart-${bar.look}`}>
            <text className="plot-name" x={edge} y={top + 17}>
              {bar.name}
              <tspan className="plot-value" dx={8}>
                {bar.text}
              </tspan>
            </text>
            {bar.value === null ? null : (
              <rect
                className={bar.look === 'direct' ? 'plot-bar plot-bar-hatched' : 'plot-bar'}
                style={bar.look === 'direct' ? { fill: `url(#${CSS.escape(hatch)})` } : undefined}
                x={x(0)}
                y={top + 24}
                width={Math.max(0, x(bar.value) - x(0))}
                height={barHeight}
              />
            )}
            {bar.interval === null ? null : (
              <path
                className="plot-whisker"
                d={`M${x(bar.interval.low)} ${middle}H${x(Math.min(end, bar.interval.high))}M${x(bar.interval.low)} ${middle - 5}v10M${x(Math.min(end, bar.interval.high))} ${middle - 5}v10`}
              />
            )}
            {bar.theory === null ? null : (
              <path
                className="plot-theory"
                d={`M${x(bar.theory)} ${top + 21}V${top + 42}M${x(bar.theory)} ${top + 41}l-4 6h8z`}
              />
            )}
          </g>
        );
      })}
    </>
  );
};

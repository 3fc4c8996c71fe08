/** How many took how long, by method: two outlines over one axis, and where theory has its means. */
import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter } from 'd3-shape';
import type { LabHistogramView } from '../../protocol/index.ts';
import type { ChartLook } from './chart-geometry.ts';

export interface Distribution {
  readonly id: string;
  readonly look: ChartLook;
  readonly histogram: LabHistogramView;
  readonly theoryMean: number | null;
}

const margin = { left: 46, right: 12, top: 20, bottom: 34 } as const;

/** Of a step of so many ms, the share of all that are in it. */
interface Step {
  readonly at: number;
  readonly share: number;
}

/** The steps of a histogram, as shares of all that it counts, each of `stepMs`; it ends with a step of none. */
export const stepsOf = ({ fromMs, stepMs, counts, beyond }: LabHistogramView, perMs: number): readonly Step[] => {
  const all = counts.reduce((sum, count) => sum + count, beyond);
  if (all === 0) return [];
  // Finer steps are put together, where that comes out even: two outlines are compared more easily with the same ones.
  const each = Number.isInteger(perMs / stepMs) ? perMs / stepMs : 1;
  const width = each * stepMs;
  const used = Math.ceil((counts.findLastIndex((count) => count > 0) + 1) / each);
  const steps = Array.from({ length: used }, (_, at) => {
    const count = counts.slice(at * each, (at + 1) * each).reduce((sum, one) => sum + one, 0);
    return { at: fromMs + at * width, share: (count / all) * (perMs / width) };
  });
  return [...steps, { at: fromMs + used * width, share: 0 }];
};

interface LatenciesProps {
  readonly distributions: readonly Distribution[];
  readonly width: number;
  readonly height: number;
  /** The step that shares are of, ms. */
  readonly perMs: number;
  readonly share: (value: number) => string;
  readonly axis: string;
}

export const Latencies = ({ distributions, width, height, perMs, share, axis }: LatenciesProps) => {
  const drawn = distributions.map((one) => ({ ...one, steps: stepsOf(one.histogram, perMs) }));
  const end = Math.max(1, ...drawn.flatMap(({ steps, theoryMean }) => [steps.at(-1)?.at ?? 0, theoryMean ?? 0]));
  const top = Math.max(0.01, ...drawn.flatMap(({ steps }) => steps.map((step) => step.share)));
  const x = scaleLinear([0, end], [margin.left, width - margin.right]);
  const y = scaleLinear([0, top], [height - margin.bottom, margin.top]).nice(4);
  const base = height - margin.bottom;
  const outline = area<Step>()
    .curve(curveStepAfter)
    .x(({ at }) => x(at))
    .y0(base)
    .y1((step) => y(step.share));
  return (
    <>
      {y.ticks(4).map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
          <text className="plot-tick" x={margin.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
            {share(tick)}
          </text>
        </g>
      ))}
      {x.ticks(width < 420 ? 4 : 8).map((tick) => (
        <text key={tick} className="plot-tick" x={x(tick)} y={base + 14} textAnchor="middle">
          {tick}
        </text>
      ))}
      <text className="plot-tick" x={width - margin.right} y={base + 29} textAnchor="end">
        {axis}
      </text>
      {drawn.map(({ id, look, steps, theoryMean }) => (
        <g key={id} className={`chart-${look}`}>
          <path className="plot-area" d={outline(steps) ?? ''} />
          <path className="chart-line plot-outline" d={outline.lineY1()(steps) ?? ''} />
          {theoryMean === null ? null : (
            <path
              className="plot-theory"
              d={`M${x(theoryMean)} ${base}V${margin.top - 6}M${x(theoryMean)} ${margin.top - 5}l-4 -6h8z`}
            />
          )}
        </g>
      ))}
    </>
  );
};

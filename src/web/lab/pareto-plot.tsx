/** Choices by what they cost and what they bring, and the front of those that no other beats. */
import { scaleLinear } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { paretoFront } from './pareto-front.ts';

export interface ParetoPoint {
  readonly id: string;
  readonly cost: number;
  readonly gain: number;
  readonly name: string;
}

interface ParetoPlotProps {
  readonly points: readonly ParetoPoint[];
  readonly width: number;
  readonly height: number;
  readonly costName: string;
  readonly gainName: string;
  readonly gainText: (gain: number) => string;
}

const margin = { left: 52, right: 22, top: 24, bottom: 38 } as const;
/** Names nearer than this would lie over one another: one stands for all, with their number. */
const nearPx = 16;

interface Placed extends ParetoPoint {
  readonly x: number;
  readonly y: number;
}

/** Names to write: of points that lie together only the first is written, and how many more there are. */
const namesOf = (points: readonly Placed[]): { readonly point: Placed; readonly more: number }[] => {
  const groups: { point: Placed; more: number }[] = [];
  for (const point of points) {
    const near = groups.find((one) => Math.hypot(one.point.x - point.x, one.point.y - point.y) < nearPx);
    if (near === undefined) groups.push({ point, more: 0 });
    else near.more++;
  }
  return groups;
};

export const ParetoPlot = ({ points, width, height, costName, gainName, gainText }: ParetoPlotProps) => {
  const front = paretoFront(points);
  const most = Math.max(1, ...points.map(({ cost }) => cost));
  const least = Math.min(1, ...points.map(({ gain }) => gain));
  const x = scaleLinear([0, most], [margin.left, width - margin.right]).nice(5);
  const y = scaleLinear([Math.max(0, least - (1 - least) * 0.1), 1], [height - margin.bottom, margin.top]);
  const base = height - margin.bottom;
  const placed = points.map((point) => ({ ...point, x: x(point.cost), y: y(point.gain) }));
  const best = front.flatMap((id) => placed.find((point) => point.id === id) ?? []);
  const step = line<Placed>()
    .curve(curveStepAfter)
    .x((point) => point.x)
    .y((point) => point.y);
  return (
    <>
      {y.ticks(5).map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
          <text className="plot-tick" x={margin.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
            {gainText(tick)}
          </text>
        </g>
      ))}
      {x.ticks(width < 420 ? 4 : 7).map((tick) => (
        <text key={tick} className="plot-tick" x={x(tick)} y={base + 15} textAnchor="middle">
          {tick}
        </text>
      ))}
      <text className="plot-tick" x={2} y={12}>
        {gainName}
      </text>
      <text className="plot-tick" x={width - margin.right} y={base + 31} textAnchor="end">
        {costName}
      </text>
      <g className="chart-pubsub">
        <path className="chart-line pareto-front" d={step(best) ?? ''} />
        {placed.map((point) => (
          <rect
            key={point.id}
            className={front.includes(point.id) ? 'pareto-best' : 'pareto-beaten'}
            x={point.x - 5}
            y={point.y - 5}
            width={10}
            height={10}
          >
            <title>{point.name}</title>
          </rect>
        ))}
      </g>
      {namesOf(best).map(({ point, more }) => {
        // To the left of a point of the front there is none: no other is as quick and as good.
        const isRight = point.x > margin.left + 100;
        return (
          <text
            key={point.id}
            className="plot-name"
            x={point.x + (isRight ? -10 : 9)}
            y={point.y + (isRight ? 4 : 16)}
            textAnchor={isRight ? 'end' : 'start'}
          >
            {more > 0 ? `${point.name} +${more}` : point.name}
          </text>
        );
      })}
    </>
  );
};

/** How many times faster more threads are, with and without atomic counting, beside what would be ideal and the fits. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { LabThreadsView } from '../../protocol/index.ts';
import { amdahlCurve } from './threads-fit.ts';

interface ThreadsPlotProps {
  readonly view: LabThreadsView;
  readonly width: number;
  readonly height: number;
  readonly idealName: string;
  readonly coresName: string;
  readonly threadsName: string;
  readonly text: (value: number) => string;
}

const margin = { left: 40, right: 16, top: 22, bottom: 36 } as const;

export const ThreadsPlot = ({ view, width, height, idealName, coresName, threadsName, text }: ThreadsPlotProps) => {
  const most = Math.max(1, ...view.rows.map(({ threads }) => threads));
  const top = Math.max(2, most, ...view.rows.map(({ speedUp }) => speedUp));
  const x = scaleLinear([1, Math.max(2, most)], [margin.left + 12, width - margin.right - 12]);
  const y = scaleLinear([0, top], [height - margin.bottom, margin.top]);
  const base = height - margin.bottom;
  const path = line<readonly [number, number]>()
    .x(([threads]) => x(threads))
    .y(([, speedUp]) => y(speedUp));
  const ideal = path([
    [1, 1],
    [most, most],
  ]);
  return (
    <>
      {y.ticks(5).map((tick) => (
        <g key={tick}>
          <line
            className="chart-grid"
            data-base={tick === 0 ? '' : undefined}
            x1={margin.left}
            x2={width - margin.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text className="plot-tick" x={margin.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
      {Array.from({ length: most }, (_, at) => at + 1).map((threads) => (
        <text key={threads} className="plot-tick" x={x(threads)} y={base + 15} textAnchor="middle">
          {threads}
        </text>
      ))}
      <text className="plot-tick" x={width - margin.right} y={base + 30} textAnchor="end">
        {threadsName}
      </text>
      {view.cores > 1 && view.cores < most ? (
        <g className="plot-border">
          <line x1={x(view.cores)} x2={x(view.cores)} y1={margin.top - 6} y2={base} />
          <text className="plot-tick" x={x(view.cores) + 5} y={margin.top}>
            {coresName}
          </text>
        </g>
      ) : null}
      {most > 1 ? (
        <g>
          <path className="plot-ideal" d={ideal ?? ''} />
          <text className="plot-tick" x={x(most) - 8} y={y(most) + 4} textAnchor="end">
            {idealName}
          </text>
        </g>
      ) : null}
      {[false, true].map((atomic) => {
        const rows = view.rows.filter((row) => row.atomic === atomic);
        const fit = view.fits.find((one) => one.atomic === atomic);
        const look = atomic ? 'pubsub' : 'direct';
        return (
          <g key={look} className={`chart-${look}`}>
            {fit === undefined || most === 1 ? null : (
              <path className="chart-theory" d={path(amdahlCurve(fit.serialShare, most)) ?? ''} />
            )}
            <path
              className="chart-line"
              d={path(rows.map(({ threads, speedUp }) => [threads, speedUp] as const)) ?? ''}
            />
            {rows.map(({ threads, speedUp }) =>
              atomic ? (
                <rect
                  key={threads}
                  className="chart-dot"
                  x={x(threads) - 4.5}
                  y={y(speedUp) - 4.5}
                  width={9}
                  height={9}
                />
              ) : (
                <circle key={threads} className="chart-dot" cx={x(threads)} cy={y(speedUp)} r={5} />
              ),
            )}
          </g>
        );
      })}
    </>
  );
};

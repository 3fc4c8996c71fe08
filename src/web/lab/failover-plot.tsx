/** Deliveries by tenths of a second, one method above the other, and the moment at which the primary was killed. */
import { scaleLinear } from 'd3-scale';
import type { LabFailoverView } from '../../protocol/index.ts';
import { killAt, tenthMs } from './failover-tenths.ts';

interface FailoverPlotProps {
  readonly view: LabFailoverView;
  readonly width: number;
  readonly names: { readonly direct: string; readonly pubsub: string };
  readonly killName: string;
  readonly axis: string;
}

const margin = { left: 34, right: 10, top: 20 } as const;
const panelHeight = 96;
const gap = 26;
const axisHeight = 34;
export const failoverPlotHeight = margin.top + 2 * panelHeight + gap + axisHeight;

export const FailoverPlot = ({ view, width, names, killName, axis }: FailoverPlotProps) => {
  const tenths = Math.max(1, view.directByTenth.length, view.pubsubByTenth.length);
  const top = Math.max(1, ...view.directByTenth, ...view.pubsubByTenth);
  const x = scaleLinear([0, tenths], [margin.left, width - margin.right]);
  const each = (width - margin.left - margin.right) / tenths;
  const kill = killAt(view);
  const bottom = margin.top + 2 * panelHeight + gap;
  return (
    <>
      {(['direct', 'pubsub'] as const).map((method, panel) => {
        const from = margin.top + panel * (panelHeight + gap);
        const y = scaleLinear([0, top], [panelHeight, 0]);
        const counts = method === 'direct' ? view.directByTenth : view.pubsubByTenth;
        return (
          <g key={method} className={`chart-${method}`} transform={`translate(0,${from})`}>
            <text className="plot-name" x={margin.left} y={-6}>
              {names[method]}
            </text>
            {[0, top].map((tick) => (
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
                  {tick}
                </text>
              </g>
            ))}
            {counts
              .map((count, tenth) => ({ count, tenth }))
              .filter(({ count }) => count > 0)
              .map(({ count, tenth }) => (
                <rect
                  key={tenth}
                  className="plot-bar"
                  x={x(tenth)}
                  y={y(count)}
                  width={Math.max(0.5, each - (each > 3 ? 1 : 0))}
                  height={panelHeight - y(count)}
                />
              ))}
          </g>
        );
      })}
      {kill === null ? null : (
        <g className="plot-kill">
          <line x1={x(kill / tenthMs)} x2={x(kill / tenthMs)} y1={margin.top - 6} y2={bottom} />
          <text
            className="plot-name"
            x={x(kill / tenthMs) + (kill / tenthMs > tenths / 2 ? -6 : 6)}
            y={margin.top - 6}
            textAnchor={kill / tenthMs > tenths / 2 ? 'end' : 'start'}
          >
            {killName}
          </text>
        </g>
      )}
      {x.ticks(width < 420 ? 5 : 10).map((tick) =>
        tick % 10 === 0 ? (
          <text key={tick} className="plot-tick" x={x(tick)} y={bottom + 15} textAnchor="middle">
            {tick / 10}
          </text>
        ) : null,
      )}
      <text className="plot-tick" x={width - margin.right} y={bottom + 30} textAnchor="end">
        {axis}
      </text>
    </>
  );
};

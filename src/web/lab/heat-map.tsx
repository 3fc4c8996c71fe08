/** A grid of figures, coloured from little to much. Each cell has its figure written in it, so no colour has to be told. */
import type { Grid } from './heat-grid.ts';

export interface HeatCell {
  /** 0 to 1, from little to much of what is measured; null: nothing was measured here. */
  readonly heat: number | null;
  readonly text: string;
  readonly below: string;
  /** Not consistent with theory: marked by its outline. */
  readonly marked: boolean;
}

interface HeatMapProps {
  readonly grid: Grid<HeatCell>;
  readonly width: number;
  readonly downName: string;
  readonly acrossName: string;
  readonly downText: (key: string) => string;
  readonly acrossText: (key: string) => string;
}

const left = 58;
const top = 42;
const rowHeight = 48;

export const heatMapHeight = (rows: number): number => top + rows * rowHeight + 4;

/** How strong a cell's colour is, 0 to 1: the paper shines through the weakest. */
const strength = (heat: number): number => 0.06 + 0.94 * heat;

export const HeatMap = ({ grid, width, downName, acrossName, downText, acrossText }: HeatMapProps) => {
  const cell = Math.max(1, width - left - 2) / Math.max(1, grid.across.length);
  return (
    <>
      <text className="plot-tick" x={left + (width - left) / 2} y={12} textAnchor="middle">
        {acrossName}
      </text>
      <text className="plot-tick" x={2} y={top - 10}>
        {downName}
      </text>
      {grid.across.map((stop, at) => (
        <text key={stop.key} className="plot-name" x={left + (at + 0.5) * cell} y={top - 10} textAnchor="middle">
          {acrossText(stop.key)}
        </text>
      ))}
      {grid.down.map((stop, row) => (
        <g key={stop.key} transform={`translate(0,${top + row * rowHeight})`}>
          <text className="plot-name" x={left - 10} y={rowHeight / 2} dy="0.32em" textAnchor="end">
            {downText(stop.key)}
          </text>
          {grid.cells[row]?.map((one, at) => {
            const key = grid.across[at]!.key;
            const middle = left + (at + 0.5) * cell;
            return one === null ? (
              <rect
                key={key}
                className="heat-none"
                x={left + at * cell + 1}
                y={1}
                width={cell - 2}
                height={rowHeight - 2}
              />
            ) : (
              <g key={key}>
                <rect
                  className="heat-fill"
                  x={left + at * cell + 1}
                  y={1}
                  width={cell - 2}
                  height={rowHeight - 2}
                  style={{ fillOpacity: one.heat === null ? 0 : strength(one.heat) }}
                />
                <text className="heat-text" x={middle} y={21} textAnchor="middle">
                  {one.text}
                </text>
                <text className="heat-below" x={middle} y={36} textAnchor="middle">
                  {one.below}
                </text>
                {one.marked ? (
                  <rect className="heat-mark" x={left + at * cell + 3} y={3} width={cell - 6} height={rowHeight - 6} />
                ) : null}
              </g>
            );
          })}
        </g>
      ))}
    </>
  );
};

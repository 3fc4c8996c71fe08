import type { ChartLook } from './chart-geometry.ts';

const shapes = {
  direct: <circle cx="13" cy="6" r="3.4" />,
  pubsub: <rect x="9.800" y="2.800" width="6.400" height="6.400" />,
  plain: <path d="M13 2L17 6L13 10L9 6z" />,
} as const;

/** A series as its line is drawn: colour, dash and shape. Decoration: its name always stands beside it. */
export const ChartMark = ({ look }: { readonly look: ChartLook }) => (
  <svg className={`chart-mark chart-${look}`} width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">
    <path className="chart-line" d="M0 6H26" />
    <g className="chart-dot">{shapes[look]}</g>
  </svg>
);

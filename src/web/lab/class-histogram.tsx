/** What the class predicted, and what came out: two rows of twenty steps, told after the run only. */
import { useTranslation } from 'react-i18next';
import type { LabHistogram, LabMethod, LabRun } from '../../protocol/index.ts';
import { ChartFrame } from './chart-frame.tsx';
import { useFormats } from './formats.ts';

const methods = ['direct', 'pubsub'] as const satisfies readonly LabMethod[];
const width = 480;
const rowHeight = 84;
const left = 8;
const labelled = 22;

interface HistogramProps {
  readonly histogram: LabHistogram;
  /** The run whose result was predicted, once there is one. */
  readonly run: LabRun | null;
}

const barOf = (count: number, most: number): number => (most === 0 ? 0 : (count / most) * (rowHeight - 34));

const Row = ({
  method,
  counts,
  result,
}: {
  readonly method: LabMethod;
  readonly counts: readonly number[];
  readonly result: number | null;
}) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const most = Math.max(...counts);
  const step = (width - 2 * left) / counts.length;
  const base = rowHeight - 4;
  const x = left + (result ?? 0) * (width - 2 * left);
  const flip = (result ?? 0) > 0.6;
  return (
    <g className={`chart-${method}`}>
      <text className="histogram-name" x={left} y={12}>
        {t(`methods.${method}`)}
      </text>
      <line className="chart-grid" data-base="" x1={left} x2={width - left} y1={base} y2={base} />
      {counts.map((count, n) => {
        const height = barOf(count, most);
        const place = left + n * step;
        return (
          <rect
            key={place}
            className="histogram-bar"
            x={place + 1.5}
            y={base - height}
            width={step - 3}
            height={height}
            rx={2}
          />
        );
      })}
      {result === null ? null : (
        <g className="histogram-result">
          <line x1={x} x2={x} y1={16} y2={base} />
          <text x={flip ? x - 5 : x + 5} y={26} textAnchor={flip ? 'end' : 'start'}>
            {t('class.measured', { share: formats.share(result) })}
          </text>
        </g>
      )}
    </g>
  );
};

export const ClassHistogram = ({ histogram, run }: HistogramProps) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const steps = histogram.direct.length;
  const height = 2 * rowHeight + labelled;
  const results = methods.map((method) => run?.results?.[method].deliveryShare.value ?? null);
  const total = (method: LabMethod): number => histogram[method].reduce((sum, count) => sum + count, 0);
  const summary = methods
    .map((method, n) => {
      const mean =
        histogram[method].reduce((sum, count, at) => sum + count * ((at + 0.5) / steps), 0) /
        Math.max(1, total(method));
      return t('class.histogramTold', {
        name: t(`methods.${method}`),
        count: total(method),
        mean: formats.share(mean),
        measured: formats.share(results[n] ?? null),
      });
    })
    .join(' ');
  const table = {
    columns: [t('class.step'), ...methods.map((method) => t(`methods.${method}`))],
    rows: histogram.direct.map((count, n) => [
      `${formats.share(n / steps)} – ${formats.share((n + 1) / steps)}`,
      formats.count(count),
      formats.count(histogram.pubsub[n] ?? 0),
    ]),
  };
  return (
    <ChartFrame title={t('class.histogram')} about={t('class.histogramAbout')} table={table}>
      <svg className="histogram" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary}>
        {methods.map((method, n) => (
          <g key={method} transform={`translate(0,${n * rowHeight})`}>
            <Row method={method} counts={histogram[method]} result={results[n] ?? null} />
          </g>
        ))}
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <text
            key={share}
            className="histogram-tick"
            x={left + share * (width - 2 * left)}
            y={height - 6}
            textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
          >
            {formats.share(share)}
          </text>
        ))}
      </svg>
    </ChartFrame>
  );
};

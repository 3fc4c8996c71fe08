/** The charts of experiments 1 to 3: shares with their intervals, how long it took, how much got through. */
import { useTranslation } from 'react-i18next';
import type { Quantity } from '../../lab/index.ts';
import { type Bar, Bars, barsEnd, barsHeight } from './experiment-bars.tsx';
import { type Distribution, Latencies, stepsOf } from './experiment-latencies.tsx';
import { Plot } from './experiment-plot.tsx';
import type { ReportFormats } from './report-formats.ts';
import type { AssessedRow } from './report-verdict.ts';
import { useReportWords } from './report-words.ts';

interface ChartsProps {
  readonly rows: readonly AssessedRow[];
  readonly file: string;
}

/** The bars of these quantities, of each row that has them. */
const useBars = () => {
  const words = useReportWords();
  return (rows: readonly AssessedRow[], quantities: readonly Quantity[]): readonly Bar[] =>
    quantities.flatMap((quantity) =>
      rows.flatMap(({ row, judgement }): Bar[] => {
        const found = judgement.quantities.find((one) => one.quantity === quantity);
        if (found === undefined) return [];
        const name = words.row(
          row,
          rows.map((one) => one.row),
        );
        return [
          {
            id: `${quantity} ${name}`,
            name: quantities.length > 1 ? `${words.quantity(quantity)}: ${name}` : name,
            look: row.method,
            value: found.measured,
            interval: found.interval,
            theory: found.theory,
            text: words.formats.of(quantity, found.measured),
          },
        ];
      }),
    );
};

interface BarPlotProps extends ChartsProps {
  readonly title: string;
  readonly about: string;
  readonly quantities: readonly Quantity[];
  /** The axis goes at least so far. */
  readonly least: number;
  readonly format: (formats: ReportFormats) => (value: number) => string;
}

const BarPlot = ({ rows, file, title, about, quantities, least, format }: BarPlotProps) => {
  const { t } = useTranslation('lab');
  const { formats } = useReportWords();
  const bars = useBars()(rows, quantities);
  const quantityOf = (bar: Bar): Quantity => quantities.find((one) => bar.id.startsWith(one)) ?? quantities[0]!;
  return (
    <Plot
      title={title}
      about={about}
      summary={bars
        .map((bar) =>
          t('guided.bars.told', { name: bar.name, value: bar.text, theory: formats.of(quantityOf(bar), bar.theory) }),
        )
        .join(' ')}
      table={{
        columns: [
          t('guided.bars.what'),
          t('guided.figures.measured'),
          t('guided.figures.interval'),
          t('guided.figures.theory'),
        ],
        rows: bars.map((bar) => [
          bar.name,
          bar.text,
          formats.range(quantityOf(bar), bar.interval),
          formats.of(quantityOf(bar), bar.theory),
        ]),
      }}
      file={file}
      height={barsHeight(bars)}
    >
      {(width) => <Bars bars={bars} width={width} end={barsEnd(bars, least)} format={format(formats)} />}
    </Plot>
  );
};

const LatencyPlot = ({ rows, file, of }: ChartsProps & { readonly of: 'latencies' | 'confirmations' }) => {
  const { t } = useTranslation('lab');
  const { formats, row: rowName } = useReportWords();
  const shown = rows.filter(({ row }) => row[of].counts.some((count) => count > 0));
  const perMs = Math.max(1, ...shown.map(({ row }) => row[of].stepMs));
  const all = rows.map(({ row }) => row);
  const distributions = shown.map(
    ({ row, theory }): Distribution => ({
      id: rowName(row, all),
      look: row.method,
      histogram: row[of],
      theoryMean: of === 'latencies' ? theory.latencyMs : null,
    }),
  );
  const title = t(`guided.latencies.${of}.title`);
  const told = shown.map(({ row }) =>
    t('guided.latencies.told', { name: rowName(row, all), mean: formats.ms(row.latencyMs.mean) }),
  );
  if (shown.length === 0) return null;
  return (
    <Plot
      title={title}
      about={t(`guided.latencies.${of}.about`)}
      keys={shown.map(({ row }) => ({ look: row.method, name: rowName(row, all) }))}
      summary={of === 'latencies' ? told.join(' ') : title}
      table={{
        columns: [t('guided.latencies.from'), ...distributions.map(({ id }) => id)],
        rows: stepsTable(distributions, perMs, formats),
      }}
      file={file}
      height={240}
    >
      {(width) => (
        <Latencies
          distributions={distributions}
          width={width}
          height={240}
          perMs={perMs}
          share={formats.share}
          axis={t('guided.latencies.axis', { step: formats.plain(perMs) })}
        />
      )}
    </Plot>
  );
};

/** One line for each step of any of them. */
const stepsTable = (distributions: readonly Distribution[], perMs: number, formats: ReportFormats) => {
  const steps = distributions.map(
    ({ histogram }) => new Map(stepsOf(histogram, perMs).map(({ at, share }) => [at, share])),
  );
  const times = [...new Set(steps.flatMap((one) => [...one.keys()]))].sort((one, other) => one - other);
  return times.map((at) => [`${formats.plain(at)} ms`, ...steps.map((one) => formats.share(one.get(at) ?? 0))]);
};

/** Experiments 1 and 2. */
export const MethodCharts = ({ rows, file }: ChartsProps) => {
  const { t } = useTranslation('lab');
  return (
    <div className="report-charts">
      <BarPlot
        rows={rows}
        file={`${file}-shares`}
        title={t('guided.bars.shares.title')}
        about={t('guided.bars.shares.about')}
        quantities={['delivered', 'confirmed']}
        least={1}
        format={(formats) => formats.share}
      />
      <LatencyPlot rows={rows} file={`${file}-latency`} of="latencies" />
      <BarPlot
        rows={rows}
        file={`${file}-sendings`}
        title={t('guided.bars.sendings.title')}
        about={t('guided.bars.sendings.about')}
        quantities={['attempts', 'duplicates']}
        least={1}
        format={(formats) => formats.plain}
      />
      <LatencyPlot rows={rows} file={`${file}-confirmation`} of="confirmations" />
    </div>
  );
};

/** Experiment 3. */
export const RateCharts = ({ rows, file }: ChartsProps) => {
  const { t } = useTranslation('lab');
  return (
    <div className="report-charts">
      <BarPlot
        rows={rows}
        file={`${file}-throughput`}
        title={t('guided.bars.rates.title')}
        about={t('guided.bars.rates.about')}
        quantities={['throughput']}
        least={1}
        format={(formats) => formats.plain}
      />
      <BarPlot
        rows={rows}
        file={`${file}-shares`}
        title={t('guided.bars.shares.title')}
        about={t('guided.bars.shares.about')}
        quantities={['delivered']}
        least={1}
        format={(formats) => formats.share}
      />
    </div>
  );
};

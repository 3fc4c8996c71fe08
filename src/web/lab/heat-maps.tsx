/** What arrives, how soon, and how often it is sent, over two settings: three heat maps, and the Pareto plot of the first two. */
import { useTranslation } from 'react-i18next';
import { type FigureRow, type Mapped, mapped } from './experiment-figures.ts';
import { Plot } from './experiment-plot.tsx';
import { type Axis, gridOf, heatOf, stopOf } from './heat-grid.ts';
import { type HeatCell, HeatMap, heatMapHeight } from './heat-map.tsx';
import { paretoFront } from './pareto-front.ts';
import { ParetoPlot } from './pareto-plot.tsx';
import { type ReportFormats, useReportFormats } from './report-formats.ts';

interface MapsProps {
  readonly rows: readonly FigureRow[];
  readonly down: Axis;
  readonly across: Axis;
  /** The beginning of the files' names; none where nothing is measured yet. */
  readonly file?: string | undefined;
}

const textOf = (formats: ReportFormats, quantity: Mapped, value: number | null): string => {
  if (quantity === 'delivered') return formats.exact(value);
  return quantity === 'latency' ? formats.ms(value) : formats.mean(value);
};

/** A value of an axis as it is written. */
export const stopText = (formats: ReportFormats, axis: Axis, key: string): string => {
  if (axis === 'loss') return formats.exact(Number(key));
  return axis === 'timeout' ? `${key} ms` : axis === 'latency' ? key.replace('-', '–') : key;
};

const QuantityMap = ({ quantity, rows, down, across, file }: MapsProps & { readonly quantity: Mapped }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const values = rows.flatMap(({ figures }) => figures[quantity].value ?? []);
  const grid = gridOf(rows, ({ settings }) => settings, down, across);
  const cells = grid.cells.map((line) =>
    line.map((row): HeatCell | null => {
      if (row === null) return null;
      const { value, theory, wrong } = row.figures[quantity];
      return {
        heat: value === null ? null : heatOf(value, values),
        text: textOf(formats, quantity, value),
        below: theory === null ? '' : t('guided.maps.theory', { value: textOf(formats, quantity, theory) }),
        marked: wrong,
      };
    }),
  );
  const names = { down: t(`guided.axes.${down}`), across: t(`guided.axes.${across}`) };
  const title = t(`guided.maps.${quantity}.title`);
  const table = {
    columns: [`${names.down} \\ ${names.across}`, ...grid.across.map(({ key }) => stopText(formats, across, key))],
    rows: grid.down.map((stop, at) => [
      stopText(formats, down, stop.key),
      ...cells[at]!.map((cell) =>
        cell === null ? '' : [cell.text, cell.below].filter((one) => one !== '').join(' · '),
      ),
    ]),
  };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (
    <Plot
      title={title}
      about={t(`guided.maps.${quantity}.about`)}
      summary={t('guided.maps.summary', {
        title,
        least: textOf(formats, quantity, values.length === 0 ? null : least),
        most: textOf(formats, quantity, values.length === 0 ? null : most),
        ...names,
      })}
      table={table}
      file={file === undefined ? undefined : `${file}-${quantity}`}
      height={heatMapHeight(grid.down.length)}
    >
      {(width) => (
        <HeatMap
          grid={{ ...grid, cells }}
          width={width}
          downName={names.down}
          acrossName={names.across}
          downText={(key) => stopText(formats, down, key)}
          acrossText={(key) => stopText(formats, across, key)}
        />
      )}
    </Plot>
  );
};

/** The Pareto plot of rows: what arrives against how soon. */
export const Pareto = ({ rows, down, across, file }: MapsProps) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const nameOf = ({ settings }: FigureRow): string =>
    [down, across].map((axis) => stopText(formats, axis, stopOf(axis, settings).key)).join(' × ');
  const points = rows.flatMap((row) => {
    const { delivered, latency } = row.figures;
    if (delivered.value === null || latency.value === null) return [];
    return [{ id: row.id, cost: latency.value, gain: delivered.value, name: nameOf(row) }];
  });
  const front = paretoFront(points);
  const best = front.flatMap((id) => points.find((point) => point.id === id)?.name ?? []);
  return (
    <Plot
      title={t('guided.pareto.title')}
      about={t('guided.pareto.about')}
      summary={t('guided.pareto.summary', { count: points.length, best: best.join('; ') })}
      table={{
        columns: [
          `${t(`guided.axes.${down}`)} × ${t(`guided.axes.${across}`)}`,
          t('guided.pareto.cost'),
          t('guided.pareto.gain'),
          t('guided.pareto.isBest'),
        ],
        rows: points.map(({ id, name, cost, gain }) => [
          name,
          formats.ms(cost),
          formats.exact(gain),
          front.includes(id) ? t('guided.pareto.yes') : t('guided.pareto.no'),
        ]),
      }}
      file={file === undefined ? undefined : `${file}-pareto`}
      height={300}
    >
      {(width) => (
        <ParetoPlot
          points={points}
          width={width}
          height={300}
          costName={t('guided.pareto.cost')}
          gainName={t('guided.pareto.gain')}
          gainText={formats.share}
        />
      )}
    </Plot>
  );
};

export const HeatMaps = (props: MapsProps) => (
  <div className="report-charts">
    {mapped.map((quantity) => (
      <QuantityMap key={quantity} quantity={quantity} {...props} />
    ))}
    <Pareto {...props} />
  </div>
);

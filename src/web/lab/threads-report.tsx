/** What came out of experiment 5: the speed-up with its fits, and the updates that were lost. */
import { useTranslation } from 'react-i18next';
import type { LabThreadsView } from '../../protocol/index.ts';
import { ChartTable } from './chart-table.tsx';
import { type Bar, Bars, barsEnd, barsHeight } from './experiment-bars.tsx';
import { Plot } from './experiment-plot.tsx';
import { useReportFormats } from './report-formats.ts';
import { ThreadsPlot } from './threads-plot.tsx';

interface ThreadsChartsProps {
  readonly view: LabThreadsView;
  readonly file: string;
}

const plotHeight = 280;

const SpeedUp = ({ view, file }: ThreadsChartsProps) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const kind = (atomic: boolean): string => (atomic ? t('guided.threads.atomic') : t('guided.threads.plain'));
  return (
    <Plot
      title={t('guided.threads.speedUp.title')}
      about={t('guided.threads.speedUp.about', { count: view.cores })}
      keys={[
        { look: 'pubsub', name: kind(true) },
        { look: 'direct', name: kind(false) },
      ]}
      summary={view.rows
        .map((row) =>
          t('guided.threads.told', { count: row.threads, kind: kind(row.atomic), speedUp: formats.mean(row.speedUp) }),
        )
        .join(' ')}
      table={{
        columns: [t('guided.threads.threads'), kind(true), kind(false)],
        rows: [...new Set(view.rows.map(({ threads }) => threads))].map((threads) => [
          String(threads),
          ...[true, false].map((atomic) =>
            formats.mean(view.rows.find((row) => row.threads === threads && row.atomic === atomic)?.speedUp ?? null),
          ),
        ]),
      }}
      file={`${file}-speed-up`}
      height={plotHeight}
    >
      {(width) => (
        <ThreadsPlot
          view={view}
          width={width}
          height={plotHeight}
          idealName={t('guided.threads.ideal')}
          coresName={t('guided.threads.cores', { count: view.cores })}
          threadsName={t('guided.threads.threads')}
          text={formats.plain}
        />
      )}
    </Plot>
  );
};

const LostUpdates = ({ view, file }: ThreadsChartsProps) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const bars = view.rows.map((row): Bar => {
    const share = row.delivered === 0 ? 0 : row.lostUpdates / row.delivered;
    return {
      id: `${row.threads} ${row.atomic}`,
      name: t('guided.threads.row', {
        count: row.threads,
        kind: row.atomic ? t('guided.threads.atomic') : t('guided.threads.plain'),
      }),
      look: row.atomic ? 'pubsub' : 'direct',
      value: share,
      interval: null,
      theory: null,
      text: `${formats.count(row.lostUpdates)} (${formats.exact(share)})`,
    };
  });
  return (
    <Plot
      title={t('guided.threads.lost.title')}
      about={t('guided.threads.lost.about')}
      summary={bars.map(({ name, text }) => `${name}: ${text}.`).join(' ')}
      table={{
        columns: [t('guided.bars.what'), t('guided.threads.lost.title')],
        rows: bars.map(({ name, text }) => [name, text]),
      }}
      file={`${file}-lost-updates`}
      height={barsHeight(bars)}
    >
      {(width) => <Bars bars={bars} width={width} end={barsEnd(bars, 0.01)} format={formats.exact} />}
    </Plot>
  );
};

export const ThreadsCharts = (props: ThreadsChartsProps) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  return (
    <>
      <div className="report-charts">
        <SpeedUp {...props} />
        <LostUpdates {...props} />
      </div>
      <ul className="report-notes">
        {props.view.fits.map((fit) => (
          <li key={String(fit.atomic)}>
            {t(fit.mostSpeedUp === null ? 'guided.threads.fitAll' : 'guided.threads.fit', {
              kind: fit.atomic ? t('guided.threads.atomic') : t('guided.threads.plain'),
              serial: formats.exact(fit.serialShare),
              most: formats.plain(fit.mostSpeedUp ?? 0),
            })}
          </li>
        ))}
      </ul>
    </>
  );
};

export const ThreadsTable = ({ view }: { readonly view: LabThreadsView }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  return (
    <ChartTable
      caption={t('guided.figures.title')}
      columns={[
        t('guided.threads.run'),
        t('guided.threads.delivered'),
        t('guided.threads.counted'),
        t('guided.threads.lost.title'),
        t('guided.threads.time'),
        t('guided.threads.rate'),
        t('guided.threads.speedUp.title'),
      ]}
      rows={ordered(view).map((row) => [
        t('guided.threads.row', {
          count: row.threads,
          kind: row.atomic ? t('guided.threads.atomic') : t('guided.threads.plain'),
        }),
        formats.count(row.delivered),
        formats.count(row.counted),
        formats.count(row.lostUpdates),
        formats.ms(row.ms),
        `${formats.count(row.perSecond)}/s`,
        formats.mean(row.speedUp),
      ])}
    />
  );
};

/** With atomic operations first, each from few threads to many. */
const ordered = ({ rows }: LabThreadsView) =>
  [...rows].sort((one, other) => Number(other.atomic) - Number(one.atomic) || one.threads - other.threads);

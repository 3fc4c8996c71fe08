/** A finished run, whole: its verdict and why, prediction against result, charts, tables, settings, what to take away. */
import './report.css';
import './report-print.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { scrollable } from '../ui/scrollable.ts';
import { measuredFigures } from './experiment-figures.ts';
import type { Planted } from './experiment-link.ts';
import { FailoverCharts, FailoverTable } from './failover-report.tsx';
import { HeatMaps } from './heat-maps.tsx';
import { fileNameOf, numberOf, type Report } from './report.ts';
import { ReportActions } from './report-actions.tsx';
import { MethodCharts, RateCharts } from './report-links.tsx';
import { PlantedNotice, PlantedSwitch } from './report-planted.tsx';
import { PredictionResult } from './report-prediction.tsx';
import { ReportSettings } from './report-settings.tsx';
import { SweepCharts } from './report-sweep.tsx';
import { LinksTable } from './report-tables.tsx';
import { type AssessedRow, assess, assessRows } from './report-verdict.ts';
import { VerdictMark } from './report-verdict-mark.tsx';
import { useReportWords } from './report-words.ts';
import { ThreadsCharts, ThreadsTable } from './threads-report.tsx';

const Charts = ({ report, rows }: { readonly report: Report; readonly rows: readonly AssessedRow[] }) => {
  const file = fileNameOf(report, 'x').slice(0, -2);
  if (report.kind === 'threads') return <ThreadsCharts view={report.result} file={file} />;
  if (report.kind === 'failover') return <FailoverCharts view={report.result} file={file} />;
  if (report.kind === 'sweep') return <SweepCharts rows={rows} file={file} />;
  if (report.setup.experiment === 4) {
    return <HeatMaps rows={measuredFigures(rows)} down="retries" across="timeout" file={file} />;
  }
  return report.setup.experiment === 3 ? (
    <RateCharts rows={rows} file={file} />
  ) : (
    <MethodCharts rows={rows} file={file} />
  );
};

const Table = ({ report, rows }: { readonly report: Report; readonly rows: readonly AssessedRow[] }) => {
  if (report.kind === 'threads') return <ThreadsTable view={report.result} />;
  if (report.kind === 'failover') return <FailoverTable view={report.result} />;
  return <LinksTable rows={rows} />;
};

interface ReportViewProps {
  readonly report: Report;
  /** Holds the report against another theory; without it, it is as it was kept. */
  readonly onPlant: (planted: Planted) => void;
}

export const ReportView = ({ report, onPlant }: ReportViewProps) => {
  const { t } = useTranslation('lab');
  const words = useReportWords();
  const { planted, result } = report;
  const isOnLinks = report.kind === 'links' || report.kind === 'sweep';
  const rows = useMemo(
    () => (report.kind === 'links' || report.kind === 'sweep' ? assessRows(report.result.rows, planted) : []),
    [report, planted],
  );
  const all = rows.map(({ row }) => row);
  const { verdict, reason } = useMemo(() => assess(report), [report]);
  const number = numberOf(report);
  const losses = [...new Set(all.map(({ settings }) => words.formats.exact(settings.loss)))].join(', ');
  return (
    <article className="report" aria-label={t('guided.report.title')}>
      <header className="report-head">
        <div>
          <h3 className="report-title">
            {number === 0
              ? t('guided.sweep.title')
              : t('guided.report.of', { number, name: t(`guided.experiments.${number}.name`) })}
          </h3>
          <p className="lab-faint">
            {t('guided.report.made', { at: words.formats.moment(result.startedAt), version: result.version })}
          </p>
        </div>
        <ReportActions report={report} />
      </header>

      <section className="report-verdict" data-verdict={verdict} aria-label={t('guided.figures.verdict')}>
        <VerdictMark verdict={verdict} />
        <p>{words.reason(reason, all)}</p>
        {planted === null ? null : <PlantedNotice planted={planted} loss={losses} />}
      </section>

      {number === 0 ? null : (
        <section className="report-part">
          <h4 className="report-part-title">{t('guided.prediction.title')}</h4>
          <PredictionResult report={report} />
        </section>
      )}

      <Charts report={report} rows={rows} />

      <section className="report-part">
        <h4 className="report-part-title">{t('guided.figures.title')}</h4>
        {isOnLinks ? <Table report={report} rows={rows} /> : null}
        {isOnLinks ? null : (
          <div className="report-scroll scroll" {...scrollable}>
            <Table report={report} rows={rows} />
          </div>
        )}
        <p className="lab-faint report-below">{t(isOnLinks ? 'guided.figures.confidence' : 'guided.figures.once')}</p>
        {isOnLinks ? (
          <PlantedSwitch planted={planted} loss={all[0]?.settings.loss ?? 0} onChange={onPlant} key={report.id} />
        ) : null}
      </section>

      {number === 0 ? null : (
        <section className="report-part">
          <h4 className="report-part-title">{t('guided.report.takeAway')}</h4>
          <p className="report-text">{t(`guided.experiments.${number}.takeAway`)}</p>
        </section>
      )}

      <ReportSettings report={report} />
    </article>
  );
};

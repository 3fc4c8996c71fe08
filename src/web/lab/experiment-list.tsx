/** The six experiments and the sweep, and the last runs of this person on this device. */
import { Grid3x3, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../app/link.tsx';
import { labPath } from '../app/router.ts';
import { useChat } from '../store/hooks.ts';
import { IconButton } from '../ui/button.tsx';
import { sweepPath } from './experiment-grid.ts';
import { experimentNumbers } from './experiment-kinds.ts';
import { experimentPath } from './experiment-link.ts';
import { numberOf, type Report } from './report.ts';
import { useReportFormats } from './report-formats.ts';
import { forgetReport, readShelf } from './report-shelf.ts';
import { assess } from './report-verdict.ts';
import { VerdictMark } from './report-verdict-mark.tsx';

/** The item under which a kept run is shown. */
export const keptItem = (report: Report): string => `run-${report.id}`;

const Kept = ({ report, onForget }: { readonly report: Report; readonly onForget: () => void }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const number = numberOf(report);
  const name = number === 0 ? t('guided.sweep.title') : `${number}. ${t(`guided.experiments.${number}.name`)}`;
  const at = formats.moment(report.result.startedAt);
  return (
    <li className="kept">
      <Link className="kept-link" href={labPath('experiments', keptItem(report))}>
        <span className="kept-name">{name}</span>
        <span className="lab-faint">
          {at}
          {report.kind === 'failover' ? null : ` · ${t('guided.fields.seed')} ${report.setup.seed}`}
        </span>
      </Link>
      <VerdictMark verdict={assess(report).verdict} small />
      <IconButton label={t('guided.kept.forget', { name, at })} onPress={onForget}>
        <Trash2 size={16} aria-hidden="true" />
      </IconButton>
    </li>
  );
};

const Shelf = ({ user }: { readonly user: string }) => {
  const { t } = useTranslation('lab');
  const [reports, setReports] = useState(() => readShelf(user));
  return (
    <section className="lab-card kept-card" aria-label={t('guided.kept.title')}>
      <h2 className="lab-card-title">{t('guided.kept.title')}</h2>
      <p className="lab-note">{reports.length === 0 ? t('guided.kept.none') : t('guided.kept.about')}</p>
      <ul>
        {reports.map((report) => (
          <Kept key={report.id} report={report} onForget={() => setReports(forgetReport(user, report.id))} />
        ))}
      </ul>
    </section>
  );
};

export const ExperimentList = () => {
  const { t } = useTranslation('lab');
  const user = useChat((state) => state.you?.id ?? null);
  return (
    <div className="experiment-list-page">
      <p className="lab-note experiment-intro">{t('guided.experiments.intro')}</p>
      <ol className="experiment-list">
        {experimentNumbers.map((number) => (
          <li key={number}>
            <Link className="experiment-card" href={experimentPath(number)}>
              <span className="experiment-card-number" aria-hidden="true">
                {number}
              </span>
              <span className="experiment-card-name">{t(`guided.experiments.${number}.name`)}</span>
              <span className="lab-note">{t(`guided.experiments.${number}.question`)}</span>
            </Link>
          </li>
        ))}
        <li>
          <Link className="experiment-card" href={sweepPath}>
            <span className="experiment-card-number" aria-hidden="true">
              <Grid3x3 size={18} />
            </span>
            <span className="experiment-card-name">{t('guided.sweep.title')}</span>
            <span className="lab-note">{t('guided.sweep.question')}</span>
          </Link>
        </li>
      </ol>
      {user === null ? null : <Shelf user={user} />}
    </div>
  );
};

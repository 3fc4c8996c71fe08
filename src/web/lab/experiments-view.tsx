/** The tab of the guided experiments: their list, one of them, the sweep, or a run that was kept. */
import './experiment.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../app/link.tsx';
import { useSearch } from '../app/router.ts';
import { useChat } from '../store/hooks.ts';
import { scrollable } from '../ui/scrollable.ts';
import { experimentNumbers } from './experiment-kinds.ts';
import { ExperimentList, keptItem } from './experiment-list.tsx';
import { ExperimentPage } from './experiment-page.tsx';
import { SweepPage } from './experiment-sweep.tsx';
import { keepReport, readShelf } from './report-shelf.ts';
import { ReportView } from './report-view.tsx';

const KeptRun = ({ item, user }: { readonly item: string; readonly user: string }) => {
  const { t } = useTranslation('lab');
  const [report, setReport] = useState(() => readShelf(user).find((one) => keptItem(one) === item) ?? null);
  return (
    <div className="experiment kept-run">
      <Link className="experiment-back" href="/lab/experiments">
        {t('guided.experiments.all')}
      </Link>
      {report === null ? (
        <p className="lab-note">{t('guided.kept.gone')}</p>
      ) : (
        <ReportView
          report={report}
          onPlant={(planted) => {
            const next = { ...report, planted };
            setReport(next);
            keepReport(user, next);
          }}
        />
      )}
    </div>
  );
};

export const ExperimentsView = ({ item }: { readonly item: string | null }) => {
  const { t } = useTranslation('lab');
  const search = useSearch();
  const user = useChat((state) => state.you?.id ?? null);
  const number = experimentNumbers.find((one) => String(one) === item);
  const shown = () => {
    // Another experiment, or another link to the same, begins anew.
    if (number !== undefined) return <ExperimentPage key={`${number}${search}`} number={number} search={search} />;
    if (item === 'sweep') return <SweepPage key={search} search={search} />;
    if (item?.startsWith('run-') && user !== null) return <KeptRun key={item} item={item} user={user} />;
    if (item !== null) return <p className="lab-note">{t('guided.experiments.unknown')}</p>;
    return <ExperimentList />;
  };
  return (
    <div className="lab-body experiments" {...scrollable}>
      {shown()}
    </div>
  );
};

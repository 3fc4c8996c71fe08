/** The stopwatch of every takeover: the newest or a chosen one as a bar, all of them as a histogram and as a table. */
import './stopwatch.css';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCluster } from './hooks.ts';
import { StopwatchBar } from './stopwatch-bar.tsx';
import { StopwatchHistogram } from './stopwatch-histogram.tsx';
import { type Timed, timedOf } from './stopwatch-phases.ts';
import { StopwatchTable } from './stopwatch-table.tsx';

const One = ({ timed }: { readonly timed: Timed }) => {
  const { t } = useTranslation('cluster');
  const { epoch, primary, previous, cause } = timed.takeover;
  const title = previous === null ? t('stopwatch.fromNobody', { primary }) : t('stopwatch.from', { primary, previous });
  return (
    <section className="stopwatch-shown" aria-label={t('stopwatch.epoch', { epoch })}>
      <h3 className="stopwatch-title">
        {title} <span className="stopwatch-epoch">{t('stopwatch.epoch', { epoch })}</span>
      </h3>
      <p className="cluster-note">{t(`stopwatch.causes.${cause}`)}</p>
      <StopwatchBar timed={timed} title={title} />
    </section>
  );
};

export const StopwatchPanel = () => {
  const { t } = useTranslation('cluster');
  const takeovers = useCluster((state) => state.shown.takeovers);
  const [chosen, setChosen] = useState<number | null>(null);
  // The first primary of all took over from nobody.
  const all = useMemo(
    () =>
      takeovers
        .filter(({ cause }) => cause !== 'founded')
        .map(timedOf)
        .reverse(),
    [takeovers],
  );
  const shown = all.find(({ takeover }) => takeover.epoch === chosen) ?? all[0];
  return (
    <div className="stopwatch">
      <h2 className="cluster-heading">{t('stopwatch.title')}</h2>
      <p className="cluster-note">{t('stopwatch.about')}</p>
      {shown === undefined ? (
        <p className="stopwatch-empty">{t('stopwatch.empty')}</p>
      ) : (
        <>
          <One timed={shown} />
          <StopwatchHistogram all={all} />
          <StopwatchTable
            all={all}
            shown={shown.takeover.epoch}
            // The newest is shown as it comes, unless an older one was chosen.
            onShow={(epoch) => setChosen(epoch === all[0]?.takeover.epoch ? null : epoch)}
          />
        </>
      )}
    </div>
  );
};

import { useTranslation } from 'react-i18next';
import { useLab } from './hooks.ts';
import { TotalsTable } from './totals-table.tsx';

/** Everything that was settled since the dials were last changed, against theory. */
export const TotalsCard = () => {
  const { t } = useTranslation('lab');
  const totals = useLab((state) => state.model.totals);
  return (
    <section className="lab-card" aria-label={t('totals.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">{t('totals.title')}</h2>
      </div>
      {totals === null || totals.direct.messages + totals.pubsub.messages === 0 ? (
        <p className="lab-note">{t('totals.empty')}</p>
      ) : (
        <TotalsTable totals={totals} caption={t('totals.title')} />
      )}
    </section>
  );
};

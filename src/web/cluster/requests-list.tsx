/** The newest numbered requests, one line each. */
import { Check, Flame } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { scrollable } from '../ui/scrollable.ts';
import { useCluster, useDerived, useNumber } from './hooks.ts';
import { type RequestRow, requestRows } from './request-rows.ts';

const shown = 50;

/** A server that has it or does not yet: a filled mark with a tick, or an empty one; the words are one sentence below. */
const Chip = ({ name, has }: { readonly name: string; readonly has: boolean }) => (
  <span className="request-chip" data-has={has || undefined}>
    {has ? <Check size={11} strokeWidth={3} /> : null}
    {name}
  </span>
);

const Row = memo(({ row }: { readonly row: RequestRow }) => {
  const { t, i18n } = useTranslation('cluster');
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' });
  const { label, processedBy, epoch, on, missing } = row;
  return (
    <li className="request" data-failed={row.failed || undefined}>
      <span className="request-label">
        {row.failed ? <Flame size={13} aria-hidden="true" /> : null}
        {label}
      </span>
      <span className="request-by">
        {processedBy === null ? t('requests.notProcessed') : t('requests.processedBy', { name: processedBy, epoch })}
      </span>
      <span className="request-chips" aria-hidden="true">
        {[...on, ...missing].sort().map((name) => (
          <Chip key={name} name={name} has={on.includes(name)} />
        ))}
      </span>
      <span className="hidden-visually">
        {missing.length === 0
          ? t('requests.onAll')
          : t('requests.onSome', { on: list.format(on), missing: list.format(missing) })}
      </span>
      {row.failed ? (
        <span className="request-story">
          {row.diedOfIt === null ? t('requests.failedOnce') : t('requests.diedOfIt', { name: row.diedOfIt })}
        </span>
      ) : null}
    </li>
  );
});

export const RequestsList = () => {
  const { t } = useTranslation('cluster');
  const number = useNumber();
  const rows = useDerived(({ shown: model }) => requestRows(model, shown));
  const total = useCluster((state) => state.shown.requests.length);
  if (rows.length === 0) return <p className="cluster-note requests-none">{t('requests.none')}</p>;
  return (
    <>
      <h3 className="cluster-subheading">{t('requests.list')}</h3>
      <ul className="requests-list scroll" aria-label={t('requests.list')} {...scrollable}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
        {total > shown ? (
          <li className="request-more">
            {t('requests.earlier', { count: total - shown, number: number(total - shown) })}
          </li>
        ) : null}
      </ul>
    </>
  );
};

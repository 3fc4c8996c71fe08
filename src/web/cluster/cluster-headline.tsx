/** The head of the page: what is true of the cluster in one sentence, and under it what cannot be done here and why. */
import './cluster-headline.css';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/index.ts';
import { type Headline, headlineOf, type Trouble } from './headline.ts';
import { useActing, useCluster, useDerived } from './hooks.ts';
import { serversOf } from './model.ts';

/** `s3 and s4 have failed and s2 is paused` */
const useTroubles = (): ((troubles: readonly Trouble[]) => string) => {
  const { t, i18n } = useTranslation('cluster');
  const list = new Intl.ListFormat(localeOf(i18n.language), { type: 'conjunction' });
  return (troubles) =>
    list.format(
      troubles.map(({ condition, names }) =>
        t(`headline.trouble.${condition}`, { count: names.length, names: list.format(names) }),
      ),
    );
};

/** The sentence, in the language of the page. */
export const useHeadlineWords = (): ((headline: Headline) => string) => {
  const { t } = useTranslation('cluster');
  const words = useTroubles();
  return (headline) => {
    switch (headline.say) {
      case 'noPrimary':
        return headline.troubles.length === 0
          ? t('headline.noPrimary')
          : t('headline.noPrimaryAs', { troubles: words(headline.troubles) });
      case 'partly':
        return headline.troubles.length === 0
          ? t('headline.partly', { ...headline })
          : t('headline.partlyAs', { ...headline, troubles: words(headline.troubles) });
      default:
        return t(`headline.${headline.say}`, { ...headline });
    }
  };
};

/** What this page cannot do at the moment. */
const Cannot = () => {
  const { t } = useTranslation('cluster');
  const acting = useActing();
  const alone = useCluster(({ shown }) => shown.topology !== null && serversOf(shown).length === 1);
  const reasons = [
    alone ? t('cannot.alone') : null,
    acting.processes === null || acting.processes === 'not-heard' ? null : t(`acting.${acting.processes}`),
    acting.requests === 'role' ? t('cannot.guest') : null,
  ].filter((reason) => reason !== null);
  if (reasons.length === 0) return null;
  return (
    <ul className="cluster-cannot">
      {reasons.map((reason) => (
        <li key={reason}>
          <CircleAlert size={16} aria-hidden="true" />
          {reason}
        </li>
      ))}
    </ul>
  );
};

export const ClusterHeadline = () => {
  const { t } = useTranslation('cluster');
  const headline = useDerived(({ shown }) => headlineOf(shown));
  const online = useCluster((state) => state.online);
  const words = useHeadlineWords();
  return (
    <header className="cluster-head" data-say={headline.say}>
      <h1 className="cluster-title">{t('page.title')}</h1>
      <p className="cluster-sentence">{words(headline)}</p>
      {online ? null : (
        <p className="cluster-offline">
          <CircleAlert size={16} aria-hidden="true" />
          {t('cannot.offline')}
        </p>
      )}
      <Cannot />
    </header>
  );
};

/**
 * Says that the page shows the past, and which moment of it, above everything else; and why it does not, when an
 * address asked for a moment that nobody remembers. It is what makes `/cluster?at=…` lead there.
 */
import './rewind-banner.css';
import { Check, History, Link2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../text/copy-text.ts';
import { Button } from '../ui/button.tsx';
import { useReason } from '../ui/problem.tsx';
import { useCluster, useClusterStore } from './hooks.ts';
import { momentIn, momentPath } from './rewind-link.ts';
import { rewinderOf } from './rewind-store.ts';
import { useClock, useDuration } from './sequence-words.ts';

/** Copies the address of the moment. */
const CopyLink = ({ at }: { readonly at: number }) => {
  const { t } = useTranslation('cluster');
  const [copied, setCopied] = useState<number | null>(null);
  const done = copied === at;
  return (
    <Button
      look="quiet"
      small
      onPress={() => void copyText(location.origin + momentPath(at)).then((ok) => setCopied(ok ? at : null))}
    >
      {done ? <Check size={16} aria-hidden="true" /> : <Link2 size={16} aria-hidden="true" />}
      <span aria-live="polite">{done ? t('rewind.copied') : t('rewind.copy')}</span>
    </Button>
  );
};

const Past = ({ at }: { readonly at: number }) => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const { second } = useClock();
  const duration = useDuration();
  return (
    <div className="rewind-banner">
      <History size={20} aria-hidden="true" />
      <p>
        <strong>{t('rewind.banner', { time: second(at) })}</strong>{' '}
        <span className="rewind-banner-ago">
          {t('rewind.bannerAgo', { ago: duration(Math.max(0, store.now() - at)) })}
        </span>
      </p>
      <CopyLink at={at} />
      <Button small onPress={() => rewinderOf(store).show(null)}>
        {t('rewind.now')}
      </Button>
    </div>
  );
};

export const RewindBanner = () => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const reason = useReason();
  const { second } = useClock();
  const rewinder = rewinderOf(store);
  const notShown = useSyncExternalStore(rewinder.subscribe, rewinder.notShown);
  const at = useCluster((state) => state.at);
  useEffect(() => {
    const asked = momentIn(location.search);
    if (asked !== null) void rewinder.open(asked);
  }, [rewinder]);
  if (at !== null) return <Past at={at} />;
  if (notShown === null) return null;
  return (
    <p className="rewind-banner rewind-banner-not" role="status">
      {notShown.why === 'failed'
        ? t('rewind.failed', { reason: reason(notShown.code) })
        : notShown.why === 'future'
          ? t('rewind.future', { time: second(notShown.at) })
          : t('rewind.tooOld', { time: second(notShown.at) })}
    </p>
  );
};

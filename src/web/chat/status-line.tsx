import './status-line.css';
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { noticeOf } from '../store/link.ts';
import { RoleMark } from '../ui/role-mark.tsx';

/** The quiet line: which server this page is on, and how many there are. */
export const WhereLine = () => {
  const { t } = useTranslation();
  const link = useChat((state) => state.link);
  const cluster = useChat((state) => state.cluster);
  if (link.where.kind !== 'on') {
    return (
      <p className="status-calm">
        <span className="status-baton" />
        <span>{t('status.connecting')}</span>
      </p>
    );
  }
  const { server } = link.where;
  const role = cluster?.servers.find((one) => one.name === server)?.role ?? 'backup';
  const up = cluster?.servers.filter((one) => one.role !== 'down').length ?? 1;
  return (
    <p className="status-calm">
      <RoleMark role={role} size={12} />
      <span>
        {t('status.on', { server })} · {t('status.servers', { count: up })}
      </span>
    </p>
  );
};

const good = new Set(['moved', 'back', 'promoted']);

/** What is going on while a server is lost, and that it is over; nothing when all is calm. Announced elsewhere. */
export const StatusNews = () => {
  const { t } = useTranslation();
  const link = useChat((state) => state.link);
  const notice = noticeOf(link);
  if (notice.calm) return null;
  const isGood = good.has(notice.say);
  return (
    <p className="status-news" data-good={isGood || undefined}>
      {isGood ? <Check size={16} aria-hidden="true" /> : <span className="status-baton" />}
      {t(`status.${notice.say}`, { ...notice })}
    </p>
  );
};

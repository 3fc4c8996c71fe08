/** How it is with the servers, in words: a quiet line at all times, and a plain one while something goes on. */
import './status-line.css';
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { dateTimeOf, timeOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { noticeOf } from '../store/link.ts';
import { dayOf } from '../store/rows.ts';
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
        <span>{noticeOf(link).say === 'noServer' ? t('device.notConnected') : t('status.connecting')}</span>
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

/** A time of today, or a day and a time. */
const momentIn = (at: number, language: string): string =>
  dayOf(at) === dayOf(Date.now()) ? timeOf(at, localeOf(language)) : dateTimeOf(at, localeOf(language));

const good = new Set(['moved', 'back', 'promoted']);

/** What is going on while a server is lost, and that it is over; nothing when all is calm. Announced elsewhere. */
export const StatusNews = () => {
  const { t, i18n } = useTranslation();
  const link = useChat((state) => state.link);
  const asOf = useChat((state) => state.asOf);
  const unkept = useChat((state) => state.unkept);
  const notice = noticeOf(link);
  if (notice.calm) return null;
  const isGood = good.has(notice.say);
  const offline = notice.say === 'noServer' && asOf !== null;
  return (
    <p className="status-news" data-good={isGood || undefined} data-calm={offline || undefined}>
      {isGood ? <Check size={16} aria-hidden="true" /> : <span className="status-baton" />}
      <span>
        {offline
          ? t('device.offline', { time: momentIn(asOf, i18n.language) })
          : t(`status.${notice.say}`, { ...notice })}
        {unkept && !isGood ? ` ${t(`errors.${unkept}`, { count: 0 })}` : null}
      </span>
    </p>
  );
};

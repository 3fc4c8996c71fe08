/** Says to screen readers what the map shows when it changes, at most every so often, so that a storm is one sentence. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Announcement, announcements, type Heard, heardOf } from './announce.ts';
import { useClusterStore } from './hooks.ts';

const everyMs = 1_500;

export const RoleAnnouncer = () => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const [said, setSaid] = useState<readonly Announcement[]>([]);
  useEffect(() => {
    let before: Heard | null = null;
    const timer = setInterval(() => {
      const now = heardOf(store.state.live);
      if (before !== null && now !== null) {
        const news = announcements(before, now);
        if (news.length > 0) setSaid(news);
      }
      before = now ?? before;
    }, everyMs);
    return () => clearInterval(timer);
  }, [store]);
  return (
    <div className="hidden-visually" aria-live="polite" data-announcer>
      {said.map((one) => t(`announce.${one.say}`, { count: 0, ...one })).join(' ')}
    </div>
  );
};

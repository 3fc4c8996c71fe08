import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { useCell } from '../store/cell.ts';
import { type DeskNotice, useDesk } from './message-desk.ts';

const doneMs = 3_000;

const useWords = () => {
  const { t } = useTranslation();
  return (notice: DeskNotice): string => {
    if ('code' in notice) return t(`errors.${notice.code}`, { count: limits.messageTextMaxChars });
    return t(`notices.${notice.key}`, { name: notice.name });
  };
};

/** What came of the last thing that was asked for, when it did not show by itself. */
export const ComposerNotice = () => {
  const desk = useDesk();
  const notice = useCell(desk.notice);
  const words = useWords();
  useEffect(() => {
    if (notice?.tone !== 'done') return;
    const timer = setTimeout(() => desk.notice.set(null), doneMs);
    return () => clearTimeout(timer);
  }, [desk, notice]);
  const problem = notice?.tone === 'problem';
  return (
    <div className="composer-notice" role="status" data-problem={problem || undefined}>
      {notice ? (
        <>
          {problem ? <CircleAlert size={16} aria-hidden="true" /> : <CircleCheck size={16} aria-hidden="true" />}
          <span>{words(notice)}</span>
        </>
      ) : null}
    </div>
  );
};

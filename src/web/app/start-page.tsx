import './start-page.css';
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { noticeOf } from '../store/link.ts';
import { Logo } from '../ui/logo.tsx';

/** What is seen while nothing is known yet. Words come only when it takes long. */
export const StartPage = () => {
  const { t } = useTranslation();
  const link = useChat((state) => state.link);
  const outage = noticeOf(link).say === 'noServer';
  return (
    <main className="start" aria-busy="true">
      <span className="start-logo">
        <Logo size={56} />
      </span>
      <p className="start-words" role="status">
        {outage ? t('start.noServer') : t('start.connecting')}
      </p>
    </main>
  );
};

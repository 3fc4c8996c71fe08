import { Reply, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../client/index.ts';
import { IconButton } from '../ui/button.tsx';
import { QuoteWords } from './message-quote.tsx';

/** Above the composer: which message one is about to answer, and the way out of it. */
export const ReplyBanner = ({ quote, onCancel }: { readonly quote: Quote; readonly onCancel: () => void }) => {
  const { t } = useTranslation();
  return (
    <div className="composer-reply">
      <Reply size={16} aria-hidden="true" />
      <span className="composer-reply-words">
        <b>{t('reply.replyingTo', { name: quote.name })}</b> <QuoteWords quote={quote} />
      </span>
      <IconButton label={t('reply.cancel')} onPress={onCancel}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
};

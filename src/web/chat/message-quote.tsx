import { CornerUpLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Quote } from '../../client/index.ts';
import { useStore } from '../store/hooks.ts';
import { MessageWords } from '../text/message-text.tsx';

/** The words of a quoted message in one line: its beginning, or why there is none. */
export const QuoteWords = ({ quote }: { readonly quote: Quote }) => {
  const { t } = useTranslation();
  if (quote.deleted) return <span className="quote-none">{t('message.deleted')}</span>;
  if (quote.text.trim() === '') return <span className="quote-none">{t('reply.filesOnly')}</span>;
  return (
    <bdi>
      <MessageWords text={quote.text} />
    </bdi>
  );
};

/** What a message answers, above it. Leads to the quoted message. */
export const MessageQuote = ({ quote, room }: { readonly quote: Quote; readonly room: string }) => {
  const { t } = useTranslation();
  const store = useStore();
  return (
    <button
      type="button"
      className="message-quote"
      title={t('reply.jump', { name: quote.name })}
      onClick={() => store.jumpTo(room, quote.index)}
    >
      <CornerUpLeft size={14} aria-hidden="true" />
      <span className="hidden-visually">{t('reply.to')}</span>
      <b>{quote.name}</b>
      <span className="quote-words">
        <QuoteWords quote={quote} />
      </span>
    </button>
  );
};

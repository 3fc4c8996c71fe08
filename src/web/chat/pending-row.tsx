/** One message of the list that is still on its way, or failed. */
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { shortTimeOf, timeOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { actionOf, type Row } from '../store/rows.ts';
import { MessageText } from '../text/message-text.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { MessageQuote } from './message-quote.tsx';
import { WaitingState } from './message-state.tsx';

interface PendingRowProps {
  readonly row: Extract<Row, { kind: 'pending' }>;
  readonly room: string;
}

const nobody: readonly never[] = [];

const PendingText = ({ text, name }: { readonly text: string; readonly name: string }) => {
  const action = actionOf(text);
  if (action === null) return <MessageText text={text} mentions={nobody} you="" />;
  return (
    <div className="message-action">
      <b>{name}</b> <MessageText text={action} mentions={nobody} you="" />
    </div>
  );
};

/** An own message that is not in the log yet. It looks like the others, so that nothing jumps when it is. */
export const PendingRow = ({ row, room }: PendingRowProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const you = useChat((state) => state.you);
  const { message, first } = row;
  const locale = localeOf(i18n.language);
  const time = timeOf(message.at, locale);
  const name = you?.name ?? '';
  const failed = message.state === 'failed';
  const head = first && actionOf(message.text) === null;
  return (
    <article
      id={`message-${message.id}`}
      className="message"
      data-first={first || undefined}
      data-pending
      tabIndex={-1}
      aria-label={t('message.label', { name, time })}
    >
      <div className="message-gutter">
        {head && you ? (
          <Avatar id={you.id} name={name} picture={you.avatar} />
        ) : (
          <time>{shortTimeOf(message.at, locale)}</time>
        )}
      </div>
      <div className="message-body">
        {head ? (
          <div className="message-head">
            <span className="message-author">{name}</span>
            <time className="message-time">{time}</time>
          </div>
        ) : null}
        {message.replyTo ? <MessageQuote quote={message.replyTo} room={room} /> : null}
        <PendingText text={message.text} name={name} />
        {message.files?.map((file) => (
          <p key={file.id} className="message-file">
            <bdi>{file.name}</bdi>
          </p>
        ))}
        {failed ? (
          <p className="message-failed" role="alert">
            <span>
              <CircleAlert className="message-failed-mark" size={16} aria-hidden="true" />{' '}
              {t('message.failed', {
                reason: t(`errors.${message.code ?? 'internal'}`, { count: limits.messageTextMaxChars }),
              })}
            </span>
            <Button look="bare" onPress={() => store.retry(room, message.id)}>
              {t('common.retry')}
            </Button>
            <Button look="bare" onPress={() => store.discard(room, message.id)}>
              {t('message.discard')}
            </Button>
          </p>
        ) : null}
      </div>
      {failed ? null : <WaitingState sent={message.state !== 'waiting'} kept={message.kept === true} />}
    </article>
  );
};

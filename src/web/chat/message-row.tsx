/** One message of the list, whoever wrote it, whatever became of it. */
import { Trash2 } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { momentOf, shortTimeOf, timeOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import type { Row } from '../store/rows.ts';
import { Avatar } from '../ui/avatar.tsx';
import { MessageEditor } from './message-editor.tsx';
import { StoredState } from './message-state.tsx';
import { MessageText } from './message-text.tsx';
import { MessageTools } from './message-tools.tsx';

interface MessageRowProps {
  readonly row: Extract<Row, { kind: 'message' }>;
  readonly you: string;
  readonly editing: boolean;
  readonly onEdit: (message: string | null) => void;
  readonly onDelete: (message: string) => void;
}

/** One message. Its tools are there when the pointer or the focus is: a tap gives the focus. */
export const MessageRow = ({ row, you, editing, onEdit, onDelete }: MessageRowProps) => {
  const { t, i18n } = useTranslation();
  const [near, setNear] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const locale = localeOf(i18n.language);
  const { message, first } = row;
  const own = message.by === you;
  const changeable = own && !message.deleted;
  const time = timeOf(message.at, locale);
  const moment = momentOf(message.at, locale);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || !changeable || event.ctrlKey || event.metaKey) return;
    if (event.key === 'e' || event.key === 'Enter') {
      event.preventDefault();
      onEdit(message.id);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      onDelete(message.id);
    }
  };

  const tools = !editing && !message.deleted && (near || menuOpen);
  return (
    <article
      id={`message-${message.id}`}
      className="message"
      data-first={first || undefined}
      data-near={near || menuOpen || undefined}
      tabIndex={-1}
      aria-label={t('message.label', { name: message.name, time })}
      // A finger enters and leaves with each tap; there the focus alone counts.
      onPointerEnter={(event) => event.pointerType !== 'touch' && setNear(true)}
      onPointerLeave={(event) => event.pointerType !== 'touch' && setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(event) => setNear(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={onKeyDown}
    >
      <div className="message-gutter">
        {first ? (
          <Avatar id={message.by} name={message.name} />
        ) : (
          <time dateTime={new Date(message.at).toISOString()} title={moment}>
            {shortTimeOf(message.at, locale)}
          </time>
        )}
      </div>
      <div>
        {first ? (
          <div className="message-head">
            <span className="message-author" title={message.name}>
              {message.name}
            </span>
            <time className="message-time" dateTime={new Date(message.at).toISOString()} title={moment}>
              {time}
            </time>
          </div>
        ) : null}
        {message.deleted ? (
          <p className="message-deleted">
            <Trash2 size={14} aria-hidden="true" />
            {t('message.deleted')}
          </p>
        ) : editing ? (
          <MessageEditor message={message} onDone={() => onEdit(null)} />
        ) : (
          <p className="message-text">
            <MessageText text={message.text} />
            {message.editedAt ? (
              <span className="message-edited" title={momentOf(message.editedAt, locale)}>
                {t('message.edited')}
              </span>
            ) : null}
          </p>
        )}
      </div>
      {own && !message.deleted && row.stored !== null ? <StoredState servers={row.stored} /> : null}
      {tools ? (
        <MessageTools
          message={message}
          own={own}
          onOpenChange={setMenuOpen}
          onEdit={() => onEdit(message.id)}
          onDelete={() => onDelete(message.id)}
        />
      ) : null}
    </article>
  );
};

/** One message of the list, whoever wrote it, whatever became of it. */
import './message-row.css';
import { Pin, Trash2 } from 'lucide-react';
import { type KeyboardEvent, memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message, User } from '../../client/index.ts';
import { momentOf, shortTimeOf, timeOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { actionOf, type Row } from '../store/rows.ts';
import type { Mentioned } from '../text/mentions.ts';
import { MessageText } from '../text/message-text.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { openDialog } from './dialog-kind.ts';
import { MessageAttachments } from './message-attachments.tsx';
import { useDesk, usePart } from './message-desk.ts';
import { MessageEditor } from './message-editor.tsx';
import { deedOf, perform } from './message-keys.ts';
import { useLongPress } from './message-long-press.ts';
import { MessageQuote } from './message-quote.tsx';
import { MessageReactions } from './message-reactions.tsx';
import { MessageReceipts } from './message-receipts.tsx';
import { StoredState } from './message-state.tsx';
import { MessageTools } from './message-tools.tsx';

interface MessageRowProps {
  readonly row: Extract<Row, { kind: 'message' }>;
  readonly you: string;
  /** Whether one may write in the room. */
  readonly mayWrite: boolean;
  /** Ids of who has read up to here, with blanks between them. */
  readonly readers: string;
  /** Somebody was led here: it shows for a moment which one was meant. */
  readonly marked: boolean;
}

type Users = ReadonlyMap<string, User>;
const nobody: readonly Mentioned[] = [];

/** Names by which the message's text may mention people. */
const mentionsIn = (message: Message, users: Users): readonly Mentioned[] =>
  message.mentions
    ?.map((id) => ({ id, name: id === 'room' ? id : (users.get(id)?.name ?? '') }))
    .filter((one) => one.name) ?? nobody;

const Edited = ({ message, locale }: { readonly message: Message; readonly locale: string }) => {
  const { t } = useTranslation();
  const desk = useDesk();
  if (!message.editedAt) return null;
  return (
    <button
      type="button"
      className="message-edited"
      title={momentOf(message.editedAt, locale)}
      aria-label={t('tools.wordings')}
      onClick={() => desk.dialog.set({ kind: 'wordings', message })}
    >
      {t('message.edited')}
    </button>
  );
};

interface ContentProps {
  readonly message: Message;
  readonly you: string;
  readonly users: Users;
  readonly locale: string;
}

const Content = memo(({ message, you, users, locale }: ContentProps): ReactNode => {
  const { t } = useTranslation();
  const mentions = useMemo(() => mentionsIn(message, users), [message, users]);
  if (message.deleted) {
    return (
      <p className="message-deleted">
        <Trash2 size={14} aria-hidden="true" />
        {t('message.deleted')}
      </p>
    );
  }
  const action = actionOf(message.text);
  const view = (
    <MessageText
      text={action ?? message.text}
      mentions={mentions}
      you={you}
      tail={message.editedAt ? <Edited message={message} locale={locale} /> : null}
    />
  );
  if (action === null) return message.text === '' ? null : view;
  return (
    <div className="message-action">
      <b>{message.name}</b> {view}
    </div>
  );
});

/** One message. Its tools are there when the pointer or the focus is: a tap gives the focus. */
export const MessageRow = ({ row, you, mayWrite, readers, marked }: MessageRowProps) => {
  const { t, i18n } = useTranslation();
  const desk = useDesk();
  const [near, setNear] = useState(false);
  const users = useChat((state) => state.directory.users);
  const editing = usePart(desk.editing, (id) => id === row.key);
  const menuOpen = usePart(desk.dialog, (dialog) => dialog?.message.id === row.key && 'anchor' in dialog);
  const article = useRef<HTMLElement>(null);
  const locale = localeOf(i18n.language);
  const { message, first } = row;
  const own = message.by === you;
  const keepsOrder = useChat((state) => state.you?.role === 'owner' || state.you?.role === 'admin');
  const isAction = !message.deleted && actionOf(message.text) !== null;
  const time = timeOf(message.at, locale);
  const moment = momentOf(message.at, locale);
  const longPress = useLongPress((anchor) => {
    if (!message.deleted && !editing) desk.dialog.set({ kind: 'menu', message, anchor });
  });

  // What was open about it gives the focus back to the message, which then shows its tools.
  useEffect(() => {
    if (!menuOpen) setNear((was) => was && (article.current?.matches(':hover, :focus-within') ?? false));
  }, [menuOpen]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = deedOf(event.key, { message, own, mayWrite, mayDelete: own || keepsOrder });
    if (deed === null) return;
    event.preventDefault();
    perform(deed, desk, message, event.currentTarget);
  };

  const head = first && !isAction;
  const tools = !editing && !message.deleted && (near || menuOpen);
  return (
    <article
      ref={article}
      id={`message-${message.id}`}
      className="message"
      data-first={first || undefined}
      data-near={near || menuOpen || undefined}
      data-marked={marked || undefined}
      data-pinned={message.pinned ? true : undefined}
      data-mentions={message.mentions?.some((id) => id === you || id === 'room') || undefined}
      tabIndex={-1}
      aria-label={t('message.label', { name: message.name, time })}
      {...longPress}
      // A finger enters and leaves with each tap; there the focus alone counts.
      onPointerEnter={(event) => event.pointerType !== 'touch' && setNear(true)}
      onPointerLeave={(event) => event.pointerType !== 'touch' && setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(event) => setNear(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={onKeyDown}
    >
      <div className="message-gutter">
        {head ? (
          <Avatar id={message.by} name={message.name} picture={users.get(message.by)?.avatar} />
        ) : (
          <time
            dateTime={new Date(message.at).toISOString()}
            title={moment}
            data-shown={isAction && first ? true : undefined}
          >
            {shortTimeOf(message.at, locale)}
          </time>
        )}
      </div>
      <div className="message-body">
        {message.pinned ? (
          <p className="message-pinned">
            <Pin size={13} aria-hidden="true" />
            {t('pins.by', { name: users.get(message.pinned.by)?.name ?? '' })}
          </p>
        ) : null}
        {head ? (
          <div className="message-head">
            <button
              type="button"
              className="message-author"
              tabIndex={-1}
              title={message.name}
              onClick={() => openDialog({ kind: 'profile', user: message.by, room: message.room })}
            >
              {message.name}
            </button>
            <time className="message-time" dateTime={new Date(message.at).toISOString()} title={moment}>
              {time}
            </time>
          </div>
        ) : null}
        {message.replyTo && !message.deleted ? <MessageQuote quote={message.replyTo} room={message.room} /> : null}
        {editing && !message.deleted ? (
          <MessageEditor message={message} onDone={() => desk.edit(null)} />
        ) : (
          <Content message={message} you={you} users={users} locale={locale} />
        )}
        {message.files && !message.deleted ? <MessageAttachments files={message.files} message={message} /> : null}
        {message.reactions && !message.deleted ? (
          <MessageReactions
            message={message}
            reactions={message.reactions}
            you={you}
            users={users}
            mayReact={mayWrite}
          />
        ) : null}
      </div>
      <div className="message-side">
        {own && !message.deleted && row.stored !== null ? <StoredState servers={row.stored} /> : null}
      </div>
      {readers === '' ? null : <MessageReceipts readers={readers} users={users} />}
      {tools ? <MessageTools message={message} own={own} mayWrite={mayWrite} /> : null}
    </article>
  );
};

/** Where one writes. Enter sends, Shift+Enter begins a line, ArrowUp in an empty one edits the last message. */
import './composer.css';
import { SendHorizontal, Smile } from 'lucide-react';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits, type Quote, type Room } from '../../client/index.ts';
import { pressed } from '../app/shortcuts.ts';
import { useCell } from '../store/cell.ts';
import { readDraft, writeDraft } from '../store/drafts.ts';
import { useStore } from '../store/hooks.ts';
import { lastEditable } from '../store/timeline.ts';
import { IconButton } from '../ui/button.tsx';
import { ComposerNotice } from './composer-notice.tsx';
import { prefetchEmoji } from './composer-suggestions.ts';
import { ComposerText, type TextHandle } from './composer-text.tsx';
import { useDesk } from './message-desk.ts';
import { ReplyBanner } from './reply-banner.tsx';
import { useRoomTitle } from './room-title.ts';
import { parseSlash } from './slash-commands.ts';
import { runSlash } from './slash-run.ts';

const loadPicker = () => import('./emoji-popover.tsx');
const EmojiPopover = lazy(async () => ({ default: (await loadPicker()).EmojiPopover }));

/** The counter appears when so few characters are left. */
const countFrom = 500;

/** Files that go with the next message. */
export interface ComposerAttachments {
  /** Whether there are any that do not go with a message already. */
  readonly attached: boolean;
  /** What is shown of them above the text. */
  readonly tray: ReactNode;
  /** The way to choose some, before the text. */
  readonly button: ReactNode;
  /** Sends the message with them: now, or when they have arrived whole. */
  readonly send: (text: string, replyTo: Quote | null) => void;
}

interface ComposerProps {
  readonly room: Room;
  readonly attachments?: ComposerAttachments;
}

const Count = ({ left }: { readonly left: number }) => {
  const { t } = useTranslation();
  return (
    <span className="composer-count" data-over={left < 0 || undefined}>
      <span aria-hidden="true">{left}</span>
      <span className="hidden-visually" role="status">
        {left >= 0 ? t('composer.left', { count: left }) : t('composer.over', { count: -left })}
      </span>
    </span>
  );
};

export const Composer = ({ room, attachments }: ComposerProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const desk = useDesk();
  const quote = useCell(desk.replyingTo);
  const [text, setText] = useState(() => readDraft(room.id));
  const returned = useCell(desk.returned);
  const [picking, setPicking] = useState<HTMLElement | null>(null);
  const field = useRef<TextHandle>(null);
  const attached = attachments?.attached ?? false;
  const left = limits.messageTextMaxChars - text.length;
  const sendable = (text.trim() !== '' || attached) && left >= 0;
  const title = useRoomTitle(room);
  const words = t('composer.placeholder', { name: title });

  useEffect(() => {
    if (returned === null) return;
    setText((now) => (now === '' ? returned : `${returned}\n${now}`));
    desk.returned.set(null);
  }, [desk, returned]);

  // At once: a page may be reloaded in the moment after a key, and what was sent just now must not be there again.
  useEffect(() => writeDraft(room.id, text), [room.id, text]);

  useEffect(() => {
    // Not where it would open a keyboard over what one came to read.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => {
      prefetchEmoji(i18n.language);
      loadPicker().catch(() => undefined);
    }, 2_000);
    return () => clearTimeout(timer);
  }, [i18n.language]);

  const send = () => {
    if (!sendable) return;
    const meant = parseSlash(text.trim());
    field.current?.focus();
    if (meant.kind === 'unknown') {
      desk.notice.set({ tone: 'problem', key: 'unknown', name: meant.name });
      return;
    }
    desk.notice.set(null);
    if (meant.kind === 'command') {
      const written = text;
      setText('');
      void runSlash(desk, meant.name, meant.rest).then((done) => {
        if (!done) setText((now) => (now === '' ? written : now));
      });
      return;
    }
    if (attached) attachments?.send(meant.text, quote);
    else store.send(room.id, meant.text, quote ? { replyTo: quote } : {});
    desk.replyingTo.set(null);
    setText('');
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (pressed('send', event)) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && (quote || desk.notice.get())) {
      event.preventDefault();
      if (desk.notice.get()) desk.notice.set(null);
      else desk.replyingTo.set(null);
    } else if (pressed('editLast', event) && text === '') {
      const timeline = store.state.timelines.get(room.id);
      const last = timeline ? lastEditable(timeline, store.state.you?.id ?? '') : null;
      if (!last) return;
      event.preventDefault();
      desk.edit(last.id);
      store.jumpTo(room.id, last.index);
    }
  };

  return (
    <div className="composer">
      <ComposerNotice />
      <div className="composer-box">
        {quote ? <ReplyBanner quote={quote} onCancel={() => desk.replyingTo.set(null)} /> : null}
        {attachments?.tray}
        <div className="composer-line">
          {attachments?.button}
          <ComposerText
            ref={field}
            room={room}
            className="composer-text"
            value={text}
            onChange={(value) => {
              setText(value);
              if (value.trim() !== '') store.typing(room.id);
            }}
            onKeyDown={onKeyDown}
            placeholder={words}
            label={words}
            isComposer
          />
          {left < countFrom ? <Count left={left} /> : null}
          <IconButton
            label={t('emoji.open')}
            className="composer-emoji"
            aria-haspopup="dialog"
            aria-expanded={picking !== null}
            onPress={(event) => setPicking(event.target.closest<HTMLElement>('button'))}
          >
            <Smile size={20} aria-hidden="true" />
          </IconButton>
          <IconButton label={t('composer.send')} className="composer-send" isDisabled={!sendable} onPress={send}>
            <SendHorizontal size={20} aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      {picking ? (
        <Suspense fallback={null}>
          <EmojiPopover
            anchor={picking}
            onClose={() => setPicking(null)}
            onPick={(emoji) => {
              setPicking(null);
              // The popover gives the focus back first.
              setTimeout(() => field.current?.insert(emoji));
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
};

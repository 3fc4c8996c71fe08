/** Where one writes. Enter sends, Shift+Enter begins a line, ArrowUp in an empty one edits the last message. */
import './composer.css';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits, type Room } from '../../client/index.ts';
import { readDraft, writeDraft } from '../store/drafts.ts';
import { useStore } from '../store/hooks.ts';
import { lastEditable } from '../store/timeline.ts';
import { IconButton } from '../ui/button.tsx';
import { GrowingText } from '../ui/growing-text.tsx';

/** The counter appears when so few characters are left. */
const countFrom = 500;

interface ComposerProps {
  readonly room: Room;
  readonly onEditLast: (message: string) => void;
}

export const Composer = ({ room, onEditLast }: ComposerProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const [text, setText] = useState(() => readDraft(room.id));
  const field = useRef<HTMLTextAreaElement>(null);
  const left = limits.messageTextMaxChars - text.length;
  const sendable = text.trim() !== '' && left >= 0;

  // At once: a page may be reloaded in the moment after a key, and what was sent just now must not be there again.
  useEffect(() => writeDraft(room.id, text), [room.id, text]);

  useEffect(() => {
    // Not where it would open a keyboard over what one came to read.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  const send = () => {
    if (!sendable) return;
    store.send(room.id, text.trim());
    setText('');
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      const timeline = store.state.timelines.get(room.id);
      const last = timeline ? lastEditable(timeline, store.state.you?.id ?? '') : null;
      if (!last) return;
      event.preventDefault();
      onEditLast(last.id);
    }
  };

  return (
    <div className="composer">
      <div className="composer-box">
        <GrowingText
          ref={field}
          className="composer-text"
          value={text}
          onChange={(value) => {
            setText(value);
            if (value.trim() !== '') store.typing(room.id);
          }}
          onKeyDown={onKeyDown}
          placeholder={t('composer.placeholder', { name: room.name })}
          aria-label={t('composer.placeholder', { name: room.name })}
          enterKeyHint="send"
          data-composer
        />
        {left < countFrom ? (
          <span className="composer-count" data-over={left < 0 || undefined}>
            <span aria-hidden="true">{left}</span>
            <span className="hidden-visually" role="status">
              {left >= 0 ? t('composer.left', { count: left }) : t('composer.over', { count: -left })}
            </span>
          </span>
        ) : null}
        <IconButton label={t('composer.send')} className="composer-send" isDisabled={!sendable} onPress={send}>
          <SendHorizontal size={20} aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
};

/** The field in which an own message is changed, in the message's place. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EstafetError, limits, type Message } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { ComposerText, type TextHandle } from './composer-text.tsx';
import { focusComposer } from './focus-composer.ts';

interface MessageEditorProps {
  readonly message: Message;
  readonly onDone: () => void;
}

/** Changes an own message in its place. Enter saves, Escape leaves it as it was. */
export const MessageEditor = ({ message, onDone }: MessageEditorProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const [text, setText] = useState(message.text);
  const [code, setCode] = useState<EstafetError['code'] | null>(null);
  const [busy, setBusy] = useState(false);
  const room = useChat((state) => state.directory.rooms.get(message.room));
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<TextHandle>(null);

  useEffect(() => {
    const written = box.current?.querySelector('textarea');
    written?.focus();
    written?.setSelectionRange(written.value.length, written.value.length);
    box.current?.closest('.message')?.scrollIntoView({ block: 'nearest' });
  }, []);

  const close = () => {
    onDone();
    focusComposer();
  };
  const save = async () => {
    if (busy || text.length > limits.messageTextMaxChars) return;
    const changed = text.trim();
    if (changed === message.text) return close();
    setBusy(true);
    setCode(null);
    try {
      await store.do('message.edit', { message: message.id, text: changed });
      close();
    } catch (error) {
      setCode(error instanceof EstafetError ? error.code : 'internal');
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void save();
    }
  };

  if (!room) return null;
  return (
    <div className="message-edit" ref={box}>
      <ComposerText
        ref={field}
        room={room}
        className="message-edit-text"
        value={text}
        onChange={setText}
        onKeyDown={onKeyDown}
        label={t('message.editing')}
      />
      {code ? (
        <p className="message-edit-problem" role="alert">
          {t(`errors.${code}`, { count: limits.messageTextMaxChars })}
        </p>
      ) : null}
      <div className="message-edit-actions">
        <Button small onPress={() => void save()} busy={busy}>
          {t('message.save')}
        </Button>
        <Button small look="quiet" onPress={close}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  );
};

/** What is pinned to a room, the newest pin first. It is read when the panel opens, and again when a pin comes or goes. */
import './pins-panel.css';
import { ArrowUpRight, Pin, PinOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatEvent, Message, Room } from '../../client/index.ts';
import { useNarrow } from '../app/media.ts';
import { momentOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { MarkdownView } from '../text/markdown-view.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { useLatest } from '../ui/use-latest.ts';
import { MessageAttachments } from './message-attachments.tsx';
import { PanelFrame, type PanelProps } from './side-panel-frame.tsx';
import { closePanel } from './side-panel-state.ts';

const nobody: readonly never[] = [];

type Found = readonly Message[] | 'failed' | null;

/** The pinned messages of a room as they are now. */
const usePins = (room: string): readonly [Found, () => void] => {
  const store = useStore();
  const [found, setFound] = useState<Found>(null);
  const wanted = useRef('');
  const ask = useLatest(async () => {
    wanted.current = room;
    try {
      const answer = await store.request('GET', `/api/v1/rooms/${encodeURIComponent(room)}/pins`);
      if (wanted.current === room) setFound((answer as { readonly messages: readonly Message[] }).messages);
    } catch {
      setFound((before) => (Array.isArray(before) ? before : 'failed'));
    }
  });
  useEffect(() => {
    void ask();
    return store.listen((events) => {
      const isAbout = (event: ChatEvent) =>
        'message' in event && event.message.room === room && event.type !== 'message.posted';
      if (events.some(isAbout)) void ask();
    });
  }, [store, room, ask]);
  return [found, () => void ask()];
};

const PinnedMessage = ({
  message,
  room,
  onJump,
}: {
  readonly message: Message;
  readonly room: Room;
  readonly onJump: () => void;
}) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const users = useChat((state) => state.directory.users);
  const mayUnpin = room.joined && room.archived !== true;
  return (
    <li className="pin">
      <div className="pin-head">
        <Avatar id={message.by} name={message.name} picture={users.get(message.by)?.avatar} size={24} />
        <b className="pin-name">{message.name}</b>
        <IconButton label={t('pins.jump')} onPress={onJump}>
          <ArrowUpRight size={16} aria-hidden="true" />
        </IconButton>
        {mayUnpin ? (
          <IconButton
            label={t('tools.unpin')}
            onPress={() => void store.do('message.pin', { message: message.id, on: false }).catch(() => undefined)}
          >
            <PinOff size={16} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
      <div className="pin-text">
        <MarkdownView text={message.text} mentions={nobody} you="" />
        {message.files ? <MessageAttachments files={message.files} message={message} /> : null}
      </div>
      <p className="pin-at">
        <time dateTime={new Date(message.at).toISOString()}>{momentOf(message.at, localeOf(i18n.language))}</time>
        {message.pinned ? ` · ${t('pins.by', { name: users.get(message.pinned.by)?.name ?? '' })}` : null}
      </p>
    </li>
  );
};

export const PinsPanel = ({ room }: PanelProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const narrow = useNarrow();
  const [found, askAgain] = usePins(room.id);
  const jump = (message: Message) => {
    // On a phone the panel covers the room.
    if (narrow) closePanel();
    store.jumpTo(room.id, message.index);
  };
  return (
    <PanelFrame title={t('pins.title')}>
      {found === 'failed' ? (
        <div className="pins-failed">
          <p>{t('pins.failed')}</p>
          <Button look="quiet" onPress={askAgain}>
            {t('common.retry')}
          </Button>
        </div>
      ) : null}
      {Array.isArray(found) && found.length === 0 ? (
        <Empty title={t('pins.none')} about={t('pins.noneAbout')} picture={<Pin size={32} aria-hidden="true" />} />
      ) : null}
      {Array.isArray(found) && found.length > 0 ? (
        <ul className="pins scroll" {...scrollable} aria-label={t('pins.title')}>
          {(found as readonly Message[]).map((message) => (
            <PinnedMessage key={message.id} message={message} room={room} onJump={() => jump(message)} />
          ))}
        </ul>
      ) : null}
    </PanelFrame>
  );
};

/** Everything that can be done with a message: a menu beside it, or, where fingers point, a sheet from below. */
import './message-menu.css';
import { Copy, History, Link2, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { plainText } from '../text/markdown.ts';
import { Item, OpenMenu } from '../ui/menu-parts.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { recentEmoji } from './emoji-recent.ts';
import { useDesk } from './message-desk.ts';

interface Entry {
  readonly text: string;
  readonly icon: ReactNode;
  readonly danger?: boolean;
  readonly onAction: () => void;
}

const isCoarse = (): boolean => matchMedia('(pointer: coarse)').matches;
const quickMax = 6;

const useEntries = (message: Message, anchor: HTMLElement): readonly Entry[] => {
  const { t } = useTranslation();
  const desk = useDesk();
  const you = useChat((state) => state.you?.id) ?? '';
  const room = useChat((state) => state.directory.rooms.get(message.room));
  const mayWrite = room?.joined === true && room.archived !== true;
  const own = message.by === you;
  const keepsOrder = useChat((state) => state.you?.role === 'owner' || state.you?.role === 'admin');
  const entries: (Entry | false)[] = [
    mayWrite && {
      text: t('tools.react'),
      icon: <SmilePlus size={18} aria-hidden="true" />,
      onAction: () => setTimeout(() => desk.dialog.set({ kind: 'reactions', message, anchor })),
    },
    mayWrite && {
      text: t('tools.reply'),
      icon: <Reply size={18} aria-hidden="true" />,
      onAction: () => desk.reply(message),
    },
    message.text !== '' && {
      text: t('message.copy'),
      icon: <Copy size={18} aria-hidden="true" />,
      onAction: () => void desk.copy(message, 'text'),
    },
    {
      text: t('tools.copyLink'),
      icon: <Link2 size={18} aria-hidden="true" />,
      onAction: () => void desk.copy(message, 'link'),
    },
    mayWrite && {
      text: message.pinned ? t('tools.unpin') : t('tools.pin'),
      icon: message.pinned ? <PinOff size={18} aria-hidden="true" /> : <Pin size={18} aria-hidden="true" />,
      onAction: () => desk.pin(message, !message.pinned),
    },
    message.editedAt !== undefined && {
      text: t('tools.wordings'),
      icon: <History size={18} aria-hidden="true" />,
      onAction: () => setTimeout(() => desk.dialog.set({ kind: 'wordings', message })),
    },
    own &&
      mayWrite && {
        text: t('message.edit'),
        icon: <Pencil size={18} aria-hidden="true" />,
        onAction: () => setTimeout(() => desk.edit(message.id)),
      },
    (own || keepsOrder) && {
      text: t('message.delete'),
      icon: <Trash2 size={18} aria-hidden="true" />,
      danger: true,
      onAction: () => setTimeout(() => desk.dialog.set({ kind: 'delete', message })),
    },
  ];
  return entries.filter((entry) => entry !== false);
};

interface MessageMenuProps {
  readonly message: Message;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}

export const MessageMenu = ({ message, anchor, onClose }: MessageMenuProps) => {
  const { t } = useTranslation();
  const desk = useDesk();
  const entries = useEntries(message, anchor);
  const mayReact = useChat((state) => state.directory.rooms.get(message.room)?.joined === true);
  if (!isCoarse()) {
    // A whole row is too large to stand beside: there the menu belongs to the row's end.
    const triggerRef = { current: anchor };
    return (
      <OpenMenu label={t('message.more')} placement="bottom end" triggerRef={triggerRef} from="first" onClose={onClose}>
        {entries.map((entry) => (
          <Item key={entry.text} {...entry} />
        ))}
      </OpenMenu>
    );
  }
  const act = (deed: () => void) => {
    onClose();
    deed();
  };
  return (
    <Sheet label={t('message.more')} onClose={onClose}>
      <p className="message-menu-quote">
        <b>{message.name}</b> <bdi>{plainText(message.text)}</bdi>
      </p>
      {mayReact ? (
        <div className="message-menu-quick">
          {recentEmoji()
            .slice(0, quickMax)
            .map((emoji) => (
              <Button
                key={emoji}
                className="message-menu-emoji"
                aria-label={t('tools.reactWith', { emoji })}
                onPress={() => act(() => desk.react(message, emoji))}
              >
                {emoji}
              </Button>
            ))}
        </div>
      ) : null}
      {entries.map(({ text, icon, danger, onAction }) => (
        <Button
          key={text}
          className={`menu-item message-menu-item${danger ? ' menu-item-danger' : ''}`}
          onPress={() => act(onAction)}
        >
          {icon}
          {text}
        </Button>
      ))}
    </Sheet>
  );
};

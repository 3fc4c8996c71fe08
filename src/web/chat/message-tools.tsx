/** The tools beside a message under the pointer: one press for what is done most, and the way to the rest. */
import { Ellipsis, Pencil, Reply, SmilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../client/index.ts';
import { IconButton } from '../ui/button.tsx';
import { recentEmoji } from './emoji-recent.ts';
import { useDesk } from './message-desk.ts';

const hovers = matchMedia('(hover: hover)').matches;
/** So many reactions are one press away. */
const quickMax = 3;

const anchorOf = (target: Element): HTMLElement => target.closest<HTMLElement>('button') ?? (target as HTMLElement);

interface MessageToolsProps {
  readonly message: Message;
  readonly own: boolean;
  /** Whether one may write in the room, and so react and answer. */
  readonly mayWrite: boolean;
}

/** What is done with messages most; the rest is in the menu. */
export const MessageTools = ({ message, own, mayWrite }: MessageToolsProps) => {
  const { t } = useTranslation();
  const desk = useDesk();
  return (
    <div className="message-tools">
      {mayWrite && hovers
        ? recentEmoji()
            .slice(0, quickMax)
            .map((emoji) => (
              <IconButton
                key={emoji}
                label={t('tools.reactWith', { emoji })}
                className="message-tools-quick"
                onPress={() => desk.react(message, emoji)}
              >
                <span aria-hidden="true">{emoji}</span>
              </IconButton>
            ))
        : null}
      {mayWrite ? (
        <IconButton
          label={t('tools.react')}
          aria-haspopup="dialog"
          onPress={(event) => desk.dialog.set({ kind: 'reactions', message, anchor: anchorOf(event.target) })}
        >
          <SmilePlus size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
      {mayWrite ? (
        <IconButton label={t('tools.reply')} onPress={() => desk.reply(message)}>
          <Reply size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
      {own && mayWrite && hovers ? (
        <IconButton label={t('message.edit')} onPress={() => desk.edit(message.id)}>
          <Pencil size={16} aria-hidden="true" />
        </IconButton>
      ) : null}
      <IconButton
        label={t('message.more')}
        aria-haspopup="menu"
        onPress={(event) => desk.dialog.set({ kind: 'menu', message, anchor: anchorOf(event.target) })}
      >
        <Ellipsis size={18} aria-hidden="true" />
      </IconButton>
    </div>
  );
};

/** Reactions below a message: each with its count, one's own marked, and who they are of in a tooltip. */
import './message-reactions.css';
import { SmilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Message, Reaction, User } from '../../client/index.ts';
import { useTip } from '../ui/tip.tsx';
import { useDesk } from './message-desk.ts';

/** As many names are said. */
const namesMax = 12;

interface PillProps {
  readonly message: Message;
  readonly reaction: Reaction;
  readonly you: string;
  readonly users: ReadonlyMap<string, User>;
  readonly mayReact: boolean;
}

const Pill = ({ message, reaction, you, users, mayReact }: PillProps) => {
  const { t, i18n } = useTranslation();
  const desk = useDesk();
  const own = reaction.by.includes(you);
  const others = reaction.by.filter((id) => id !== you).flatMap((id) => users.get(id)?.name ?? []);
  const named = [...(own ? [t('reactions.you')] : []), ...others].slice(0, namesMax);
  const more = reaction.count - named.length;
  const people = more > 0 ? [...named, t('reactions.more', { count: more })] : named;
  const list = new Intl.ListFormat(i18n.language, { style: 'long' }).format(people);
  const { handlers, tip } = useTip(
    <>
      <span className="reaction-large">{reaction.emoji}</span> {list}
    </>,
  );
  return (
    <>
      <button
        type="button"
        {...handlers}
        className="reaction"
        aria-pressed={own}
        aria-label={t('reactions.label', { emoji: reaction.emoji, count: reaction.count, names: list })}
        disabled={!mayReact}
        onClick={() => desk.react(message, reaction.emoji)}
      >
        <span aria-hidden="true">{reaction.emoji}</span>
        <span aria-hidden="true">{reaction.count}</span>
      </button>
      {tip}
    </>
  );
};

interface MessageReactionsProps extends Omit<PillProps, 'reaction'> {
  readonly reactions: readonly Reaction[];
}

export const MessageReactions = ({ reactions, ...rest }: MessageReactionsProps) => {
  const { t } = useTranslation();
  const desk = useDesk();
  return (
    // A list of buttons, and no toolbar: each is reached by the Tab key.
    <ul className="reactions" aria-label={t('reactions.title')}>
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Pill reaction={reaction} {...rest} />
        </li>
      ))}
      {rest.mayReact ? (
        <li>
          <button
            type="button"
            className="reaction reaction-add"
            aria-label={t('tools.react')}
            aria-haspopup="dialog"
            onClick={(event) =>
              desk.dialog.set({ kind: 'reactions', message: rest.message, anchor: event.currentTarget })
            }
          >
            <SmilePlus size={16} aria-hidden="true" />
          </button>
        </li>
      ) : null}
    </ul>
  );
};

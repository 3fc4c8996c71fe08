import { useTranslation } from 'react-i18next';
import type { User } from '../../client/index.ts';
import { Avatar } from '../ui/avatar.tsx';
import { useTip } from '../ui/tip.tsx';

const shownMax = 3;
const namesMax = 12;

interface MessageReceiptsProps {
  /** Ids, with blanks between them. */
  readonly readers: string;
  readonly users: ReadonlyMap<string, User>;
}

/** Who has read up to this message and not further: small pictures at its lower edge, so that no text moves for them. */
export const MessageReceipts = ({ readers, users }: MessageReceiptsProps) => {
  const { t, i18n } = useTranslation();
  const people = readers.split(' ').flatMap((id) => users.get(id) ?? []);
  const more = people.length - namesMax;
  const names = people.slice(0, namesMax).map((user) => user.name);
  const list = new Intl.ListFormat(i18n.language, { style: 'long' }).format(
    more > 0 ? [...names, t('reactions.more', { count: more })] : names,
  );
  const words = t('receipts.readBy', { names: list });
  const { handlers, tip } = useTip(words);
  if (people.length === 0) return null;
  const hidden = people.length - shownMax;
  return (
    <span className="receipts" {...handlers}>
      {people.slice(0, shownMax).map((user) => (
        <Avatar key={user.id} id={user.id} name={user.name} picture={user.avatar} size={16} />
      ))}
      {hidden > 0 ? (
        <span className="receipts-more" aria-hidden="true">
          +{hidden}
        </span>
      ) : null}
      <span className="hidden-visually">{words}</span>
      {tip}
    </span>
  );
};

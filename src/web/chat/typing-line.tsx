import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { noticeOf } from '../store/link.ts';

const namesShown = 3;

/** Who is typing. Gives way to news of the connection. */
export const TypingLine = ({ room }: { readonly room: string }) => {
  const { t, i18n } = useTranslation();
  const typing = useChat((state) => state.typing.get(room));
  const users = useChat((state) => state.directory.users);
  const calm = useChat((state) => noticeOf(state.link).calm);
  if (!calm || !typing || typing.size === 0) return null;
  const names = [...typing.keys()].flatMap((id) => users.get(id)?.name ?? []);
  if (names.length === 0) return null;
  const list = new Intl.ListFormat(i18n.language, { style: 'short' }).format(names.slice(0, namesShown));
  const words =
    names.length > namesShown
      ? t('room.typingMany', { count: names.length })
      : t('room.typing', { count: names.length, names: list });
  return (
    <>
      <span className="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className="typing-names">{words}</span>
    </>
  );
};

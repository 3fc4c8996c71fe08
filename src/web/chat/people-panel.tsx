/** The people beside the conversation; on a phone, instead of it. */
import './people-panel.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { Avatar } from '../ui/avatar.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { PanelFrame, type PanelProps } from './side-panel.tsx';
import { byName } from './sort.ts';

/** As many offline people as are listed; a workspace may have thousands. */
const offlineShown = 200;

const Person = ({ user, online, you }: { readonly user: User; readonly online: boolean; readonly you: boolean }) => {
  const { t } = useTranslation();
  const about = [you ? t('people.you') : null, user.role === 'member' ? null : t(`roles.${user.role}`)];
  const words = about.filter((word) => word !== null).join(' · ');
  return (
    <li className="person" data-offline={!online || undefined}>
      <Avatar id={user.id} name={user.name} size={32} online={online} />
      <span className="person-words">
        <span className="person-name" title={user.name}>
          {user.name}
        </span>
        {words ? <span className="person-role">{words}</span> : null}
      </span>
    </li>
  );
};

/** Everybody in the workspace: who is here now, and who is not. */
export const PeoplePanel = (_: PanelProps) => {
  const { t, i18n } = useTranslation();
  const users = useChat((state) => state.directory.users);
  const online = useChat((state) => state.online);
  const you = useChat((state) => state.you?.id);
  const [here, away] = useMemo(() => {
    const all = [...users.values()].sort(byName(i18n.language));
    const isHere = (user: User) => user.id === you || (online?.has(user.id) ?? false);
    return [all.filter(isHere), all.filter((user) => !isHere(user))];
  }, [users, online, you, i18n.language]);
  const group = (title: string, people: readonly User[], isOnline: boolean) =>
    people.length === 0 ? null : (
      <section>
        <h3 className="people-heading">{title}</h3>
        <ul>
          {people.slice(0, isOnline ? undefined : offlineShown).map((user) => (
            <Person key={user.id} user={user} online={isOnline} you={user.id === you} />
          ))}
        </ul>
      </section>
    );
  return (
    <PanelFrame title={t('people.title')} hide={t('people.hide')}>
      <section className="people-list scroll" aria-label={t('people.title')} {...scrollable}>
        {group(t('people.online', { count: here.length }), here, true)}
        {group(t('people.offline', { count: away.length }), away, false)}
        {users.size <= 1 ? <p className="people-empty">{t('people.alone')}</p> : null}
      </section>
    </PanelFrame>
  );
};

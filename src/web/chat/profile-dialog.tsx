/** Somebody's card: who they are, what they say of themselves, and what one may do. */
import './profile-dialog.css';
import { MessageCircle, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role, Room, User } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';
import { dateOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { openDialog } from './dialog-kind.ts';
import { openDirect } from './open-direct.ts';
import { PersonAvatar } from './person-avatar.tsx';
import { mayRemove, rolesToGive } from './rights.ts';

const RoleChoice = ({ user, roles }: { readonly user: User; readonly roles: readonly Role[] }) => {
  const { t } = useTranslation();
  const store = useStore();
  const { busy, code, run } = useDoing();
  return (
    <div className="profile-role">
      <label>
        <span>{t('profile.role')}</span>
        <select
          className="select"
          value={user.role}
          disabled={busy}
          onChange={(event) =>
            void run(() => store.do('user.role', { user: user.id, role: event.target.value as Role }))
          }
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`profile.roles.${role}`)}
            </option>
          ))}
        </select>
      </label>
      <Problem code={code} />
    </div>
  );
};

const RemoveButton = ({
  user,
  room,
  onDone,
}: {
  readonly user: User;
  readonly room: Room;
  readonly onDone: () => void;
}) => {
  const { t } = useTranslation();
  const store = useStore();
  const [sure, setSure] = useState(false);
  const { busy, code, run } = useDoing();
  const remove = async () => {
    if (!sure) return setSure(true);
    if (await run(() => store.do('room.remove', { room: room.id, user: user.id }))) onDone();
  };
  return (
    <>
      <Problem code={code} />
      <Button look={sure ? 'danger' : 'quiet'} onPress={() => void remove()} busy={busy}>
        <UserMinus size={18} aria-hidden="true" />
        {sure ? t('profile.removeSure', { name: user.name }) : t('profile.remove', { room: room.name })}
      </Button>
    </>
  );
};

interface ProfileDialogProps {
  readonly user: string;
  readonly room: string | undefined;
  readonly onClose: () => void;
}

export const ProfileDialog = ({ user: id, room: roomId, onClose }: ProfileDialogProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const user = useChat((state) => state.directory.users.get(id));
  const you = useChat((state) => state.you);
  const room = useChat((state) => state.directory.rooms.get(roomId ?? ''));
  const online = useChat((state) => state.you?.id === id || (state.online?.has(id) ?? false));
  const { busy, code, run } = useDoing();
  if (!user || !you) return null;
  const own = user.id === you.id;
  const roles = rolesToGive(you, user);
  const talk = async () => {
    if (await run(() => openDirect(store, [user.id]))) onClose();
  };
  return (
    <Modal title={own ? t('profile.own') : t('profile.title')} onClose={onClose}>
      <div className="profile-card">
        <PersonAvatar id={user.id} size={72} presence />
        <div className="profile-words">
          <p className="profile-name">{user.name}</p>
          <p className="profile-facts">
            {online ? t('profile.online') : t('profile.offline')}
            {user.role === 'member' ? '' : ` · ${t(`roles.${user.role}`)}`}
          </p>
          <p className="profile-facts">
            {t('profile.joined', { date: dateOf(user.joinedAt, localeOf(i18n.language)) })}
          </p>
        </div>
      </div>
      {user.about ? <p className="profile-about">{user.about}</p> : null}
      {roles.length > 0 ? <RoleChoice user={user} roles={roles} /> : null}
      <Problem code={code} />
      <div className="dialog-actions">
        {room && room.id !== generalRoom && mayRemove(you, user, room) ? (
          <RemoveButton user={user} room={room} onDone={onClose} />
        ) : null}
        {own ? (
          <Button onPress={() => openDialog({ kind: 'settings' })}>{t('profile.edit')}</Button>
        ) : (
          <Button onPress={() => void talk()} busy={busy}>
            <MessageCircle size={18} aria-hidden="true" />
            {t('profile.talk')}
          </Button>
        )}
      </div>
    </Modal>
  );
};

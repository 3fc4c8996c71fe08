/** The people of a room beside the conversation: who is here now, who is not, and the way to bring in others. */
import './people-panel.css';
import { UserPlus } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Virtualizer } from 'virtua';
import type { User } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { openDialog } from './dialog-kind.ts';
import { peopleRows } from './people-rows.ts';
import { mayInvite } from './rights.ts';
import { PanelFrame, type PanelProps } from './side-panel-frame.tsx';

/** From so many people on there is a field to find one. */
const findFrom = 8;

interface PersonProps {
  readonly user: User;
  readonly here: boolean;
  readonly you: boolean;
  readonly room: string;
}

const Person = ({ user, here, you, room }: PersonProps) => {
  const { t } = useTranslation();
  const about = [you ? t('people.you') : null, user.role === 'member' ? null : t(`roles.${user.role}`)];
  const words = about.filter((word) => word !== null).join(' · ');
  return (
    <AriaButton
      className="person"
      data-offline={!here || undefined}
      aria-haspopup="dialog"
      onPress={() => openDialog({ kind: 'profile', user: user.id, room })}
    >
      <Avatar id={user.id} name={user.name} picture={user.avatar} size={32} online={here} />
      <span className="person-words">
        <span className="person-name">{user.name}</span>
        {words || user.about ? <span className="person-role">{words || user.about}</span> : null}
      </span>
    </AriaButton>
  );
};

export const PeoplePanel = ({ room }: PanelProps) => {
  const { t, i18n } = useTranslation();
  const users = useChat((state) => state.directory.users);
  const online = useChat((state) => state.online);
  const self = useChat((state) => state.you);
  const you = self?.id ?? '';
  const members = useChat((state) => state.members.get(room.id));
  const store = useStore();
  const missing = members === undefined && room.access !== 'direct';
  useEffect(() => {
    if (missing) store.loadMembers(room.id);
  }, [store, missing, room.id]);
  const [wanted, setWanted] = useState('');
  const scroller = useRef<HTMLElement>(null);
  const count = room.with?.length ?? members?.size ?? 0;
  const rows = useMemo(() => {
    const inRoom = room.with ?? [...(members?.keys() ?? [])];
    const people = inRoom.flatMap((id) => users.get(id) ?? []);
    return peopleRows({ people, online, you, language: i18n.language, wanted });
  }, [room.with, members, users, online, you, i18n.language, wanted]);

  const everybody = room.id === generalRoom;
  const inviting = self !== null && mayInvite(self, room);
  return (
    <PanelFrame title={t('people.title')} hide={t('people.hide')}>
      {inviting || count >= findFrom ? (
        <div className="people-tools">
          {inviting ? (
            <Button
              look="quiet"
              small
              onPress={() => openDialog(everybody ? { kind: 'workspace' } : { kind: 'invite', room: room.id })}
            >
              <UserPlus size={16} aria-hidden="true" />
              {everybody ? t('people.inviteAll') : t('people.invite')}
            </Button>
          ) : null}
          {count >= findFrom ? (
            <input
              className="people-find"
              type="text"
              aria-label={t('people.find')}
              placeholder={t('people.find')}
              autoComplete="off"
              spellCheck={false}
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
          ) : null}
        </div>
      ) : null}
      <section className="people-list scroll" aria-label={t('people.title')} ref={scroller}>
        {missing ? <p className="people-empty">{t('people.loading')}</p> : null}
        <Virtualizer as="ul" item="li" scrollRef={scroller} itemSize={44}>
          {rows.map((row) =>
            row.kind === 'heading' ? (
              <h3 key={`heading-${row.here}`} className="people-heading">
                {row.here ? t('people.online', { count: row.count }) : t('people.offline', { count: row.count })}
              </h3>
            ) : (
              <Person key={row.user.id} user={row.user} here={row.here} you={row.user.id === you} room={room.id} />
            ),
          )}
        </Virtualizer>
        {!missing && rows.length === 0 ? (
          <p className="people-empty" role="status">
            {t('people.none', { name: wanted.trim() })}
          </p>
        ) : null}
        {everybody && users.size <= 1 ? <p className="people-empty">{t('people.alone')}</p> : null}
      </section>
    </PanelFrame>
  );
};

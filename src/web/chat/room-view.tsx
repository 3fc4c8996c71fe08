/** One room: its head, its messages, what goes on, and where one writes. */
import './room-view.css';
import { ArrowLeft, Ellipsis, LogOut, UsersRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';
import { navigate } from '../app/router.ts';
import { useStore } from '../store/hooks.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuTrigger } from '../ui/menu.tsx';
import { Composer } from './composer.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { StatusNews } from './status-line.tsx';
import { TimelineView } from './timeline-view.tsx';
import { TypingLine } from './typing-line.tsx';

interface RoomViewProps {
  readonly room: Room;
  readonly people: boolean;
  readonly onPeople: (shown: boolean) => void;
  readonly narrow: boolean;
}

const RoomHead = ({ room, people, onPeople, narrow }: RoomViewProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const leave = async () => {
    await store.do('room.leave', { room: room.id });
    navigate('/');
  };
  return (
    <header className="pane-head">
      {narrow ? (
        <IconButton label={t('room.back')} onPress={() => navigate('/')}>
          <ArrowLeft size={22} aria-hidden="true" />
        </IconButton>
      ) : null}
      <div className="room-about">
        <h1 className="pane-title">#{room.name}</h1>
        <p className="room-topic">{room.topic || t('room.members', { count: room.members })}</p>
      </div>
      <IconButton
        label={people ? t('people.hide') : t('people.show')}
        aria-pressed={people}
        onPress={() => onPeople(!people)}
      >
        <UsersRound size={20} aria-hidden="true" />
      </IconButton>
      {room.joined && room.id !== generalRoom ? (
        <MenuTrigger>
          <IconButton label={t('room.menu', { name: room.name })}>
            <Ellipsis size={20} aria-hidden="true" />
          </IconButton>
          <Menu label={t('room.menu', { name: room.name })}>
            <MenuItem
              text={t('room.leave')}
              icon={<LogOut size={18} aria-hidden="true" />}
              onAction={() => void leave()}
            />
          </Menu>
        </MenuTrigger>
      ) : null}
    </header>
  );
};

const JoinBar = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const store = useStore();
  const [busy, setBusy] = useState(false);
  const join = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await store.joinRoom(room.id);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="room-preview">
      <p>{t('room.preview')}</p>
      <Button onPress={() => void join()} busy={busy} aria-label={t('room.join', { name: room.name })}>
        {t('browse.join')}
      </Button>
    </div>
  );
};

export const RoomView = (props: RoomViewProps) => {
  const { room } = props;
  const store = useStore();
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  useEffect(() => {
    store.openRoom(room.id);
    return () => store.closeRoom(room.id);
  }, [store, room.id]);
  return (
    <main className="pane room" id="main">
      <RoomHead {...props} />
      <TimelineView room={room} editing={editing} onEdit={setEditing} onDelete={setDeleting} />
      <div className="room-strip">
        <StatusNews />
        <TypingLine room={room.id} />
      </div>
      {room.joined ? <Composer room={room} onEditLast={setEditing} /> : <JoinBar room={room} />}
      {deleting ? <DeleteDialog room={room.id} message={deleting} onClose={() => setDeleting(null)} /> : null}
    </main>
  );
};

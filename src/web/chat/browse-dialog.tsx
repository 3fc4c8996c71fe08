/** The rooms of the workspace: to look for one, to join it, to make another. */
import './browse-dialog.css';
import { Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { navigate, roomHref } from '../app/router.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { matches } from './matches.ts';
import { byName } from './sort.ts';

interface BrowseDialogProps {
  readonly onClose: () => void;
  readonly onCreate: () => void;
}

const RoomItem = ({ room, onClose }: { readonly room: Room; readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const store = useStore();
  const [busy, setBusy] = useState(false);
  const open = () => {
    onClose();
    navigate(roomHref(room));
  };
  const join = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await store.joinRoom(room.id);
      open();
    } catch {
      setBusy(false);
    }
  };
  const facts = [
    ...(room.archived ? [t('head.archived')] : []),
    ...(room.access === 'closed' ? [t('head.closed')] : []),
    t('room.members', { count: room.members }),
    ...(room.topic ? [room.topic] : []),
  ];
  return (
    <li className="browse-room">
      <div className="browse-words">
        <p className="browse-name">#{room.name}</p>
        <p className="browse-about">{facts.join(' · ')}</p>
      </div>
      {room.joined || room.archived ? (
        <Button small look="quiet" onPress={open} aria-label={t('browse.openRoom', { name: room.name })}>
          {t('browse.open')}
        </Button>
      ) : (
        <Button small busy={busy} onPress={() => void join()} aria-label={t('room.join', { name: room.name })}>
          {t('browse.join')}
        </Button>
      )}
    </li>
  );
};

const late = (room: Room): number => (room.archived ? 1 : 0);

/** All rooms one may see: those one is not in come first, archived ones last. */
export const BrowseDialog = ({ onClose, onCreate }: BrowseDialogProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const rooms = useChat((state) => state.directory.rooms);
  const [wanted, setWanted] = useState('');
  useEffect(() => store.lookAround(), [store]);
  const found = useMemo(() => {
    const named = byName(i18n.language);
    const all = [...rooms.values()]
      .filter((room) => room.access !== 'direct')
      .sort((a, b) => late(a) - late(b) || Number(a.joined) - Number(b.joined) || named(a, b));
    return all.filter((room) => matches(wanted, room.name) || matches(wanted, room.topic));
  }, [rooms, wanted, i18n.language]);
  return (
    <Modal title={t('browse.title')} onClose={onClose}>
      <Field label={t('browse.find')} value={wanted} onChange={setWanted} autoFocus />
      {found.length === 0 ? (
        <p className="browse-none">{t('browse.none', { name: wanted })}</p>
      ) : (
        <ul className="browse-list scroll">
          {found.map((room) => (
            <RoomItem key={room.id} room={room} onClose={onClose} />
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <Button look="quiet" onPress={onCreate}>
          <Plus size={18} aria-hidden="true" />
          {t('rooms.create')}
        </Button>
      </div>
    </Modal>
  );
};

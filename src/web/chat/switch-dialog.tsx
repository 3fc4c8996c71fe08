/** The quick way to a room, by keyboard: a list that narrows while one types. */
import './switch-dialog.css';
import { Hash } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, roomPath } from '../app/router.ts';
import { useChat } from '../store/hooks.ts';
import { Modal } from '../ui/modal.tsx';
import { matches } from './matches.ts';

const shownMax = 8;

/** Goes to a room by a few letters of its name: unread ones first, then those with the newest messages. */
export const SwitchDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const id = useId();
  const rooms = useChat((state) => state.directory.rooms);
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const rank = [...rooms.values()].sort(
      (a, b) =>
        Number(b.joined) - Number(a.joined) || Number(b.unread > 0) - Number(a.unread > 0) || b.lastIndex - a.lastIndex,
    );
    return rank.filter((room) => matches(wanted, room.name)).slice(0, shownMax);
  }, [rooms, wanted]);
  const chosen = found[Math.min(at, found.length - 1)];

  const go = (name: string) => {
    onClose();
    navigate(roomPath(name));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (found.length > 0) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      go(chosen.name);
    }
  };

  return (
    <Modal title={t('switcher.title')} onClose={onClose}>
      <input
        className="field-input"
        role="combobox"
        aria-label={t('switcher.find')}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
        aria-autocomplete="list"
        placeholder={t('switcher.find')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        ref={(field) => field?.focus()}
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="switch-list scroll" id={`${id}-list`} role="listbox" aria-label={t('rooms.title')}>
        {found.map((room) => (
          <div
            key={room.id}
            id={`${id}-${room.id}`}
            className="switch-item"
            role="option"
            tabIndex={-1}
            aria-selected={room === chosen}
            onPointerMove={() => setAt(found.indexOf(room))}
            onPointerUp={() => go(room.name)}
          >
            <Hash size={18} aria-hidden="true" />
            <span className="switch-name">{room.name}</span>
            {room.unread > 0 ? <span className="badge">{room.unread}</span> : null}
            {room.joined ? null : <span className="switch-note">{t('switcher.notJoined')}</span>}
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="browse-none">{t('browse.none', { name: wanted })}</p> : null}
    </Modal>
  );
};

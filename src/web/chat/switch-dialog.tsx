/** The quick way to a room or a person, by keyboard: a list that narrows while one types. */
import './switch-dialog.css';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, roomHref, routeOf } from '../app/router.ts';
import { readSetting } from '../app/settings.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { roomNamed } from '../store/state.ts';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { openDirect } from './open-direct.ts';
import { PersonAvatar } from './person-avatar.tsx';
import { RoomBadge } from './room-badge.tsx';
import { RoomIcon } from './room-icon.tsx';
import { type Find, findsFor } from './switch-finds.ts';

const shownMax = 10;

const idOf = (find: Find): string => (find.kind === 'room' ? find.room.id : find.user.id);

const FindLine = ({ find }: { readonly find: Find }) => {
  const { t } = useTranslation();
  if (find.kind === 'person') {
    return (
      <>
        <PersonAvatar id={find.user.id} name={find.user.name} size={24} presence />
        <span className="switch-name">{find.title}</span>
        <span className="switch-note">{t('switcher.person')}</span>
      </>
    );
  }
  const { room, title } = find;
  const note = room.archived ? t('head.archived') : room.joined ? null : t('switcher.notJoined');
  return (
    <>
      <span className="switch-icon">
        <RoomIcon room={room} />
      </span>
      <span className="switch-name">{room.access === 'direct' ? title : room.name}</span>
      {note ? <span className="switch-note">{note}</span> : null}
      <RoomBadge room={room} />
    </>
  );
};

/** Id of the room of the address. */
const useCurrentRoom = (): string | null =>
  useChat((state) => {
    const route = routeOf(location.pathname);
    if (route.page !== 'chat') return null;
    return route.room === null ? readSetting('room') : (roomNamed(state, route.room)?.id ?? null);
  });

export const SwitchDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const store = useStore();
  const id = useId();
  const rooms = useChat((state) => state.directory.rooms);
  const users = useChat((state) => state.directory.users);
  const you = useChat((state) => state.you?.id ?? '');
  const current = useCurrentRoom();
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const { code, run } = useDoing();
  const found = useMemo(
    () => findsFor({ rooms, users, you, current, wanted, max: shownMax }),
    [rooms, users, you, current, wanted],
  );
  const chosen = found[Math.min(at, found.length - 1)];

  const go = async (find: Find) => {
    if (find.kind === 'room') {
      onClose();
      navigate(roomHref(find.room));
    } else if (await run(() => openDirect(store, [find.user.id]))) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (found.length > 0) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      void go(chosen);
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
        aria-activedescendant={chosen ? `${id}-${idOf(chosen)}` : undefined}
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
      <div className="switch-list scroll" id={`${id}-list`} role="listbox" aria-label={t('switcher.title')}>
        {found.map((find) => (
          <div
            key={idOf(find)}
            id={`${id}-${idOf(find)}`}
            className="switch-item"
            role="option"
            tabIndex={-1}
            aria-selected={find === chosen}
            onPointerMove={() => setAt(found.indexOf(find))}
            onPointerUp={() => void go(find)}
          >
            <FindLine find={find} />
          </div>
        ))}
      </div>
      <Problem code={code} />
      {found.length === 0 && wanted.trim() !== '' ? (
        <p className="browse-none">{t('switcher.none', { name: wanted.trim() })}</p>
      ) : null}
    </Modal>
  );
};

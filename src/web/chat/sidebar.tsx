/** The rooms beside the conversation; on a phone, the page one begins at. */
import './sidebar.css';
import { Compass, Hash, Plus, Search } from 'lucide-react';
import { useMemo } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { Link } from '../app/link.tsx';
import { roomPath } from '../app/router.ts';
import { unreadMax } from '../store/directory.ts';
import { useChat } from '../store/hooks.ts';
import { IconButton } from '../ui/button.tsx';
import { openDialog } from './dialog-kind.ts';
import { byName } from './sort.ts';
import { WhereLine } from './status-line.tsx';

const RoomLink = ({ room, current }: { readonly room: Room; readonly current: boolean }) => {
  const { t, i18n } = useTranslation();
  const many = room.unread >= unreadMax;
  const shown = new Intl.NumberFormat(i18n.language).format(many ? unreadMax - 1 : room.unread);
  return (
    <li>
      <Link
        className="room-link"
        href={roomPath(room.name)}
        aria-current={current ? 'page' : undefined}
        data-unread={room.unread > 0 || undefined}
      >
        <Hash size={18} aria-hidden="true" />
        <span className="room-link-name">{room.name}</span>
        {room.unread > 0 ? (
          <>
            <span className="badge" aria-hidden="true">
              {many ? `${shown}+` : shown}
            </span>
            <span className="hidden-visually">{t('rooms.unread', { count: room.unread })}</span>
          </>
        ) : null}
      </Link>
    </li>
  );
};

interface SidebarProps {
  /** Id of the room that is shown beside it. */
  readonly current: string | null;
  readonly narrow: boolean;
}

/** The rooms one is in, and the ways to others. */
export const Sidebar = ({ current, narrow }: SidebarProps) => {
  const { t, i18n } = useTranslation();
  const workspace = useChat((state) => state.workspace);
  const rooms = useChat((state) => state.directory.rooms);
  const own = useMemo(
    () => [...rooms.values()].filter((room) => room.joined).sort(byName(i18n.language)),
    [rooms, i18n.language],
  );
  // Alone on the screen it is the page; beside a room it is the way to it.
  const Pane = narrow ? 'main' : 'nav';
  const Title = narrow ? 'h1' : 'h2';
  return (
    <Pane className="pane sidebar" id={narrow ? 'main' : undefined} aria-label={t('rooms.title')}>
      <div className="pane-head">
        <Title className="pane-title">{workspace}</Title>
        <IconButton label={t('switcher.open')} onPress={() => openDialog({ kind: 'switch' })}>
          <Search size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <div className="sidebar-section">
        <p className="sidebar-heading">{t('rooms.title')}</p>
        <IconButton label={t('rooms.create')} onPress={() => openDialog({ kind: 'create' })}>
          <Plus size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <ul className="sidebar-rooms scroll">
        {own.map((room) => (
          <RoomLink key={room.id} room={room} current={room.id === current} />
        ))}
        <li>
          <AriaButton className="room-link room-link-browse" onPress={() => openDialog({ kind: 'browse' })}>
            <Compass size={18} aria-hidden="true" />
            {t('rooms.browse')}
          </AriaButton>
        </li>
      </ul>
      <div className="sidebar-foot">
        <WhereLine />
      </div>
    </Pane>
  );
};

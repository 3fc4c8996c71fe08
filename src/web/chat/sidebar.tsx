/** The rooms and conversations beside the one that is open; on a phone, the page one begins at. */
import './sidebar.css';
import { Archive, ChevronRight, Compass, ListFilter, MessageSquarePlus, Plus, Search, UserPlus } from 'lucide-react';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { Link } from '../app/link.tsx';
import { navigate, roomHref } from '../app/router.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { useChat } from '../store/hooks.ts';
import { IconButton } from '../ui/button.tsx';
import { Press } from '../ui/press.tsx';
import { openDialog } from './dialog-kind.ts';
import { RoomBadge } from './room-badge.tsx';
import { RoomIcon } from './room-icon.tsx';
import { useRoomTitle } from './room-title.ts';
import { openSearch } from './search-state.ts';
import { isWaiting, sectionsOf } from './sidebar-sections.ts';
import { WhereLine } from './status-line.tsx';

const RoomLink = ({ room, current }: { readonly room: Room; readonly current: boolean }) => {
  const title = useRoomTitle(room);
  const name = room.access === 'direct' ? title : room.name;
  return (
    <li>
      <Link
        className="room-link"
        href={roomHref(room)}
        aria-current={current ? 'page' : undefined}
        data-unread={isWaiting(room) || undefined}
        data-muted={room.notify === 'none' || undefined}
        title={name}
      >
        <RoomIcon room={room} />
        <span className="room-link-name">{name}</span>
        <RoomBadge room={room} />
      </Link>
    </li>
  );
};

interface SectionProps {
  readonly title: string;
  readonly rooms: readonly Room[];
  readonly current: string | null;
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}

const Section = ({ title, rooms, current, tools, children }: SectionProps) => {
  const id = useId();
  return (
    <section>
      <div className="sidebar-section">
        <h3 className="sidebar-heading" id={id}>
          {title}
        </h3>
        {tools}
      </div>
      <ul aria-labelledby={id}>
        {rooms.map((room) => (
          <RoomLink key={room.id} room={room} current={room.id === current} />
        ))}
        {children}
      </ul>
    </section>
  );
};

const archiveSetting = 'archive';

/** Out of the way, but never out of reach: it opens by itself when what is looked for is in it. */
const ArchivedRooms = ({
  rooms,
  current,
  looking,
}: {
  readonly rooms: readonly Room[];
  readonly current: string | null;
  readonly looking: boolean;
}) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(() => readSetting(archiveSetting) === 'open');
  if (rooms.length === 0) return null;
  const shown = open || looking || rooms.some((room) => room.id === current);
  return (
    <section>
      <Press
        className="sidebar-archive"
        aria-expanded={shown}
        onPress={() => {
          writeSetting(archiveSetting, open ? null : 'open');
          setOpen(!open);
        }}
      >
        <ChevronRight size={14} aria-hidden="true" />
        <Archive size={14} aria-hidden="true" />
        {t('rooms.archived', { count: rooms.length })}
      </Press>
      {shown ? (
        <ul className="sidebar-archived">
          {rooms.map((room) => (
            <RoomLink key={room.id} room={room} current={room.id === current} />
          ))}
        </ul>
      ) : null}
    </section>
  );
};

const DeviceNotes = lazy(async () => ({ default: (await import('../offline/device-notes.tsx')).DeviceNotes }));

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
  const users = useChat((state) => state.directory.users);
  const you = useChat((state) => state.you?.id ?? '');
  const [wanted, setWanted] = useState('');
  const sections = useMemo(
    () => sectionsOf({ rooms, users, you, language: i18n.language, wanted }),
    [rooms, users, you, i18n.language, wanted],
  );
  const looking = wanted.trim() !== '';
  const all = [...sections.rooms, ...sections.directs, ...sections.archived];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const [first] = all;
    if (event.key === 'Escape') setWanted('');
    else if (event.key === 'Enter' && looking && first) {
      setWanted('');
      navigate(roomHref(first));
    }
  };
  // Alone on the screen it is the page; beside a room it is the way to it.
  const Pane = narrow ? 'main' : 'nav';
  const Title = narrow ? 'h1' : 'h2';
  return (
    <Pane className="pane sidebar" id={narrow ? 'main' : undefined} aria-label={t('rooms.title')}>
      <div className="pane-head">
        <Title className="pane-title">{workspace}</Title>
        <IconButton label={t('rooms.invite')} onPress={() => openDialog({ kind: 'workspace' })}>
          <UserPlus size={18} aria-hidden="true" />
        </IconButton>
        <IconButton label={t('rooms.search')} onPress={() => openSearch('everywhere')}>
          <Search size={18} aria-hidden="true" />
        </IconButton>
      </div>
      <div className="sidebar-filter">
        <ListFilter size={16} aria-hidden="true" />
        <input
          type="text"
          aria-label={t('rooms.filter')}
          placeholder={t('rooms.filter')}
          autoComplete="off"
          spellCheck={false}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="sidebar-rooms scroll">
        <Section
          title={t('rooms.title')}
          rooms={sections.rooms}
          current={current}
          tools={
            <IconButton label={t('rooms.create')} onPress={() => openDialog({ kind: 'create' })}>
              <Plus size={18} aria-hidden="true" />
            </IconButton>
          }
        >
          <li>
            <Press className="room-link room-link-browse" onPress={() => openDialog({ kind: 'browse' })}>
              <Compass size={18} aria-hidden="true" />
              {t('rooms.browse')}
            </Press>
          </li>
        </Section>
        <Section
          title={t('rooms.directs')}
          rooms={sections.directs}
          current={current}
          tools={
            <IconButton label={t('rooms.newDirect')} onPress={() => openDialog({ kind: 'direct' })}>
              <MessageSquarePlus size={18} aria-hidden="true" />
            </IconButton>
          }
        >
          {sections.directs.length === 0 && !looking ? <li className="sidebar-none">{t('rooms.noDirects')}</li> : null}
        </Section>
        <ArchivedRooms rooms={sections.archived} current={current} looking={looking} />
        {looking && all.length === 0 ? (
          <p className="sidebar-none" role="status">
            {t('rooms.noneFound', { name: wanted.trim() })}
          </p>
        ) : null}
      </div>
      <div className="sidebar-foot">
        <Suspense fallback={null}>
          <DeviceNotes />
        </Suspense>
        <WhereLine />
      </div>
    </Pane>
  );
};

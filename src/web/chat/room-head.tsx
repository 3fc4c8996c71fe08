/** The head of a room: what it is called and about, and the ways to what belongs to it. */
import {
  Archive,
  ArrowLeft,
  Ellipsis,
  Files,
  Info,
  Lock,
  LogOut,
  Pin,
  Search,
  UserPlus,
  UsersRound,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';
import { navigate } from '../app/router.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuTrigger } from '../ui/menu.tsx';
import { Press } from '../ui/press.tsx';
import { openDialog } from './dialog-kind.ts';
import { mayInvite } from './rights.ts';
import { useRoomTitle } from './room-title.ts';
import { hasPanel } from './side-panel.tsx';
import { type PanelKind, togglePanel, usePanel } from './side-panel-state.ts';

const pictures: Readonly<Record<PanelKind, typeof Search>> = {
  search: Search,
  pins: Pin,
  files: Files,
  people: UsersRound,
};

/** On a phone there is room for two beside the menu; the others stand in it. */
const always: readonly PanelKind[] = ['search', 'people'];
const roomy: readonly PanelKind[] = ['search', 'pins', 'files', 'people'];

const PanelButton = ({ kind, panel }: { readonly kind: PanelKind; readonly panel: PanelKind | null }) => {
  const { t } = useTranslation();
  const Picture = pictures[kind];
  return (
    <IconButton label={t(`head.${kind}`)} aria-pressed={panel === kind} onPress={() => togglePanel(kind)}>
      <Picture size={20} aria-hidden="true" />
    </IconButton>
  );
};

export const notifyLevels = ['all', 'mentions', 'none'] as const;

const RoomMenu = ({
  room,
  title,
  narrow,
}: {
  readonly room: Room;
  readonly title: string;
  readonly narrow: boolean;
}) => {
  const { t } = useTranslation();
  const store = useStore();
  const you = useChat((state) => state.you);
  const leave = async () => {
    await store.do('room.leave', { room: room.id });
    navigate('/');
  };
  const inMenu = narrow ? roomy.filter((kind) => !always.includes(kind) && hasPanel(kind)) : [];
  const direct = room.access === 'direct';
  const items: ReactNode[] = inMenu.map((kind) => {
    const Picture = pictures[kind];
    return (
      <MenuItem
        key={kind}
        text={t(`head.${kind}`)}
        icon={<Picture size={18} aria-hidden="true" />}
        onAction={() => togglePanel(kind)}
      />
    );
  });
  return (
    <MenuTrigger>
      <IconButton label={t('head.menu', { room: title })}>
        <Ellipsis size={20} aria-hidden="true" />
      </IconButton>
      <Menu label={t('head.menu', { room: title })}>
        {items}
        <MenuItem
          text={t('head.settings')}
          icon={<Info size={18} aria-hidden="true" />}
          onAction={() => openDialog({ kind: 'room', room: room.id })}
        />
        {you && mayInvite(you, room) && room.id !== generalRoom ? (
          <MenuItem
            text={t('head.invite')}
            icon={<UserPlus size={18} aria-hidden="true" />}
            onAction={() => openDialog({ kind: 'invite', room: room.id })}
          />
        ) : null}
        {room.joined ? <MenuLine /> : null}
        {room.joined ? (
          <MenuChoice
            title={t('head.notify')}
            value={room.notify}
            options={notifyLevels.map((value) => ({ value, text: t(`head.levels.${value}`) }))}
            onChange={(level) => void store.do('room.notify', { room: room.id, level })}
          />
        ) : null}
        {room.joined && !direct && room.id !== generalRoom ? <MenuLine /> : null}
        {room.joined && !direct && room.id !== generalRoom ? (
          <MenuItem
            text={t('room.leave')}
            icon={<LogOut size={18} aria-hidden="true" />}
            // Nobody comes back into a closed room by themselves: there it is asked for, among the room's settings.
            onAction={() => (room.access === 'closed' ? openDialog({ kind: 'room', room: room.id }) : void leave())}
          />
        ) : null}
      </Menu>
    </MenuTrigger>
  );
};

export const RoomHead = ({ room, narrow }: { readonly room: Room; readonly narrow: boolean }) => {
  const { t } = useTranslation();
  const title = useRoomTitle(room);
  const panel = usePanel();
  const direct = room.access === 'direct';
  const about = room.topic || (direct ? '' : t('room.members', { count: room.members }));
  const shown = (narrow ? always : roomy).filter(hasPanel);
  return (
    <header className="pane-head room-head">
      {narrow ? (
        <IconButton label={t('room.back')} onPress={() => navigate('/')}>
          <ArrowLeft size={22} aria-hidden="true" />
        </IconButton>
      ) : null}
      <div className="room-about">
        <h1 className="pane-title">
          <Press
            className="room-title"
            aria-haspopup="dialog"
            onPress={() => openDialog({ kind: 'room', room: room.id })}
          >
            {title}
          </Press>
        </h1>
        <p className="room-topic" title={about || undefined}>
          {room.access === 'closed' ? <Lock size={12} aria-label={t('head.closed')} role="img" /> : null}
          {room.archived ? <Archive size={12} aria-label={t('head.archived')} role="img" /> : null}
          <span>{about}</span>
        </p>
      </div>
      {shown.map((kind) => (
        <PanelButton key={kind} kind={kind} panel={panel} />
      ))}
      <RoomMenu room={room} title={title} narrow={narrow} />
    </header>
  );
};

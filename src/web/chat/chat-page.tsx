/** The chat: rooms on the left, the conversation, and a panel beside it. On a phone one of them at a time. */
import './chat-page.css';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { generalRoom } from '../../protocol/index.ts';
import { useNarrow } from '../app/media.ts';
import { navigate, roomHref } from '../app/router.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { useChat, useStore } from '../store/hooks.ts';
import type { ChatState } from '../store/state.ts';
import { roomNamed } from '../store/state.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Announcer } from './announcer.tsx';
import { openDialog } from './dialog-kind.ts';
import { RoomView } from './room-view.tsx';
import { loadPanels, SidePanel } from './side-panel.tsx';
import { usePanel } from './side-panel-state.ts';
import { Sidebar } from './sidebar.tsx';
import { useTitle } from './use-title.ts';

// Nobody is told of anything before the page is there.
const Notifications = lazy(async () => ({ default: (await import('./notif.tsx')).Notifications }));

/** The room of the address; without one the room of last time, or the one that everybody is in. */
const shownRoom = (state: ChatState, name: string | null) => {
  if (name !== null) return roomNamed(state, name);
  const last = state.directory.rooms.get(readSetting('room') ?? '');
  return last?.joined ? last : (state.directory.rooms.get(generalRoom) ?? null);
};

interface ChatPageProps {
  readonly roomName: string | null;
  /** Index of the message that the address names. */
  readonly message: number | null;
}

export const ChatPage = ({ roomName, message }: ChatPageProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const narrow = useNarrow();
  const found = useChat((state) => shownRoom(state, roomName));
  // A room that is renamed while it is shown is still the same one, under a new address.
  const last = useRef<{ readonly name: string | null; readonly id: string } | null>(null);
  const lastId = last.current?.name === roomName ? last.current.id : null;
  const renamed = useChat((state) => (found || !lastId ? null : (state.directory.rooms.get(lastId) ?? null)));
  const room = found ?? renamed;
  const panel = usePanel();
  useTitle(narrow && roomName === null ? null : room);

  useEffect(() => {
    if (found) last.current = { name: roomName, id: found.id };
    else if (renamed) navigate(roomHref(renamed), true);
  }, [found, renamed, roomName]);

  const roomId = room?.id;
  useEffect(() => {
    if (roomId) writeSetting('room', roomId);
  }, [roomId]);

  useEffect(() => {
    if (!room || message === null) return;
    store.jumpTo(room.id, message);
    // The address is that of the room again, so that the same link can be followed once more.
    navigate(roomHref(room), true);
  }, [store, room, message]);

  useEffect(() => {
    void loadPanels();
  }, []);

  const pane = narrow && panel && room ? 'panel' : roomName === null ? 'rooms' : 'room';
  const shows = (name: typeof pane) => !narrow || pane === name;
  return (
    <div className="chat" data-pane={pane}>
      {shows('rooms') ? <Sidebar current={narrow ? null : (roomId ?? null)} narrow={narrow} /> : null}
      {shows('room') && room ? <RoomView key={room.id} room={room} narrow={narrow} /> : null}
      {shows('room') && !room ? (
        <main className="pane" id="main">
          <Empty title={t('room.missing.title', { name: roomName })} about={t('room.missing.about')}>
            <Button onPress={() => openDialog({ kind: 'browse' })}>{t('rooms.browse')}</Button>
            <Button look="quiet" onPress={() => navigate('/')}>
              {t('room.missing.back')}
            </Button>
          </Empty>
        </main>
      ) : null}
      {room && panel && shows('panel') ? <SidePanel kind={panel} room={room} /> : null}
      <Suspense fallback={null}>
        <Notifications room={shows('room') ? (roomId ?? null) : null} />
      </Suspense>
      <Announcer room={shows('room') ? (roomId ?? null) : null} />
    </div>
  );
};

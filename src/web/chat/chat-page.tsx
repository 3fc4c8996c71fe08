/** The chat: rooms on the left, the conversation, and the people. On a phone one of them at a time. */
import './chat-page.css';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { generalRoom } from '../../protocol/index.ts';
import { isWide, useNarrow } from '../app/media.ts';
import { navigate } from '../app/router.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { useChat } from '../store/hooks.ts';
import type { ChatState } from '../store/state.ts';
import { roomNamed } from '../store/state.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Announcer } from './announcer.tsx';
import type { DialogKind } from './dialog-kind.ts';
import { PeoplePanel } from './people-panel.tsx';
import { RoomView } from './room-view.tsx';
import { Sidebar } from './sidebar.tsx';
import { useTitle } from './use-title.ts';

const dialogs = () => import('./dialogs.tsx');
const Dialogs = lazy(async () => ({ default: (await dialogs()).Dialogs }));

/** On a phone the people are a page of their own, which one leaves by going back. */
const peopleStep = 'people';

const peopleShownAtFirst = (): boolean => {
  const chosen = readSetting('people');
  return chosen === null ? isWide() : chosen === 'shown' && !matchMedia('(max-width: 760px)').matches;
};

/** The room of the address; without one the room of last time, or the one that everybody is in. */
const shownRoom = (state: ChatState, name: string | null) => {
  if (name !== null) return roomNamed(state, name);
  const last = state.directory.rooms.get(readSetting('room') ?? '');
  return last?.joined ? last : (state.directory.rooms.get(generalRoom) ?? null);
};

export const ChatPage = ({ roomName }: { readonly roomName: string | null }) => {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const room = useChat((state) => shownRoom(state, roomName));
  const [people, setPeople] = useState(peopleShownAtFirst);
  const [dialog, setDialog] = useState<DialogKind | null>(null);
  useTitle(narrow && roomName === null ? null : (room?.name ?? null));

  const showPeople = (shown: boolean) => {
    if (narrow && shown) history.pushState(peopleStep, '');
    if (narrow && !shown && history.state === peopleStep) return history.back();
    setPeople(shown);
    if (!narrow) writeSetting('people', shown ? 'shown' : 'hidden');
  };

  useEffect(() => {
    if (!narrow || !people) return;
    const close = () => setPeople(false);
    addEventListener('popstate', close);
    return () => removeEventListener('popstate', close);
  }, [narrow, people]);

  const roomId = room?.id;
  useEffect(() => {
    if (roomId) writeSetting('room', roomId);
  }, [roomId]);

  useEffect(() => {
    void dialogs();
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setDialog('switch');
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  const pane = narrow && people ? 'people' : roomName === null ? 'rooms' : 'room';
  const shows = (name: typeof pane) => !narrow || pane === name;
  return (
    <div className="chat" data-pane={pane}>
      {shows('rooms') ? (
        <Sidebar current={narrow ? null : (roomId ?? null)} narrow={narrow} onDialog={setDialog} />
      ) : null}
      {shows('room') && room ? (
        <RoomView key={room.id} room={room} people={people} onPeople={showPeople} narrow={narrow} />
      ) : null}
      {shows('room') && !room ? (
        <main className="pane" id="main">
          <Empty title={t('room.missing.title', { name: roomName })} about={t('room.missing.about')}>
            <Button onPress={() => setDialog('browse')}>{t('rooms.browse')}</Button>
            <Button look="quiet" onPress={() => navigate('/')}>
              {t('room.missing.back')}
            </Button>
          </Empty>
        </main>
      ) : null}
      {people && shows('people') ? <PeoplePanel narrow={narrow} onClose={() => showPeople(false)} /> : null}
      <Announcer room={shows('room') ? (roomId ?? null) : null} />
      {dialog ? (
        <Suspense fallback={null}>
          <Dialogs which={dialog} onDialog={setDialog} onClose={() => setDialog(null)} />
        </Suspense>
      ) : null}
    </div>
  );
};

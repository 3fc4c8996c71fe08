/** One room: its head, its messages, what goes on, and where one writes. */
import './room-view.css';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { useAttach, useComposerAttachments } from '../files/composer-attachments.tsx';
import { DropCover } from '../files/drop-cover.tsx';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Composer } from './composer.tsx';
import { DeskContext, MessageDesk } from './message-desk.ts';
import { MessageDialogHost } from './message-dialog-host.tsx';
import { mayArchive } from './rights.ts';
import { RoomHead } from './room-head.tsx';
import { useRoomTitle } from './room-title.ts';
import { StatusNews } from './status-line.tsx';
import { TimelineView } from './timeline-view.tsx';
import { TypingLine } from './typing-line.tsx';

interface RoomViewProps {
  readonly room: Room;
  readonly narrow: boolean;
}

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

const ArchivedBar = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const store = useStore();
  const you = useChat((state) => state.you);
  const [busy, setBusy] = useState(false);
  const takeBack = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await store.do('room.archive', { room: room.id, archived: false });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="room-preview">
      <p>{t('head.archivedAbout')}</p>
      {you && mayArchive(you, room) ? (
        <Button look="quiet" onPress={() => void takeBack()} busy={busy}>
          {t('head.takeBack')}
        </Button>
      ) : null}
    </div>
  );
};

const RoomComposer = ({ room }: { readonly room: Room }) => {
  const attachments = useComposerAttachments(room);
  return <Composer room={room} attachments={attachments} />;
};

/** Where files can be dropped: on the whole room. */
const RoomDrop = ({ room }: { readonly room: Room }) => {
  const attach = useAttach(room);
  const name = useRoomTitle(room);
  return <DropCover name={name} onFiles={attach} />;
};

/** Where one writes, or why one cannot. */
const RoomFoot = ({ room }: { readonly room: Room }) => {
  if (room.archived) return <ArchivedBar room={room} />;
  return room.joined ? <RoomComposer room={room} /> : <JoinBar room={room} />;
};

export const RoomView = ({ room, narrow }: RoomViewProps) => {
  const store = useStore();
  const [desk] = useState(() => new MessageDesk(store, room.id));
  useEffect(() => {
    store.openRoom(room.id);
    return () => store.closeRoom(room.id);
  }, [store, room.id]);
  return (
    <DeskContext value={desk}>
      <main className="pane room" id="main">
        <RoomHead room={room} narrow={narrow} />
        <TimelineView room={room} />
        <div className="room-strip">
          <StatusNews />
          <TypingLine room={room.id} />
        </div>
        <RoomFoot room={room} />
        <MessageDialogHost />
        {room.joined && !room.archived ? <RoomDrop room={room} /> : null}
      </main>
    </DeskContext>
  );
};

/** A room: what it is called and about, how it notifies, and what can be done with all of it. */
import './room-dialog.css';
import { Archive, ArchiveRestore, Download, Lock, LogOut, UsersRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits, type Room, type User } from '../../client/index.ts';
import { generalRoom } from '../../protocol/index.ts';
import { navigate } from '../app/router.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/check.tsx';
import { Field } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem, useReason } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { mayArchive, mayEdit } from './rights.ts';
import { notifyLevels } from './room-head.tsx';
import { asRoomName } from './room-name.ts';
import { useRoomTitle } from './room-title.ts';

/** Refusals that are about the name, and so are said at its field. */
const aboutName = new Set(['room-name-taken', 'room-name-invalid']);

const RoomForm = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const store = useStore();
  const reason = useReason();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const { busy, code, setCode, run } = useDoing();
  const changed = name !== room.name || topic.trim() !== room.topic;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name === '') return setCode('room-name-invalid');
    void run(() =>
      store.do('room.edit', {
        room: room.id,
        ...(name === room.name ? {} : { name }),
        ...(topic.trim() === room.topic ? {} : { topic: topic.trim() }),
      }),
    );
  };
  const atName = code !== null && aboutName.has(code);
  return (
    <form className="dialog-form" onSubmit={save} noValidate>
      <Field
        label={t('create.name')}
        hint={t('create.nameHint')}
        value={name}
        onChange={(value) => {
          setName(asRoomName(value));
          setCode(null);
        }}
        error={atName ? reason(code) : undefined}
        maxLength={limits.roomNameMaxChars}
      />
      <Field
        label={t('create.topic')}
        value={topic}
        onChange={setTopic}
        maxLength={limits.roomTopicMaxChars}
        placeholder={t('create.topicExample')}
        autoCapitalize="sentences"
      />
      <Problem code={atName ? null : code} />
      {changed ? (
        <div className="dialog-actions">
          <Button type="submit" busy={busy}>
            {t('about.save')}
          </Button>
        </div>
      ) : null}
    </form>
  );
};

const Export = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const store = useStore();
  const href = (format: string) =>
    `${store.serverUrl}/api/v1/rooms/${encodeURIComponent(room.id)}/export?format=${format}`;
  return (
    <section>
      <h3 className="about-heading">{t('about.export')}</h3>
      <p className="about-note">{t('about.exportAbout')}</p>
      <div className="about-buttons">
        {(['markdown', 'json'] as const).map((format) => (
          <a key={format} className="button button-quiet button-small" href={href(format)} download>
            <Download size={16} aria-hidden="true" />
            {t(`about.formats.${format}`)}
          </a>
        ))}
      </div>
    </section>
  );
};

interface EndingsProps {
  readonly room: Room;
  readonly you: User;
  readonly onClose: () => void;
}

/** Archiving and leaving. Neither loses anything, so neither asks twice, but for a closed room: there is no way back in. */
const Endings = ({ room, you, onClose }: EndingsProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const [sure, setSure] = useState(false);
  const { busy, code, run } = useDoing();
  const mayLeave = room.joined && room.access !== 'direct' && room.id !== generalRoom;
  const archive = () => void run(() => store.do('room.archive', { room: room.id, archived: !room.archived }));
  const leave = async () => {
    if (room.access === 'closed' && !sure) return setSure(true);
    if (!(await run(() => store.do('room.leave', { room: room.id })))) return;
    onClose();
    navigate('/');
  };
  if (!mayLeave && !mayArchive(you, room)) return null;
  return (
    <section>
      <div className="about-buttons">
        {mayArchive(you, room) ? (
          <Button look="quiet" small busy={busy} onPress={archive}>
            {room.archived ? <ArchiveRestore size={16} aria-hidden="true" /> : <Archive size={16} aria-hidden="true" />}
            {room.archived ? t('head.takeBack') : t('about.archive')}
          </Button>
        ) : null}
        {mayLeave ? (
          <Button look={sure ? 'danger' : 'quiet'} small busy={busy} onPress={() => void leave()}>
            <LogOut size={16} aria-hidden="true" />
            {sure ? t('about.leaveSure') : t('room.leave')}
          </Button>
        ) : null}
      </div>
      {sure ? <p className="about-note">{t('about.leaveClosed')}</p> : null}
      <Problem code={code} />
    </section>
  );
};

const Facts = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const maker = useChat((state) => state.directory.users.get(room.createdBy)?.name ?? null);
  const direct = room.access === 'direct';
  return (
    <div className="about-facts">
      <p>
        {room.access === 'closed' ? <Lock size={16} aria-hidden="true" /> : <UsersRound size={16} aria-hidden="true" />}
        {t(`about.access.${room.access}`)}
        {direct ? '' : ` · ${t('room.members', { count: room.members })}`}
        {maker && !direct ? ` · ${t('about.madeBy', { name: maker })}` : ''}
      </p>
      {room.archived ? (
        <p>
          <Archive size={16} aria-hidden="true" />
          {t('head.archivedAbout')}
        </p>
      ) : null}
    </div>
  );
};

interface RoomDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export const RoomDialog = ({ room, onClose }: RoomDialogProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const title = useRoomTitle(room);
  const you = useChat((state) => state.you);
  const { code, run } = useDoing();
  if (!you) return null;
  return (
    <Modal title={t('head.details', { room: title })} onClose={onClose}>
      <div className="about scroll">
        <Facts room={room} />
        {mayEdit(you, room) ? (
          <RoomForm key={`${room.name} ${room.topic}`} room={room} />
        ) : room.topic ? (
          <p className="about-topic">{room.topic}</p>
        ) : null}
        {room.joined ? (
          <div>
            <Choice
              title={t('head.notify')}
              value={room.notify}
              options={notifyLevels.map((value) => ({ value, text: t(`head.levels.${value}`) }))}
              onChange={(level) => void run(() => store.do('room.notify', { room: room.id, level }))}
            />
            <Problem code={code} />
          </div>
        ) : null}
        <Export room={room} />
        <Endings room={room} you={you} onClose={onClose} />
      </div>
    </Modal>
  );
};

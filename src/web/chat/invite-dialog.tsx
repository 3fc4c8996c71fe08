/** The dialog that brings people of the workspace into a room. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { limits } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { openDialog } from './dialog-kind.ts';
import { PeoplePicker } from './people-picker.tsx';

interface InviteDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

/** Brings people of the workspace into a room. Guests stay out of closed rooms: the servers would refuse them. */
export const InviteDialog = ({ room, onClose }: InviteDialogProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const users = useChat((state) => state.directory.users);
  const members = useChat((state) => state.members.get(room.id));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { busy, code, run } = useDoing();
  const missing = members === undefined;
  useEffect(() => {
    if (missing) store.loadMembers(room.id);
  }, [store, missing, room.id]);
  const people = useMemo(() => {
    const outside = [...users.values()].filter((user) => !members?.has(user.id));
    return room.access === 'closed' ? outside.filter((user) => user.role !== 'guest') : outside;
  }, [users, members, room.access]);

  const invite = () =>
    run(async () => {
      for (const user of chosen) {
        await store.do('room.invite', { room: room.id, user });
        setChosen((left) => left.filter((one) => one !== user));
      }
      onClose();
    });

  return (
    <Modal title={t('invite.title', { room: room.name })} onClose={onClose}>
      {missing ? (
        <p className="picker-none">{t('people.loading')}</p>
      ) : (
        <PeoplePicker
          label={t('invite.find')}
          people={people}
          chosen={chosen}
          onChange={setChosen}
          max={limits.usersMax}
          nobody={t('invite.nobody')}
        />
      )}
      <Problem code={code} />
      <div className="dialog-actions">
        <Button look="bare" onPress={() => openDialog({ kind: 'workspace' })}>
          {t('invite.elsewhere')}
        </Button>
        <Button onPress={() => void invite()} busy={busy} isDisabled={chosen.length === 0}>
          {t('invite.do', { count: chosen.length })}
        </Button>
      </div>
    </Modal>
  );
};

/** The dialog that makes a room. What is typed as its name becomes one that the servers take. */
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EstafetError, limits } from '../../client/index.ts';
import { navigate, roomPath } from '../app/router.ts';
import { useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/check.tsx';
import { Field } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { asRoomName } from './room-name.ts';

/** Makes a room, and goes there. */
export const CreateDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const store = useStore();
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [closed, setClosed] = useState(false);
  const [code, setCode] = useState<EstafetError['code'] | null>(null);
  const [busy, setBusy] = useState(false);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (name === '') return setCode('room-name-invalid');
    setBusy(true);
    setCode(null);
    try {
      await store.createRoom(name, topic.trim(), closed ? 'closed' : 'open');
      onClose();
      navigate(roomPath(name));
    } catch (error) {
      setCode(error instanceof EstafetError ? error.code : 'internal');
      setBusy(false);
    }
  };

  return (
    <Modal title={t('create.title')} onClose={onClose}>
      <form className="dialog-form" onSubmit={(event) => void create(event)} noValidate>
        <Field
          label={t('create.name')}
          hint={t('create.nameHint')}
          value={name}
          onChange={(value) => {
            setName(asRoomName(value));
            setCode(null);
          }}
          error={code ? t(`errors.${code}`, { count: limits.roomNameMaxChars }) : undefined}
          maxLength={limits.roomNameMaxChars}
          placeholder={t('create.nameExample')}
          autoFocus
        />
        <Field
          label={t('create.topic')}
          value={topic}
          onChange={setTopic}
          maxLength={limits.roomTopicMaxChars}
          placeholder={t('create.topicExample')}
          autoCapitalize="sentences"
        />
        <Check
          label={t('create.closed')}
          hint={closed ? t('create.closedHint') : t('create.openHint')}
          checked={closed}
          onChange={setClosed}
        />
        <div className="dialog-actions">
          <Button look="quiet" onPress={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" busy={busy}>
            {t('create.do')}
          </Button>
        </div>
      </form>
    </Modal>
  );
};

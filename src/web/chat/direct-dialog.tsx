import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { openDirect } from './open-direct.ts';
import { PeoplePicker } from './people-picker.tsx';

/** Begins a conversation with one person or with a few. */
export const DirectDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const store = useStore();
  const users = useChat((state) => state.directory.users);
  const you = useChat((state) => state.you?.id ?? '');
  const people = useMemo(() => [...users.values()].filter((user) => user.id !== you), [users, you]);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { busy, code, run } = useDoing();
  const open = async () => {
    if (await run(() => openDirect(store, chosen))) onClose();
  };
  return (
    <Modal title={t('direct.title')} onClose={onClose}>
      <PeoplePicker
        label={t('direct.find')}
        people={people}
        chosen={chosen}
        onChange={setChosen}
        max={limits.directMembersMax - 1}
        nobody={t('people.alone')}
      />
      <Problem code={code} />
      <div className="dialog-actions">
        <Button look="quiet" onPress={onClose}>
          {t('common.cancel')}
        </Button>
        <Button onPress={() => void open()} busy={busy} isDisabled={chosen.length === 0}>
          {t('direct.do')}
        </Button>
      </div>
    </Modal>
  );
};

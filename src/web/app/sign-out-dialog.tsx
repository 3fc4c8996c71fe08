import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EstafetError } from '../../client/index.ts';
import { forgetDrafts } from '../store/drafts.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { unsentIn } from '../store/outbox-messages.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { writeSetting } from './settings.ts';

interface SignOutDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks before the session ends: there is no way back to it. */
export const SignOutDialog = ({ name, onClose }: SignOutDialogProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const unsent = useChat((state) => unsentIn(state.timelines));
  const [code, setCode] = useState<EstafetError['code'] | null>(null);
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await store.signOut();
      forgetDrafts();
      // The name stays taken, so the form must not offer it.
      writeSetting('name', null);
    } catch (error) {
      setCode(error instanceof EstafetError ? error.code : 'internal');
      setBusy(false);
    }
  };
  return (
    <Modal title={t('leave.title')} role="alertdialog" onClose={onClose}>
      <p>{t('leave.about', { name })}</p>
      {unsent > 0 ? <p className="field-error">{t('device.outbox.lost', { count: unsent })}</p> : null}
      {code ? (
        <p className="field-error" role="alert">
          {t(`errors.${code}`, { count: 0 })}
        </p>
      ) : null}
      <div className="dialog-actions">
        <Button look="quiet" onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button look="danger" onPress={() => void leave()} busy={busy}>
          {t('you.signOut')}
        </Button>
      </div>
    </Modal>
  );
};

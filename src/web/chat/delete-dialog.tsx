import { useTranslation } from 'react-i18next';
import { useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { focusComposer } from './focus-composer.ts';

interface DeleteDialogProps {
  readonly room: string;
  readonly message: string;
  readonly onClose: () => void;
}

/** Asks before a message is deleted: it cannot be taken back. */
export const DeleteDialog = ({ room, message, onClose }: DeleteDialogProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const text = store.state.timelines.get(room)?.messages.find((one) => one.id === message)?.text;
  return (
    <Modal title={t('delete.title')} role="alertdialog" onClose={onClose}>
      <p>{t('delete.about')}</p>
      {text ? <blockquote className="delete-quote">{text}</blockquote> : null}
      <div className="dialog-actions">
        <Button look="quiet" onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button
          look="danger"
          onPress={() => {
            store.remove(message);
            onClose();
            // What had the focus before is gone with the message.
            setTimeout(focusComposer);
          }}
        >
          {t('delete.do')}
        </Button>
      </div>
    </Modal>
  );
};

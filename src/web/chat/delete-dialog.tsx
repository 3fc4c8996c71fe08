import { useTranslation } from 'react-i18next';
import type { Message } from '../../client/index.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { focusComposer } from './focus-composer.ts';
import { useDesk } from './message-desk.ts';

interface DeleteDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Asks before a message is deleted: it cannot be taken back. */
export const DeleteDialog = ({ message, onClose }: DeleteDialogProps) => {
  const { t } = useTranslation();
  const desk = useDesk();
  return (
    <Modal title={t('delete.title')} role="alertdialog" onClose={onClose}>
      <p>{t('delete.about')}</p>
      {message.text ? <blockquote className="delete-quote">{message.text}</blockquote> : null}
      <div className="dialog-actions">
        <Button look="quiet" onPress={onClose} autoFocus>
          {t('common.cancel')}
        </Button>
        <Button
          look="danger"
          onPress={() => {
            desk.remove(message);
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

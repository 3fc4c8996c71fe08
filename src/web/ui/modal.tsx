import './modal.css';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Modal as AriaModal, Dialog, Heading, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

interface ModalProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly role?: 'dialog' | 'alertdialog';
  readonly children: ReactNode;
}

/** A dialog over the page. Escape, the cross and a click outside close it. Rendered only while it is open. */
export const Modal = ({ title, onClose, role = 'dialog', children }: ModalProps) => {
  const { t } = useTranslation();
  return (
    <ModalOverlay className="modal-scrim" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
      <AriaModal className="modal">
        <Dialog className="dialog" role={role}>
          <div className="dialog-head">
            <Heading slot="title" className="dialog-title">
              {title}
            </Heading>
            <IconButton label={t('common.close')} onPress={onClose}>
              <X size={20} aria-hidden="true" />
            </IconButton>
          </div>
          <div className="dialog-body">{children}</div>
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
};

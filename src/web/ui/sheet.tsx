import './sheet.css';
import type { ReactNode } from 'react';
import { Modal as AriaModal, Dialog, ModalOverlay } from 'react-aria-components';

interface SheetProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel from below, for thumbs. Escape and a touch beside it close it. Rendered only while it is open. */
export const Sheet = ({ label, onClose, children }: SheetProps) => (
  <ModalOverlay className="sheet-scrim" isOpen isDismissable onOpenChange={(open) => open || onClose()}>
    <AriaModal className="sheet">
      <Dialog className="sheet-body" aria-label={label}>
        {children}
      </Dialog>
    </AriaModal>
  </ModalOverlay>
);

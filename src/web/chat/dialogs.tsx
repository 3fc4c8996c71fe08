import { BrowseDialog } from './browse-dialog.tsx';
import { CreateDialog } from './create-dialog.tsx';
import type { DialogKind } from './dialog-kind.ts';
import { SwitchDialog } from './switch-dialog.tsx';

interface DialogsProps {
  readonly which: DialogKind;
  readonly onDialog: (dialog: DialogKind) => void;
  readonly onClose: () => void;
}

/** The dialogs of the chat: loaded after the page, because nobody needs them to read. */
export const Dialogs = ({ which, onDialog, onClose }: DialogsProps) => {
  switch (which) {
    case 'create':
      return <CreateDialog onClose={onClose} />;
    case 'browse':
      return <BrowseDialog onClose={onClose} onCreate={() => onDialog('create')} />;
    case 'switch':
      return <SwitchDialog onClose={onClose} />;
  }
};

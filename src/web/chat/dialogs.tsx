import { BrowseDialog } from './browse-dialog.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { closeDialog, type Dialog, openDialog } from './dialog-kind.ts';
import { SwitchDialog } from './switch-dialog.tsx';

/** The dialogs of the page: loaded after it, because nobody needs them to read. */
export const Dialogs = ({ dialog }: { readonly dialog: Dialog }) => {
  switch (dialog.kind) {
    case 'create':
      return <CreateDialog onClose={closeDialog} />;
    case 'browse':
      return <BrowseDialog onClose={closeDialog} onCreate={() => openDialog({ kind: 'create' })} />;
    case 'switch':
      return <SwitchDialog onClose={closeDialog} />;
    default:
      return null;
  }
};

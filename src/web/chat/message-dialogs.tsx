/** What opens from a message: its menu, the emoji to react with, its earlier wordings, and the question before it goes. */

import { useCell } from '../store/cell.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { EmojiPopover } from './emoji-popover.tsx';
import { useDesk } from './message-desk.ts';
import { MessageMenu } from './message-menu.tsx';
import { WordingsDialog } from './message-wordings-dialog.tsx';

export const MessageDialogs = () => {
  const desk = useDesk();
  const dialog = useCell(desk.dialog);
  if (!dialog) return null;
  const { message } = dialog;
  // One may have opened another: only what is still open is closed.
  const close = () => {
    if (desk.dialog.get() === dialog) desk.dialog.set(null);
  };
  switch (dialog.kind) {
    case 'delete':
      return <DeleteDialog message={message} onClose={close} />;
    case 'wordings':
      return <WordingsDialog message={message} onClose={close} />;
    case 'menu':
      return <MessageMenu message={message} anchor={dialog.anchor} onClose={close} />;
    case 'reactions':
      return (
        <EmojiPopover
          anchor={dialog.anchor}
          onClose={close}
          onPick={(emoji) => {
            close();
            desk.react(message, emoji);
          }}
        />
      );
  }
};

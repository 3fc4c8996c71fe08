/** The dialogs of the page: loaded after it, because nobody needs them to read. */
import { SettingsDialog } from '../app/settings-dialog.tsx';
import { DeviceDialog } from '../offline/device-dialog.tsx';
import { useChat } from '../store/hooks.ts';
import { BrowseDialog } from './browse-dialog.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { closeDialog, type Dialog, openDialog } from './dialog-kind.ts';
import { DirectDialog } from './direct-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ProfileDialog } from './profile-dialog.tsx';
import { RoomDialog } from './room-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { SwitchDialog } from './switch-dialog.tsx';
import { WorkspaceDialog } from './workspace-dialog.tsx';

/** A dialog about a room: gone with the room. */
const AboutRoom = ({ dialog }: { readonly dialog: Extract<Dialog, { kind: 'room' | 'invite' }> }) => {
  const room = useChat((state) => state.directory.rooms.get(dialog.room));
  if (!room) return null;
  return dialog.kind === 'room' ? (
    <RoomDialog room={room} onClose={closeDialog} />
  ) : (
    <InviteDialog room={room} onClose={closeDialog} />
  );
};

export const Dialogs = ({ dialog }: { readonly dialog: Dialog }) => {
  switch (dialog.kind) {
    case 'create':
      return <CreateDialog onClose={closeDialog} />;
    case 'browse':
      return <BrowseDialog onClose={closeDialog} onCreate={() => openDialog({ kind: 'create' })} />;
    case 'switch':
      return <SwitchDialog onClose={closeDialog} />;
    case 'room':
    case 'invite':
      return <AboutRoom dialog={dialog} />;
    case 'workspace':
      return <WorkspaceDialog onClose={closeDialog} />;
    case 'direct':
      return <DirectDialog onClose={closeDialog} />;
    case 'profile':
      return <ProfileDialog user={dialog.user} room={dialog.room} onClose={closeDialog} />;
    case 'settings':
      return <SettingsDialog onClose={closeDialog} />;
    case 'device':
      return <DeviceDialog onClose={closeDialog} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />;
  }
};

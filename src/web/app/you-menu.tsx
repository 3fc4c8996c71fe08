/** The menu behind one’s own picture. What it opens is loaded after the page. */
import { Keyboard, LogOut, MonitorSmartphone, Settings, UserRound } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openDialog } from '../chat/dialog-kind.ts';
import { PersonAvatar } from '../chat/person-avatar.tsx';
import { useChat } from '../store/hooks.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuItem, MenuLine, MenuTrigger } from '../ui/menu.tsx';

export const loadSignOutDialog = () => import('./sign-out-dialog.tsx');
const SignOutDialog = lazy(async () => ({ default: (await loadSignOutDialog()).SignOutDialog }));

/** One's own menu: one's card, the settings, the shortcuts, and the way out. */
export const YouMenu = () => {
  const { t } = useTranslation();
  const you = useChat((state) => state.you);
  const name = useChat((state) => state.directory.users.get(state.you?.id ?? '')?.name ?? state.you?.name ?? '');
  const [leaving, askToLeave] = useState(false);
  if (!you) return null;
  return (
    <>
      <MenuTrigger>
        <IconButton label={t('you.menu', { name })} className="rail-you">
          <PersonAvatar id={you.id} name={name} size={36} presence />
        </IconButton>
        <Menu label={t('you.menu', { name })} placement="top start">
          <MenuItem
            text={t('you.profile')}
            icon={<UserRound size={18} aria-hidden="true" />}
            onAction={() => openDialog({ kind: 'profile', user: you.id })}
          />
          <MenuItem
            text={t('you.settings')}
            icon={<Settings size={18} aria-hidden="true" />}
            onAction={() => openDialog({ kind: 'settings' })}
          />
          <MenuItem
            text={t('device.open')}
            icon={<MonitorSmartphone size={18} aria-hidden="true" />}
            onAction={() => openDialog({ kind: 'device' })}
          />
          <MenuItem
            text={t('shortcuts.title')}
            icon={<Keyboard size={18} aria-hidden="true" />}
            onAction={() => openDialog({ kind: 'shortcuts' })}
          />
          <MenuLine />
          <MenuItem
            text={t('you.signOut')}
            icon={<LogOut size={18} aria-hidden="true" />}
            onAction={() => askToLeave(true)}
          />
        </Menu>
      </MenuTrigger>
      {leaving ? (
        <Suspense fallback={null}>
          <SignOutDialog name={name} onClose={() => askToLeave(false)} />
        </Suspense>
      ) : null}
    </>
  );
};

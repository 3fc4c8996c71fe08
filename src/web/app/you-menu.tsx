import { LogOut } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage, languages, setLanguage } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuTrigger } from '../ui/menu.tsx';
import { currentTheme, setTheme, themes } from './theme.ts';

export const loadSignOutDialog = () => import('./sign-out-dialog.tsx');
const SignOutDialog = lazy(async () => ({ default: (await loadSignOutDialog()).SignOutDialog }));

/** One's own menu: how the page looks, in which language, and the way out. */
export const YouMenu = () => {
  const { t } = useTranslation();
  const you = useChat((state) => state.you);
  const there = useChat((state) => state.link.where.kind === 'on');
  const [theme, chooseTheme] = useState(currentTheme);
  const [leaving, askToLeave] = useState(false);
  if (!you) return null;
  return (
    <>
      <MenuTrigger>
        <IconButton label={t('you.menu', { name: you.name })} className="rail-you">
          <Avatar id={you.id} name={you.name} size={36} online={there} />
        </IconButton>
        <Menu label={t('you.menu', { name: you.name })} placement="top start">
          <MenuChoice
            title={t('you.theme')}
            value={theme}
            options={themes.map((value) => ({ value, text: t(`you.themes.${value}`) }))}
            onChange={(chosen) => {
              setTheme(chosen);
              chooseTheme(chosen);
            }}
          />
          <MenuLine />
          <MenuChoice
            title={t('you.language')}
            value={currentLanguage()}
            options={languages.map(({ code, name }) => ({ value: code, text: name, lang: code }))}
            onChange={(chosen) => void setLanguage(chosen)}
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
          <SignOutDialog name={you.name} onClose={() => askToLeave(false)} />
        </Suspense>
      ) : null}
    </>
  );
};

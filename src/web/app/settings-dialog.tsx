/** One's own settings: who one is here, how the page looks, of what it tells, and how to come back. */
import './settings-dialog.css';
import { Keyboard } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openDialog } from '../chat/dialog-kind.ts';
import { notifyState, wantNotifications } from '../chat/notif-permission.ts';
import { currentLanguage, languages, setLanguage } from '../i18n/index.ts';
import { useCell } from '../store/cell.ts';
import { useChat } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Check, Choice } from '../ui/check.tsx';
import { Modal } from '../ui/modal.tsx';
import { PasswordForm } from './password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { currentTheme, setTheme, themes } from './theme.ts';

const Looks = () => {
  const { t } = useTranslation();
  const [theme, chooseTheme] = useState(currentTheme);
  return (
    <>
      <Choice
        title={t('you.theme')}
        value={theme}
        options={themes.map((value) => ({ value, text: t(`you.themes.${value}`) }))}
        onChange={(chosen) => {
          setTheme(chosen);
          chooseTheme(chosen);
        }}
      />
      <Choice
        title={t('you.language')}
        value={currentLanguage()}
        options={languages.map(({ code, name }) => ({ value: code, text: name, lang: code }))}
        onChange={(chosen) => void setLanguage(chosen)}
      />
    </>
  );
};

const NotificationSettings = () => {
  const { t } = useTranslation();
  const state = useCell(notifyState);
  const possible = state === 'on' || state === 'off';
  return (
    <>
      <Check
        label={t('settings.notify')}
        hint={possible ? t('settings.notifyHint') : t(`settings.notifyNot.${state}`)}
        checked={state === 'on'}
        disabled={!possible}
        onChange={(wanted) => void wantNotifications(wanted)}
      />
      <p className="field-hint">{t('settings.notifyRooms')}</p>
    </>
  );
};

export const SettingsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const you = useChat((state) => state.you);
  if (!you) return null;
  return (
    <Modal title={t('settings.title')} onClose={onClose}>
      <div className="settings scroll">
        <section>
          <h3>{t('settings.profile')}</h3>
          <ProfileForm you={you} />
        </section>
        <section>
          <h3>{t('settings.looks')}</h3>
          <Looks />
        </section>
        <section>
          <h3>{t('settings.notifications')}</h3>
          <NotificationSettings />
        </section>
        <section>
          <h3>{t('settings.password')}</h3>
          <PasswordForm name={you.name} />
        </section>
        <section>
          <Button look="quiet" small onPress={() => openDialog({ kind: 'shortcuts' })}>
            <Keyboard size={16} aria-hidden="true" />
            {t('shortcuts.title')}
          </Button>
        </section>
      </div>
    </Modal>
  );
};

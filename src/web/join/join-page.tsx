/** The page of somebody without a session: says where one is, and asks for a name. */
import './join-page.css';
import { type FormEvent, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { EstafetError, limits } from '../../client/index.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { currentLanguage, languages, setLanguage } from '../i18n/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { RelayPicture } from './relay-picture.tsx';

/** Codes that are about the name, and so are said at its field. */
const aboutName = new Set(['name-taken', 'name-invalid']);

const JoinForm = () => {
  const { t } = useTranslation();
  const store = useStore();
  const [code, setCode] = useState<EstafetError['code'] | null>(null);
  const [busy, setBusy] = useState(false);
  const ended = useChat((state) => state.signedOutCode === 'session-ended');
  // The name of a session that has ended stays taken.
  const [name, setName] = useState(() => (ended ? '' : (readSetting('name') ?? '')));

  const join = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const wanted = name.trim();
    if (wanted === '') return setCode('name-invalid');
    setBusy(true);
    setCode(null);
    try {
      await store.join(wanted);
      writeSetting('name', wanted);
    } catch (error) {
      setCode(error instanceof EstafetError ? error.code : 'internal');
      setBusy(false);
    }
  };

  const nameError = code && aboutName.has(code) ? t(`errors.${code}`, { count: limits.userNameMaxChars }) : undefined;
  return (
    <form className="join-form" onSubmit={(event) => void join(event)} noValidate>
      <div>
        <h1 className="join-title">{t('join.title')}</h1>
        <p className="join-where">
          <Trans i18nKey="join.where" values={{ host: location.host }} components={{ host: <strong /> }} />
        </p>
      </div>
      {ended ? <p className="join-notice">{t('join.ended')}</p> : null}
      <Field
        label={t('join.name')}
        hint={t('join.hint')}
        value={name}
        onChange={(value) => {
          setName(value);
          setCode(null);
        }}
        error={nameError}
        maxLength={limits.userNameMaxChars}
        autoComplete="nickname"
        autoCapitalize="words"
        autoFocus
      />
      {code && !nameError ? (
        <p className="join-problem" role="alert">
          {t(`errors.${code}`, { count: limits.userNameMaxChars })}
        </p>
      ) : null}
      <Button type="submit" busy={busy}>
        {busy ? t('join.joining') : t('join.join')}
      </Button>
    </form>
  );
};

/** Where a person without a session says who they are. */
export const JoinPage = () => {
  const { t } = useTranslation();
  const shown = currentLanguage();
  return (
    <div className="join">
      <header className="join-side">
        <div className="join-mark">
          <Logo size={36} />
          {t('common.estafet')}
        </div>
        <RelayPicture />
        <p className="join-claim">{t('join.claim')}</p>
      </header>
      <main className="join-form-side">
        <JoinForm />
        <fieldset className="join-languages" aria-label={t('you.language')}>
          {languages.map(({ code, name }) => (
            <Button
              key={code}
              look="quiet"
              small
              lang={code}
              aria-pressed={code === shown}
              onPress={() => void setLanguage(code)}
            >
              {name}
            </Button>
          ))}
        </fieldset>
      </main>
    </div>
  );
};

/** The page of somebody without a session: says where one is, and asks for a name. */
import './join-page.css';
import { type FormEvent, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import { currentLanguage, languages, setLanguage } from '../i18n/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { Problem, useReason } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { RelayPicture } from './relay-picture.tsx';

/** Refusals that are about the name, and so are said at its field. */
const aboutName = new Set(['name-taken', 'name-invalid']);

interface FormProps {
  readonly onOther: () => void;
}

/** What both forms begin with. */
const JoinHead = ({ title }: { readonly title: string }) => (
  <div>
    <h1 className="join-title">{title}</h1>
    <p className="join-where">
      <Trans i18nKey="join.where" values={{ host: location.host }} components={{ host: <strong /> }} />
    </p>
  </div>
);

const JoinForm = ({ onOther }: FormProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const reason = useReason();
  const { busy, code, setCode, run } = useDoing();
  const ended = useChat((state) => state.signedOutCode === 'session-ended');
  // The name of a session that has ended stays taken.
  const [name, setName] = useState(() => (ended ? '' : (readSetting('name') ?? '')));

  const join = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') return setCode('name-invalid');
    if (await run(() => store.join(wanted))) writeSetting('name', wanted);
  };

  const atName = code !== null && aboutName.has(code);
  return (
    <form className="join-form" onSubmit={(event) => void join(event)} noValidate>
      <JoinHead title={t('join.title')} />
      {ended ? <p className="join-notice">{t('join.ended')}</p> : null}
      <Field
        label={t('join.name')}
        hint={t('join.hint')}
        value={name}
        onChange={(value) => {
          setName(value);
          setCode(null);
        }}
        error={atName ? reason(code) : undefined}
        maxLength={limits.userNameMaxChars}
        autoComplete="nickname"
        autoCapitalize="words"
        autoFocus
      />
      {code === 'name-taken' ? <p className="join-notice">{t('join.taken')}</p> : null}
      <Problem code={atName ? null : code} />
      <Button type="submit" busy={busy}>
        {busy ? t('join.joining') : t('join.join')}
      </Button>
      <Button look="bare" onPress={onOther}>
        {t('join.before')}
      </Button>
    </form>
  );
};

/** For somebody who has a password here already. */
const SignInForm = ({ onOther }: FormProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const [name, setName] = useState(() => readSetting('name') ?? '');
  const [password, setPassword] = useState('');
  const { busy, code, setCode, run } = useDoing();
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '' || password === '') return setCode('wrong-password');
    if (await run(() => store.signIn(wanted, password))) writeSetting('name', wanted);
  };
  const changing = (set: (value: string) => void) => (value: string) => {
    set(value);
    setCode(null);
  };
  return (
    <form className="join-form" onSubmit={(event) => void signIn(event)} noValidate>
      <JoinHead title={t('join.again')} />
      <Field
        label={t('join.name')}
        value={name}
        onChange={changing(setName)}
        maxLength={limits.userNameMaxChars}
        autoComplete="username"
        autoCapitalize="words"
        autoFocus
      />
      <Field
        label={t('join.password')}
        hint={t('join.passwordHint')}
        type="password"
        value={password}
        onChange={changing(setPassword)}
        maxLength={limits.passwordMaxChars}
        autoComplete="current-password"
      />
      <Problem code={code} />
      <Button type="submit" busy={busy}>
        {t('join.signIn')}
      </Button>
      <Button look="bare" onPress={onOther}>
        {t('join.first')}
      </Button>
    </form>
  );
};

/** Where a person without a session says who they are. */
export const JoinPage = () => {
  const { t } = useTranslation();
  const shown = currentLanguage();
  const [before, setBefore] = useState(false);
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
        {before ? <SignInForm onOther={() => setBefore(false)} /> : <JoinForm onOther={() => setBefore(true)} />}
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

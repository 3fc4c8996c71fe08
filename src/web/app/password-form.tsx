/** The password in the settings: what it is for, and setting it. Nothing of it is kept here. */
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '../../client/index.ts';
import { newCommandId } from '../../protocol/index.ts';
import { useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Problem, useReason } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';

/**
 * Sets a password, by which one comes back on another device. Nobody but the servers knows whether there is one: the
 * present one is asked for once they have refused without it.
 */
export const PasswordForm = ({ name }: { readonly name: string }) => {
  const { t } = useTranslation();
  const store = useStore();
  const reason = useReason();
  const [password, setPassword] = useState('');
  const [current, setCurrent] = useState('');
  const [asksCurrent, askCurrent] = useState(false);
  const [done, setDone] = useState(false);
  const { busy, code, setCode, run } = useDoing();

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    if (password.length < limits.passwordMinChars) return setCode('password-invalid');
    // Born here, so that sending it again through another server has one effect.
    const id = newCommandId();
    const body = { id, password, ...(current === '' ? {} : { current }) };
    const set = await run(async () => {
      try {
        await store.request('PUT', '/api/v1/password', body);
      } finally {
        askCurrent(true);
      }
    });
    if (!set) return;
    setPassword('');
    setCurrent('');
    setDone(true);
  };

  const wrong = code === 'wrong-password';
  const atPassword = code === 'password-invalid';
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <p className="field-hint">{t('password.about')}</p>
      {/* For what keeps passwords: whose this one is. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      {asksCurrent ? (
        <Field
          label={t('password.current')}
          type="password"
          value={current}
          onChange={(value) => {
            setCurrent(value);
            setCode(null);
          }}
          error={wrong ? t('password.currentWrong') : undefined}
          maxLength={limits.passwordMaxChars}
          autoComplete="current-password"
        />
      ) : null}
      <Field
        label={t('password.new')}
        hint={t('password.hint', { count: limits.passwordMinChars })}
        type="password"
        value={password}
        onChange={(value) => {
          setPassword(value);
          setCode(null);
          setDone(false);
        }}
        error={atPassword ? reason(code) : undefined}
        maxLength={limits.passwordMaxChars}
        autoComplete="new-password"
      />
      <Problem code={wrong || atPassword ? null : code} />
      <div className="dialog-actions">
        {done ? (
          <p className="settings-done" role="status">
            {t('password.done')}
          </p>
        ) : null}
        <Button type="submit" look="quiet" small busy={busy}>
          {t('password.do')}
        </Button>
      </div>
    </form>
  );
};

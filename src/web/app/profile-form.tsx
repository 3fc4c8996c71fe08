/** The profile in the settings: what one is called, says of oneself, and looks like. */
import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits, type User } from '../../client/index.ts';
import { PersonAvatar } from '../chat/person-avatar.tsx';
import { useChat, useStore } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Problem, useReason } from '../ui/problem.tsx';
import { useDoing } from '../ui/use-doing.ts';
import { writeSetting } from './settings.ts';

const PictureCropper = lazy(async () => ({ default: (await import('./picture-cropper.tsx')).PictureCropper }));

/** Refusals that are about the name, and so are said at its field. */
const aboutName = new Set(['name-taken', 'name-invalid']);

const Picture = ({ user }: { readonly user: User }) => {
  const { t } = useTranslation();
  const store = useStore();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const { busy, code, run } = useDoing();
  return (
    <div>
      <div className="settings-picture">
        <PersonAvatar id={user.id} name={user.name} size={72} />
        <div className="settings-picture-tools">
          <Button look="quiet" small onPress={() => input.current?.click()}>
            {t('settings.choosePicture')}
          </Button>
          {user.avatar ? (
            <Button
              look="quiet"
              small
              busy={busy}
              onPress={() => void run(() => store.do('profile.edit', { avatar: '' }))}
            >
              {t('settings.removePicture')}
            </Button>
          ) : null}
        </div>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null);
            event.target.value = '';
          }}
        />
      </div>
      <Problem code={code} />
      {file ? (
        <Suspense fallback={null}>
          <PictureCropper key={file.name + file.lastModified} file={file} onDone={() => setFile(null)} />
        </Suspense>
      ) : null}
    </div>
  );
};

/** What one is called, says of oneself, and looks like. */
export const ProfileForm = ({ you }: { readonly you: User }) => {
  const { t } = useTranslation();
  const store = useStore();
  const reason = useReason();
  const user = useChat((state) => state.directory.users.get(you.id)) ?? you;
  const [name, setName] = useState(user.name);
  const [about, setAbout] = useState(user.about ?? '');
  const { busy, code, setCode, run } = useDoing();
  const changed = name.trim() !== user.name || about.trim() !== (user.about ?? '');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') return setCode('name-invalid');
    const done = await run(() =>
      store.do('profile.edit', {
        ...(wanted === user.name ? {} : { name: wanted }),
        ...(about.trim() === (user.about ?? '') ? {} : { about: about.trim() }),
      }),
    );
    if (done) writeSetting('name', wanted);
  };
  const atName = code !== null && aboutName.has(code);
  return (
    <>
      <Picture user={user} />
      <form onSubmit={(event) => void save(event)} noValidate>
        <Field
          label={t('join.name')}
          value={name}
          onChange={(value) => {
            setName(value);
            setCode(null);
          }}
          error={atName ? reason(code) : undefined}
          maxLength={limits.userNameMaxChars}
          autoComplete="nickname"
          autoCapitalize="words"
        />
        <Field
          label={t('settings.about')}
          value={about}
          onChange={setAbout}
          maxLength={limits.userAboutMaxChars}
          placeholder={t('settings.aboutExample')}
          autoCapitalize="sentences"
        />
        <Problem code={atName ? null : code} />
        {changed ? (
          <div className="dialog-actions">
            <Button type="submit" small busy={busy}>
              {t('about.save')}
            </Button>
          </div>
        ) : null}
      </form>
    </>
  );
};

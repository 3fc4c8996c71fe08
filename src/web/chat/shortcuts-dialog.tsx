/** Every shortcut there is, from the table that drives them. */
import './shortcuts-dialog.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Keys, keyNames, type ShortcutId, shortcuts } from '../app/shortcuts.ts';
import { plainKeysWanted, wantPlainKeys } from '../app/use-shortcuts.ts';
import { Check } from '../ui/check.tsx';
import { Modal } from '../ui/modal.tsx';
import { scrollable } from '../ui/scrollable.ts';

const places = ['anywhere', 'composer', 'messages'] as const;
const isMac = /mac|iphone|ipad/i.test(navigator.platform);

const KeyCaps = ({ keys }: { readonly keys: Keys }) => (
  <span className="keys">
    {keyNames(keys, isMac).map((name) => (
      <kbd key={name}>{name}</kbd>
    ))}
  </span>
);

export const ShortcutsDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const [plain, setPlain] = useState(plainKeysWanted);
  const ids = Object.keys(shortcuts) as ShortcutId[];
  return (
    <Modal title={t('shortcuts.title')} onClose={onClose}>
      <section className="shortcuts scroll" aria-label={t('shortcuts.title')} {...scrollable}>
        {places.map((place) => (
          <section key={place}>
            <h3 className="about-heading">{t(`shortcuts.where.${place}`)}</h3>
            <dl className="shortcuts-list">
              {ids
                .filter((id) => shortcuts[id].where === place)
                .map((id) => (
                  <div key={id}>
                    <dt>{t(`shortcuts.does.${id}`)}</dt>
                    <dd>
                      {shortcuts[id].keys.map((keys: Keys) => (
                        <KeyCaps key={keyNames(keys, isMac).join('+')} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        <Check
          label={t('shortcuts.plain')}
          hint={t('shortcuts.plainHint')}
          checked={plain}
          onChange={(wanted) => {
            wantPlainKeys(wanted);
            setPlain(wanted);
          }}
        />
      </section>
    </Modal>
  );
};

/** Choosing people by typing a part of their names: a field, a list that narrows, and the chosen ones above it. */
import './people-picker.css';
import { Check, X } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { User } from '../../client/index.ts';
import { Avatar } from '../ui/avatar.tsx';
import { matches } from './matches.ts';
import { byName } from './sort.ts';

/** So many are listed; typing narrows the rest. */
const shownMax = 50;

interface PeoplePickerProps {
  readonly label: string;
  readonly people: readonly User[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly max: number;
  /** Said when there is nobody to choose from. */
  readonly nobody: string;
}

export const PeoplePicker = ({ label, people, chosen, onChange, max, nobody }: PeoplePickerProps) => {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(
    () => people.filter((user) => matches(wanted, user.name)).sort(byName(i18n.language)),
    [people, wanted, i18n.language],
  );
  const shown = found.slice(0, shownMax);
  const active = shown[Math.min(at, shown.length - 1)];
  const full = chosen.length >= max;

  const toggle = (user: string) => {
    if (chosen.includes(user)) onChange(chosen.filter((one) => one !== user));
    else if (!full) onChange([...chosen, user]);
  };
  const step = (by: number) => {
    if (shown.length === 0) return;
    const next = (Math.min(at, shown.length - 1) + by + shown.length) % shown.length;
    setAt(next);
    document.getElementById(`${id}-${shown[next]!.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && active) {
      event.preventDefault();
      toggle(active.id);
      setWanted('');
    } else if (event.key === 'Backspace' && wanted === '' && chosen.length > 0) {
      onChange(chosen.slice(0, -1));
    }
  };

  if (people.length === 0) return <p className="picker-none">{nobody}</p>;
  return (
    <div className="picker">
      {chosen.length > 0 ? (
        <ul className="picker-chosen" aria-label={t('picker.chosen')}>
          {chosen.map((user) => {
            const name = people.find((one) => one.id === user)?.name ?? '';
            return (
              <li key={user}>
                <AriaButton
                  className="picker-chip"
                  aria-label={t('picker.drop', { name })}
                  onPress={() => toggle(user)}
                >
                  <span>{name}</span>
                  <X size={14} aria-hidden="true" />
                </AriaButton>
              </li>
            );
          })}
        </ul>
      ) : null}
      <input
        className="field-input"
        role="combobox"
        aria-label={label}
        placeholder={label}
        aria-expanded={shown.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={active ? `${id}-${active.id}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        ref={(field) => field?.focus()}
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="picker-list scroll" id={`${id}-list`} role="listbox" aria-multiselectable aria-label={label}>
        {shown.map((user) => (
          <div
            key={user.id}
            id={`${id}-${user.id}`}
            className="picker-item"
            role="option"
            tabIndex={-1}
            aria-selected={chosen.includes(user.id)}
            aria-disabled={full && !chosen.includes(user.id)}
            data-active={user === active || undefined}
            onPointerMove={() => setAt(shown.indexOf(user))}
            onPointerUp={() => toggle(user.id)}
          >
            <Avatar id={user.id} name={user.name} picture={user.avatar} size={28} />
            <span className="picker-name">{user.name}</span>
            {user.role === 'member' ? null : <span className="picker-role">{t(`roles.${user.role}`)}</span>}
            <span className="picker-mark">
              {chosen.includes(user.id) ? <Check size={18} aria-hidden="true" /> : null}
            </span>
          </div>
        ))}
      </div>
      <p className="picker-note" role="status">
        {full ? t('picker.full', { count: max }) : null}
        {found.length > shownMax ? t('picker.more', { count: found.length - shownMax }) : null}
        {found.length === 0 ? t('people.none', { name: wanted.trim() }) : null}
      </p>
    </div>
  );
};

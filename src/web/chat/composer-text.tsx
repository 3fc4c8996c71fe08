/**
 * A field for a message's text: it grows, completes names, emoji and commands, and puts marks around what is selected.
 * The composer and the editor of a message both write in one.
 */
import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Room } from '../../client/index.ts';
import { pressed } from '../app/shortcuts.ts';
import { Avatar } from '../ui/avatar.tsx';
import { GrowingText } from '../ui/growing-text.tsx';
import { useLatest } from '../ui/use-latest.ts';
import { folded, type Wanted, wantedAt } from './composer-completion.ts';
import { replaceIn, withCode, withMark } from './composer-format.ts';
import { type Suggestion, useSuggestions } from './composer-suggestions.ts';

export interface TextHandle {
  readonly focus: () => void;
  /** Writes at the caret. */
  readonly insert: (text: string) => void;
}

interface ComposerTextProps {
  readonly room: Room;
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Keys that mean nothing to a suggestion. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  readonly className: string;
  readonly ref?: Ref<TextHandle>;
  readonly placeholder?: string;
  /** Whether this is where one writes to the room. */
  readonly isComposer?: boolean;
  readonly autoFocus?: boolean;
}

interface OptionProps {
  readonly id: string;
  readonly suggestion: Suggestion;
  readonly active: boolean;
  readonly onChoose: () => void;
}

const Option = ({ id, suggestion, active, onChoose }: OptionProps) => (
  <div
    id={id}
    role="option"
    aria-selected={active}
    tabIndex={-1}
    className="suggestion"
    // The field keeps the focus, and the phone its keyboard.
    onPointerDown={(event) => event.preventDefault()}
    onClick={onChoose}
    onKeyDown={() => undefined}
  >
    {suggestion.user ? (
      <Avatar id={suggestion.user.id} name={suggestion.user.name} picture={suggestion.user.avatar} size={24} />
    ) : null}
    {suggestion.emoji ? <span className="suggestion-emoji">{suggestion.emoji}</span> : null}
    <span className="suggestion-name">{suggestion.name}</span>
    <span className="suggestion-about">{suggestion.about}</span>
  </div>
);

export const ComposerText = ({
  room,
  label,
  value,
  onChange,
  onKeyDown,
  ref,
  isComposer,
  ...rest
}: ComposerTextProps) => {
  const { t } = useTranslation();
  const field = useRef<HTMLTextAreaElement>(null);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [active, setActive] = useState(0);
  /** What Escape was pressed at is not suggested for again. */
  const refused = useRef<Wanted | null>(null);
  const id = useId();
  const suggestions = useSuggestions(wanted, value, room);
  const open = wanted !== null && suggestions.length > 0;
  const chosen = suggestions[Math.min(active, suggestions.length - 1)];

  const look = () => {
    const { current } = field;
    if (!current) return;
    const found =
      current.selectionStart === current.selectionEnd ? wantedAt(current.value, current.selectionStart) : null;
    const isRefused = found !== null && found.kind === refused.current?.kind && found.start === refused.current.start;
    if (!isRefused) refused.current = null;
    const at = !isRefused && (isComposer || found?.kind !== 'command') ? found : null;
    setWanted((known) =>
      known?.start === at?.start && known?.query === at?.query && known?.kind === at?.kind ? known : at,
    );
    setActive(0);
  };

  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    insert: (text) => {
      const { current } = field;
      if (!current) return;
      const { selectionStart: from, selectionEnd: to } = current;
      replaceIn(current, { from, to, text, start: from + text.length, end: from + text.length });
    },
  }));

  const choose = (suggestion: Suggestion) => {
    const { current } = field;
    if (!current || !wanted) return;
    const end = wanted.start + suggestion.insert.length;
    replaceIn(current, { from: wanted.start, to: current.selectionStart, text: suggestion.insert, start: end, end });
    setWanted(null);
  };

  /** True when a suggestion has taken the key. */
  const suggested = (event: KeyboardEvent): boolean => {
    // What is still being looked for is not wanted either.
    if (event.key === 'Escape') {
      refused.current = wanted;
      setWanted(null);
    }
    if (!open || !chosen) return false;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) setActive((now) => (now + step + suggestions.length) % suggestions.length);
    else if (event.key === 'Tab' && !event.shiftKey) choose(chosen);
    else if (event.key === 'Enter' && !event.shiftKey) {
      // A command that is there whole is meant, and not to be completed.
      if (wanted?.kind === 'command' && chosen.insert.trim() === value.trim()) return false;
      // So is a name.
      const written = value.slice(wanted?.start, field.current?.selectionStart).trim();
      if (wanted?.kind === 'mention' && folded(written) === folded(chosen.insert.trim())) return false;
      choose(chosen);
    } else return event.key === 'Escape';
    return true;
  };

  const marked = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { current } = field;
    if (!current) return false;
    const selected = { text: current.value, start: current.selectionStart, end: current.selectionEnd };
    if (pressed('bold', event)) replaceIn(current, withMark(selected, '**'));
    else if (pressed('italic', event)) replaceIn(current, withMark(selected, '_'));
    else if (pressed('code', event)) replaceIn(current, withCode(selected));
    else if (pressed('strike', event)) replaceIn(current, withMark(selected, '~~'));
    else return false;
    return true;
  };

  const onKey = useLatest((event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (suggested(event) || marked(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else onKeyDown(event);
  });

  return (
    <div className="completing">
      {open ? (
        <div id={`${id}-list`} className="suggestions scroll" role="listbox" aria-label={t('composer.suggestions')}>
          {suggestions.map((suggestion) => (
            <Option
              key={suggestion.key}
              id={`${id}-${suggestion.key}`}
              suggestion={suggestion}
              active={suggestion === chosen}
              onChoose={() => choose(suggestion)}
            />
          ))}
        </div>
      ) : null}
      <GrowingText
        {...rest}
        ref={field}
        value={value}
        onChange={(text) => {
          onChange(text);
          look();
        }}
        onKeyDown={onKey}
        onSelect={look}
        onBlur={() => setWanted(null)}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && chosen ? `${id}-${chosen.key}` : undefined}
        data-composer={isComposer || undefined}
        dir="auto"
        enterKeyHint={isComposer ? 'send' : 'done'}
      />
    </div>
  );
};

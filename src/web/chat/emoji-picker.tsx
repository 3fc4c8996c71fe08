/**
 * All emoji to choose from: found by name, the latest ones first, with a skin tone. The field keeps the focus; the arrow
 * keys go through what is below it, and Enter takes what is marked.
 */
import './emoji-picker.css';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Emoji, emojiGroups, findEmoji, loadEmoji, toned } from './emoji-data.ts';
import { chooseTone, chosenTone, noteEmoji, recentEmoji } from './emoji-recent.ts';

const foundMax = 120;
const recentMax = 18;
const tones = ['t0', 't1', 't2', 't3', 't4', 't5'] as const;
const hand = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];

interface Section {
  readonly key: string;
  readonly title: string;
  readonly emoji: readonly Emoji[];
}

/** So many stand in a row at the moment. */
const columnsOf = (grid: HTMLElement | null): number => {
  const cells = grid?.querySelectorAll<HTMLElement>('.emoji-grid')[0]?.children ?? [];
  const top = (cells[0] as HTMLElement | undefined)?.offsetTop;
  const row = [...cells].findIndex((cell) => (cell as HTMLElement).offsetTop !== top);
  return row > 0 ? row : Math.max(1, cells.length);
};

const useBook = (language: string): readonly Emoji[] | 'failed' | null => {
  const [book, setBook] = useState<readonly Emoji[] | 'failed' | null>(null);
  useEffect(() => {
    let wanted = true;
    loadEmoji(language).then(
      (loaded) => wanted && setBook(loaded),
      () => wanted && setBook('failed'),
    );
    return () => {
      wanted = false;
    };
  }, [language]);
  return book;
};

export const EmojiPicker = ({ onPick }: { readonly onPick: (emoji: string) => void }) => {
  const { t, i18n } = useTranslation();
  const book = useBook(i18n.language);
  const [query, setQuery] = useState('');
  const [tone, setTone] = useState(chosenTone);
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => {
    // A finger has not asked for a keyboard over what it came to choose from.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  const sections = useMemo((): readonly Section[] => {
    if (!Array.isArray(book)) return [];
    const all = book as readonly Emoji[];
    if (query.trim() !== '') return [{ key: 'found', title: t('emoji.found'), emoji: findEmoji(all, query, foundMax) }];
    const byText = new Map(
      all.flatMap((one) => [one.emoji, ...one.tones].map((text) => [text, { ...one, emoji: text, tones: [] }])),
    );
    const recent = recentEmoji()
      .flatMap((text) => byText.get(text) ?? [])
      .slice(0, recentMax);
    return [
      { key: 'recent', title: t('emoji.recent'), emoji: recent },
      ...emojiGroups.map((group) => ({
        key: group,
        title: t(`emoji.groups.${group}`),
        emoji: all.filter((one) => one.group === group),
      })),
    ];
  }, [book, query, t]);
  const flat = useMemo(() => sections.flatMap((section) => section.emoji), [sections]);
  const chosen = flat[active];

  const pick = (one: Emoji) => {
    const emoji = toned(one, tone);
    noteEmoji(emoji);
    onPick(emoji);
  };
  const go = (to: number) => {
    const at = Math.max(0, Math.min(to, flat.length - 1));
    setActive(at);
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const steps: Record<string, number> = {
      ArrowDown: columnsOf(grid.current),
      ArrowUp: -columnsOf(grid.current),
      ArrowRight: 1,
      ArrowLeft: -1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      // In a text, the arrows to the sides move the caret until one has gone down.
      if (query !== '' && active === 0 && Math.abs(step) === 1 && event.key === 'ArrowLeft') return;
      event.preventDefault();
      go(active + step);
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      pick(chosen);
    }
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const place = (event.target as Element).closest<HTMLElement>('[data-place]')?.dataset.place;
    const one = place === undefined ? undefined : flat[Number(place)];
    if (one) pick(one);
  };

  let place = 0;
  return (
    <div className="emoji-picker">
      <div className="emoji-head">
        <input
          ref={field}
          className="emoji-find"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          aria-label={t('emoji.find')}
          placeholder={t('emoji.find')}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="emoji-tone"
          title={t('emoji.tone')}
          aria-label={t('emoji.toneIs', { tone: t(`emoji.tones.${tones[tone] ?? 't0'}`) })}
          onClick={() => {
            const next = (tone + 1) % hand.length;
            setTone(next);
            chooseTone(next);
          }}
        >
          {hand[tone]}
        </button>
      </div>
      {book === 'failed' ? <p className="emoji-none">{t('emoji.failed')}</p> : null}
      {Array.isArray(book) && flat.length === 0 ? (
        <p className="emoji-none">{t('emoji.none', { name: query })}</p>
      ) : null}
      <div
        ref={grid}
        id={`${id}-list`}
        className="emoji-list scroll"
        role="listbox"
        aria-label={t('emoji.title')}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        {sections.map((section) => (
          <div key={section.key} role="presentation" className="emoji-section">
            <p className="emoji-title" aria-hidden="true">
              {section.title}
            </p>
            <div className="emoji-grid" role="presentation">
              {section.emoji.map((one) => {
                const at = place++;
                return (
                  <span
                    key={one.emoji}
                    id={`${id}-${at}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={at === active}
                    aria-label={one.name}
                    data-place={at}
                    className="emoji-cell"
                    title={one.name}
                  >
                    {toned(one, tone)}
                  </span>
                );
              })}
            </div>
          </div>
        ))}
      </div>
      <p className="emoji-foot" aria-hidden="true">
        {chosen ? (
          <>
            <span className="emoji-shown">{toned(chosen, tone)}</span>
            <span className="emoji-name">{chosen.name}</span>
            <span className="emoji-code">:{chosen.code}:</span>
          </>
        ) : null}
      </p>
    </div>
  );
};

/** What happens in the lab, line by line, the newest first: filtered, paused, and honest about what was left out. */
import { Pause, Play } from 'lucide-react';
import { memo, type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabEvent } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { type EventGroup, groupNames, groupOf, linesWanted } from './event-words.ts';
import { useFormats } from './formats.ts';
import { useLab } from './hooks.ts';
import type { LogLine } from './model.ts';
import { openStory } from './story-open.ts';

/** Lines on the screen at a time: more are read by nobody, and cost as much as they are many. */
const linesShown = 80;

/** An event as a sentence. */
const useSentence = (): ((event: LabEvent) => string) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  return ({ what, node = '', other = '', method, message, attempt = 0, topic = '', text = '', count = 0, ms }) =>
    t(`events.${what}`, {
      node,
      other: other === '' && topic !== '' ? `#${topic}` : other,
      method: method === undefined ? '' : t(`methods.${method}`),
      message: message === undefined ? '' : `#${message}`,
      attempt: attempt + 1,
      topic,
      text,
      number: formats.count(count),
      after: formats.ms(ms ?? null),
    });
};

interface LineProps {
  readonly words: string;
  readonly time: string;
  readonly group: EventGroup;
  readonly message: number | undefined;
  /** What leads to the message’s story. */
  readonly story: string;
}

/** It asks for nothing by itself: in a burst hundreds of lines come and go. */
const Line = memo(({ words, time, group, message, story }: LineProps) => (
  <li className="lab-line" data-group={group}>
    <time className="lab-line-time">{time}</time>
    <span className="lab-line-words">{words}</span>
    {message === undefined ? null : (
      <button type="button" className="lab-line-story" onClick={() => openStory(message)}>
        {story}
        <span className="hidden-visually">{`#${message}`}</span>
      </button>
    )}
  </li>
));

/** Lines as they are drawn. What one says is put into words once. */
const useLines = (): ((line: LogLine) => ReactNode) => {
  const { t, i18n } = useTranslation('lab');
  const formats = useFormats();
  const sentence = useSentence();
  const { language } = i18n;
  const told = useMemo(() => ({ language, words: new WeakMap<LabEvent, string>() }), [language]);
  return (line) => {
    if ('leftOut' in line) {
      return (
        <li key={line.key} className="lab-line lab-line-gap">
          {t('log.leftOut', { count: line.leftOut })}
        </li>
      );
    }
    const { key, event } = line;
    const words = told.words.get(event) ?? sentence(event);
    told.words.set(event, words);
    const more = { message: event.message, group: groupOf(event.what), story: t('log.story') };
    return <Line key={key} words={words} time={formats.time(event.at)} {...more} />;
  };
};

export const EventLog = () => {
  const { t } = useTranslation('lab');
  const drawn = useLines();
  const live = useLab((state) => state.model.lines);
  const [paused, setPaused] = useState<readonly LogLine[] | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<EventGroup>>(new Set());
  const [wanted, setWanted] = useState('');
  const lines = paused ?? live;
  const shown = useMemo(
    () => linesWanted(lines, hidden, wanted).slice(-linesShown).toReversed(),
    [lines, hidden, wanted],
  );
  const toggle = (group: EventGroup) => {
    const next = new Set(hidden);
    if (!next.delete(group)) next.add(group);
    setHidden(next);
  };
  return (
    <section className="lab-card lab-log" aria-label={t('log.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">{t('log.title')}</h2>
        <Button look="quiet" small onPress={() => setPaused(paused === null ? live : null)}>
          {paused === null ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
          {paused === null ? t('log.pause') : t('log.go')}
        </Button>
      </div>
      <div className="lab-log-filter">
        <fieldset className="lab-presets">
          <legend className="hidden-visually">{t('log.kinds')}</legend>
          {groupNames.map((group) => (
            <button
              key={group}
              type="button"
              className="lab-chip"
              aria-pressed={!hidden.has(group)}
              onClick={() => toggle(group)}
            >
              {t(`log.groups.${group}`)}
            </button>
          ))}
        </fieldset>
        <input
          className="lab-input"
          type="search"
          aria-label={t('log.find')}
          placeholder={t('log.find')}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <p className="lab-note">{t(lines.length === 0 ? 'log.empty' : 'log.noneFound')}</p>
      ) : (
        <ol className="lab-lines scroll" {...scrollable}>
          {shown.map(drawn)}
        </ol>
      )}
    </section>
  );
};

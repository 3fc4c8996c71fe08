/**
 * The last ten minutes, to be scrubbed: by mouse and finger on the timeline, by the arrow keys (a second), with Shift or
 * Page Up and Down (ten), from mark to mark, and to now with End. What is shown is the whole page’s business.
 */
import './timeline.css';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClusterEvent } from '../../protocol/index.ts';
import { Button, IconButton } from '../ui/button.tsx';
import type { ClusterState } from './cluster-store.ts';
import { useCluster, useClusterStore } from './hooks.ts';
import { rewinderOf } from './rewind-store.ts';
import { byTime } from './sequence-order.ts';
import { useClock, useDuration } from './sequence-words.ts';
import { bandsOf, type Mark, markKinds, marksOf, windowMs } from './timeline-marks.ts';
import { MarkGlyph, TimelineTrack, useMarkWords } from './timeline-track.tsx';

/** How far a key moves. */
const stepMs = 1_000;
const leapMs = 10_000;
/** This near to the end is now. */
const nowMs = 900;
/** A mark's moment is shown a little after it, when what it is about has happened. */
const afterMs = 60;

/** Events that could be marked: few, of very many. */
const marked: ReadonlySet<ClusterEvent['what']> = new Set(['dying', 'server-down', 'acted', 'sequenced']);

const markedOf = (events: readonly ClusterEvent[]): readonly ClusterEvent[] =>
  events.filter(({ what }) => marked.has(what));

/** The end of what is shown: now, once a second; while one looks back, the moment at which one began to. */
const useEnd = (at: number | null): number => {
  const store = useClusterStore();
  const [now, setNow] = useState(() => store.now());
  const live = at === null;
  useEffect(() => {
    if (!live) return;
    setNow(store.now());
    const timer = setInterval(() => setNow(store.now()), 1_000);
    return () => clearInterval(timer);
  }, [store, live]);
  // An address may lead further back than the window reaches.
  return at !== null && at < now - windowMs ? at + windowMs / 2 : now;
};

const useMarks = (): readonly Mark[] => {
  const known = useCluster((state: ClusterState) => state.history?.events);
  const live = useCluster((state) => state.live.events);
  const takeovers = useCluster((state) => state.live.takeovers);
  const before = useMemo(() => markedOf(known ?? []), [known]);
  return useMemo(() => marksOf(byTime([...before, ...markedOf(live)]), takeovers), [before, live, takeovers]);
};

export const RewindPanel = () => {
  const { t } = useTranslation('cluster');
  const store = useClusterStore();
  const at = useCluster((state) => state.at);
  const takeovers = useCluster((state) => state.live.takeovers);
  const { second } = useClock();
  const duration = useDuration();
  const words = useMarkWords();
  const marks = useMarks();
  const until = useEnd(at);
  const from = until - windowMs;
  const bands = useMemo(() => bandsOf(takeovers, from, until), [takeovers, from, until]);
  const rewinder = rewinderOf(store);
  const shown = at ?? until;

  const show = (to: number): void => {
    rewinder.show(to >= until - nowMs ? null : Math.max(from, to));
  };
  const earlier = marks.findLast((mark) => mark.at >= from && mark.at + afterMs < shown - 1);
  const later = marks.find((mark) => mark.at + afterMs > shown + 1);

  const keys = (event: KeyboardEvent): void => {
    const far = event.shiftKey || event.key.startsWith('Page') ? leapMs : stepMs;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: shown - far,
      ArrowDown: shown - far,
      PageDown: shown - far,
      ArrowRight: shown + far,
      ArrowUp: shown + far,
      PageUp: shown + far,
      Home: from,
      End: until,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  };

  const ago = duration(Math.max(0, store.now() - shown));
  const here = at === null ? undefined : marks.findLast((mark) => mark.at <= at && at - mark.at < 2 * afterMs);
  const value =
    at === null ? t('rewind.valueLive', { time: second(shown) }) : t('rewind.value', { time: second(shown), ago });
  return (
    <div className="timeline">
      <div className="timeline-bar">
        <h2 className="cluster-heading">{t('rewind.title')}</h2>
        <output className="timeline-shown">{at === null ? t('rewind.live') : second(at)}</output>
        <IconButton
          label={t('rewind.back')}
          isDisabled={earlier === undefined}
          onPress={() => earlier && show(earlier.at + afterMs)}
        >
          <ChevronLeft size={20} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t('rewind.forward')}
          isDisabled={at === null || later === undefined}
          onPress={() => later && show(later.at + afterMs)}
        >
          <ChevronRight size={20} aria-hidden="true" />
        </IconButton>
        <Button look="quiet" small isDisabled={at === null} onPress={() => rewinder.show(null)}>
          {t('rewind.now')}
        </Button>
      </div>
      <p className="cluster-note">{t('rewind.about')}</p>
      <div className="timeline-body">
        <TimelineTrack from={from} bands={bands} marks={marks} />
        <input
          type="range"
          className="timeline-slider"
          aria-label={t('rewind.slider')}
          aria-valuetext={here === undefined ? value : `${value}: ${words({ mark: here, count: 1 })}`}
          min={0}
          max={windowMs}
          step={50}
          value={Math.min(windowMs, Math.max(0, shown - from))}
          onChange={(event) => show(from + Number(event.target.value))}
          onKeyDown={keys}
        />
      </div>
      <div className="timeline-ends">
        <span>{t('rewind.ago', { ago: duration(windowMs) })}</span>
        <ul className="timeline-legend">
          {markKinds.map((kind) => (
            <li key={kind}>
              <MarkGlyph kind={kind} />
              {t(`rewind.legend.${kind}`)}
            </li>
          ))}
        </ul>
        <span>{t('rewind.live')}</span>
      </div>
    </div>
  );
};

/**
 * The messages of a room as a virtual list. It keeps its place when messages come or go above, follows new ones only
 * when it was at the end, says how many came while it was not, and goes where the store wishes (`jump`). It never holds
 * more than a few hundred messages: what is far from the screen is let go.
 */
import './timeline-view.css';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { limits, type Room } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { type Row, rowsOf } from '../store/rows.ts';
import { emptyTimeline, holdsPlace, newestOf } from '../store/timeline.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { useLatest } from '../ui/use-latest.ts';
import { receiptsOf } from './receipts.ts';
import { useRoomTitle } from './room-title.ts';
import { TimelineRow } from './timeline-row.tsx';
import { TimelineSkeleton } from './timeline-skeleton.tsx';
import { useNewLine } from './use-new-line.ts';
import { useRoving } from './use-roving.ts';

/** So close to the end counts as at the end. */
const endSlackPx = 40;
/** More messages are asked for when so little is left above or below. */
const moreFromPx = 1_200;
/** Rows are measured this far outside what is seen, so that what is seen does not move when they are. */
const measuredAheadPx = 1_000;

const messageKey = (rows: readonly Row[]): string | null => rows.find((row) => row.kind === 'message')?.key ?? null;

/** Whether `now` is `before` with something put in front of it, or taken away there. */
const movedAbove = (before: readonly Row[], now: readonly Row[]): boolean => {
  const [was, is] = [messageKey(before), messageKey(now)];
  if (was === null || is === null || was === is) return false;
  return now.some((row) => row.key === was) || before.some((row) => row.key === is);
};

/** As many messages are kept; when there are more by a half, the far end goes. */
const keptMax = 400;
/** For so long it shows which message somebody was led to. */
const markedMs = 2_500;

/** By these somebody scrolls, and for so long what moves is their doing. */
const touches = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
const touchMs = 1_500;

const noReaders: ReadonlyMap<string, string> = new Map();

export const TimelineView = ({ room }: { readonly room: Room }) => {
  const { t } = useTranslation();
  const store = useStore();
  const timeline = useChat((state) => state.timelines.get(room.id)) ?? emptyTimeline;
  const loading = useChat((state) => state.loading.get(room.id));
  const jump = useChat((state) => (state.jump?.room === room.id ? state.jump : null));
  const members = useChat((state) => state.members.get(room.id));
  const you = useChat((state) => state.you?.id) ?? '';
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [marked, setMarked] = useState<string | null>(null);
  const following = useRef(true);
  const offset = useRef(0);
  const touchedAt = useRef(Number.NEGATIVE_INFINITY);
  const newAfter = useNewLine(room, timeline, you, atEnd);
  const rows = useMemo(() => rowsOf(timeline, you, newAfter), [timeline, you, newAfter]);
  const shown = useRef<{ readonly rows: readonly Row[]; readonly generation: number }>({ rows: [], generation: 0 });
  const sameWindow = shown.current.generation === timeline.generation;
  const shift = sameWindow && rows !== shown.current.rows && movedAbove(shown.current.rows, rows);
  const [seenUpto, setSeenUpto] = useState(() => (room.unread > 0 ? room.readIndex : Number.MAX_SAFE_INTEGER));
  const roving = useRoving(rows, list, scroller);
  const mayWrite = room.joined && room.archived !== true;

  const tellsReads = room.joined && room.members <= limits.receiptsMaxMembers;
  useEffect(() => {
    if (tellsReads) store.loadMembers(room.id);
  }, [store, tellsReads, room.id]);
  const title = useRoomTitle(room);
  const { messages } = timeline;
  const readers = useMemo(
    () => (tellsReads && members ? receiptsOf(messages, members, you) : noReaders),
    [tellsReads, members, messages, you],
  );

  /** From the list's own figures: asking the page for its height would lay it out anew at each step of a scroll. */
  const distance = () => {
    const { scrollSize = 0, scrollOffset = 0, viewportSize = 0 } = list.current ?? {};
    return scrollSize - scrollOffset - viewportSize;
  };
  const toEnd = useLatest(() => {
    if (rows.length > 0) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  });

  /** Reading counts only when somebody can see it. */
  const look = useLatest(() => {
    const end = distance() <= endSlackPx && timeline.newer === null;
    setAtEnd(end);
    if (end && document.visibilityState === 'visible' && document.hasFocus()) {
      store.seen(room.id);
      setSeenUpto(Number.MAX_SAFE_INTEGER);
    }
  });

  useLayoutEffect(() => {
    const before = shown.current.generation === timeline.generation ? shown.current.rows : [];
    shown.current = { rows, generation: timeline.generation };
    if (rows.length === 0) return;
    const ownNew = rows.at(-1)?.kind === 'pending' && rows.at(-1)?.key !== before.at(-1)?.key;
    if (messageKey(before) === null) {
      const line = rows.findIndex((row) => row.kind === 'new');
      if (line >= 0) list.current?.scrollToIndex(Math.max(0, line - 1), { align: 'start' });
      else toEnd();
      following.current = line < 0 && timeline.newer === null;
    } else if (following.current || ownNew) {
      following.current = true;
      toEnd();
    }
  }, [rows, timeline.generation, timeline.newer, toEnd]);

  useLayoutEffect(() => {
    if (!jump || rows.length === 0) return;
    const { index } = jump;
    if (index === null ? timeline.newer !== null : !holdsPlace(timeline, index)) return;
    store.jumped(jump);
    if (index === null) {
      following.current = true;
      toEnd();
      return;
    }
    const there = rows.findIndex((row) => row.kind === 'message' && row.message.index >= index);
    const at = there < 0 ? rows.findLastIndex((row) => row.kind === 'message') : there;
    const row = rows[at];
    if (row?.kind !== 'message') return;
    following.current = false;
    list.current?.scrollToIndex(at, { align: 'center' });
    if (row.message.index !== index) return;
    setMarked(row.key);
    if (scroller.current?.contains(document.activeElement)) roving.activate(row.key);
  }, [jump, rows, timeline, store, toEnd, roving.activate]);

  useEffect(() => {
    if (marked === null) return;
    const timer = setTimeout(() => setMarked(null), markedMs);
    return () => clearTimeout(timer);
  }, [marked]);

  /** Asks for what comes near, and lets go of what is far. */
  const reach = useLatest(() => {
    const below = distance();
    if (offset.current < moreFromPx) store.loadMore(room.id, 'older');
    if (below < moreFromPx) store.loadMore(room.id, 'newer');
    if (messages.length <= keptMax * 1.5) return;
    store.loseFar(room.id, offset.current < below ? 'newest' : 'oldest', keptMax);
  });

  useEffect(() => {
    if (rows.length === 0) return;
    const frame = requestAnimationFrame(() => {
      look();
      reach();
    });
    return () => cancelAnimationFrame(frame);
  }, [rows, look, reach]);

  const there = timeline.older !== undefined || rows.length > 0;
  /** A list of another window is another element. */
  const shownList = there ? timeline.generation : null;
  useEffect(() => {
    if (shownList === null) return;
    const view = scroller.current;
    const resized = new ResizeObserver(() => {
      if (!view) return;
      // At once, so that nothing flickers; and again when the list has measured itself.
      if (following.current) view.scrollTop = view.scrollHeight;
      requestAnimationFrame(() => {
        if (following.current) toEnd();
        look();
      });
    });
    // What is in it grows too: a picture's place, a long text that is unfolded.
    if (view) for (const element of [view, ...view.children]) resized.observe(element);
    const onTouch = () => {
      touchedAt.current = performance.now();
    };
    for (const type of touches) view?.addEventListener(type, onTouch, { passive: true });
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      for (const type of touches) view?.removeEventListener(type, onTouch);
      resized.disconnect();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [shownList, look, toEnd]);

  const onScroll = (at: number) => {
    const up = at < offset.current - 1;
    offset.current = at;
    const end = distance() <= endSlackPx && timeline.newer === null;
    if (end) following.current = true;
    // The list moves too when it measures what it had only guessed: that is nobody's wish.
    else if (up && performance.now() - touchedAt.current < touchMs) following.current = false;
    look();
    reach();
  };

  const missed = useMemo(
    () => [...messages, ...timeline.tail].filter((one) => one.index > seenUpto && one.by !== you).length,
    [messages, timeline.tail, seenUpto, you],
  );
  // Away from the end, what comes from now on is counted.
  useEffect(() => {
    const newest = newestOf(timeline)?.index ?? messages.at(-1)?.index;
    if (!atEnd && newest !== undefined && seenUpto === Number.MAX_SAFE_INTEGER)
      setSeenUpto(Math.max(newest, room.lastIndex));
  }, [atEnd, timeline, messages, seenUpto, room.lastIndex]);

  const failed = loading?.endsWith('-failed') === true;
  if (!there) {
    if (!failed) return <TimelineSkeleton />;
    return (
      <Empty title={t('room.failed.title')} about={t('room.failed.about')}>
        <Button onPress={() => store.retryLoad(room.id)}>{t('common.retry')}</Button>
      </Empty>
    );
  }
  return (
    <div className="timeline-frame">
      {loading === 'older' ? <div className="timeline-older">{t('room.loadingOlder')}</div> : null}
      {loading === 'around' ? <div className="timeline-older">{t('jump.loading')}</div> : null}
      {failed ? (
        <div className="timeline-older">
          {t('room.failed.title')}
          <Button look="bare" onPress={() => store.retryLoad(room.id)}>
            {t('common.retry')}
          </Button>
        </div>
      ) : null}
      <div
        ref={scroller}
        className="timeline scroll"
        role="log"
        aria-live="off"
        aria-label={t('room.messages', { name: title })}
        {...scrollable}
        onKeyDown={roving.onKeyDown}
      >
        <div className="timeline-space" />
        <Virtualizer
          key={timeline.generation}
          ref={list}
          bufferSize={measuredAheadPx}
          shift={shift}
          onScroll={onScroll}
          keepMounted={roving.kept}
          scrollRef={scroller}
        >
          {rows.map((row) => (
            <TimelineRow
              key={row.key}
              row={row}
              room={room}
              you={you}
              mayWrite={mayWrite}
              readers={readers.get(row.key) ?? ''}
              marked={marked === row.key}
            />
          ))}
        </Virtualizer>
      </div>
      {atEnd ? null : (
        <div className="timeline-jump">
          <Button look={missed > 0 ? 'primary' : 'quiet'} small onPress={() => store.jumpToNewest(room.id)}>
            <ArrowDown size={16} aria-hidden="true" />
            {missed > 0 ? t('room.newBelow', { count: missed }) : t('room.latest')}
          </Button>
        </div>
      )}
    </div>
  );
};

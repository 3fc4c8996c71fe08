/**
 * The messages of a room as a virtual list. It keeps its place when older messages come above, follows new ones only
 * when it was at the end, and says how many came while it was not.
 */
import './timeline-view.css';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { Room } from '../../client/index.ts';
import { useChat, useStore } from '../store/hooks.ts';
import { type Row, rowsOf } from '../store/rows.ts';
import { emptyTimeline } from '../store/timeline.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { useLatest } from '../ui/use-latest.ts';
import { TimelineRow } from './timeline-row.tsx';
import { useNewLine } from './use-new-line.ts';
import { useRoving } from './use-roving.ts';

/** So close to the end counts as at the end. */
const endSlackPx = 40;
/** Older messages are asked for when so little is left above. */
const olderFromPx = 800;
/** Rows are measured this far outside what is seen, so that what is seen does not move when they are. */
const measuredAheadPx = 1_000;

const messageKey = (rows: readonly Row[]): string | null => rows.find((row) => row.kind === 'message')?.key ?? null;

/** Whether `now` is `before` with something put in front of it. */
const grewAbove = (before: readonly Row[], now: readonly Row[]): boolean => {
  const first = messageKey(before);
  return first !== null && first !== messageKey(now) && now.some((row) => row.key === first);
};

const Skeleton = () => (
  <div className="timeline-skeleton" aria-hidden="true">
    {[62, 38, 74, 50].map((width) => (
      <div className="skeleton-row" key={width}>
        <i />
        <span className="skeleton-lines">
          <i style={{ width: 120 }} />
          <i style={{ width: `${width}%` }} />
        </span>
      </div>
    ))}
  </div>
);

interface TimelineViewProps {
  readonly room: Room;
  /** Id of the message that is being edited. */
  readonly editing: string | null;
  readonly onEdit: (message: string | null) => void;
  readonly onDelete: (message: string) => void;
}

export const TimelineView = ({ room, editing, onEdit, onDelete }: TimelineViewProps) => {
  const { t } = useTranslation();
  const store = useStore();
  const timeline = useChat((state) => state.timelines.get(room.id)) ?? emptyTimeline;
  const loading = useChat((state) => state.loading.get(room.id));
  const you = useChat((state) => state.you?.id) ?? '';
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const offset = useRef(0);
  const newAfter = useNewLine(room, timeline, you, atEnd);
  const rows = useMemo(() => rowsOf(timeline, you, newAfter), [timeline, you, newAfter]);
  const shownRows = useRef<readonly Row[]>([]);
  const shift = rows !== shownRows.current && grewAbove(shownRows.current, rows);
  const [seenUpto, setSeenUpto] = useState(() => (room.unread > 0 ? room.readIndex : Number.MAX_SAFE_INTEGER));
  const roving = useRoving(rows, list, scroller);

  const distance = () => {
    const view = scroller.current;
    return view ? view.scrollHeight - view.scrollTop - view.clientHeight : 0;
  };
  const toEnd = useLatest(() => {
    if (rows.length > 0) list.current?.scrollToIndex(rows.length - 1, { align: 'end' });
  });

  /** Reading counts only when somebody can see it. */
  const look = useLatest(() => {
    const end = distance() <= endSlackPx;
    setAtEnd(end);
    if (end && document.visibilityState === 'visible' && document.hasFocus()) {
      store.seen(room.id);
      setSeenUpto(Number.MAX_SAFE_INTEGER);
    }
  });

  useLayoutEffect(() => {
    const before = shownRows.current;
    shownRows.current = rows;
    if (rows.length === 0) return;
    const ownNew = rows.at(-1)?.kind === 'pending' && rows.at(-1)?.key !== before.at(-1)?.key;
    if (messageKey(before) === null) {
      const line = rows.findIndex((row) => row.kind === 'new');
      if (line >= 0) list.current?.scrollToIndex(Math.max(0, line - 1), { align: 'start' });
      else toEnd();
      following.current = line < 0;
    } else if (following.current || ownNew) {
      following.current = true;
      toEnd();
    }
  }, [rows, toEnd]);

  useEffect(() => {
    if (rows.length === 0) return;
    const frame = requestAnimationFrame(() => {
      look();
      if (offset.current < olderFromPx) store.loadMore(room.id, 'older');
    });
    return () => cancelAnimationFrame(frame);
  }, [rows, look, store, room.id]);

  const shown = timeline.older !== undefined || rows.length > 0;
  useEffect(() => {
    if (!shown) return;
    const view = scroller.current;
    const resized = new ResizeObserver(() => {
      if (!following.current || !view) return;
      // At once, so that nothing flickers; and again when the list has measured itself.
      view.scrollTop = view.scrollHeight;
      requestAnimationFrame(toEnd);
    });
    if (view) resized.observe(view);
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      resized.disconnect();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [shown, look, toEnd]);

  const onScroll = (at: number) => {
    const up = at < offset.current - 1;
    offset.current = at;
    const end = distance() <= endSlackPx;
    if (end) following.current = true;
    else if (up) following.current = false;
    look();
    if (at < olderFromPx) store.loadMore(room.id, 'older');
  };

  const missed = useMemo(
    () => timeline.messages.filter((message) => message.index > seenUpto && message.by !== you).length,
    [timeline.messages, seenUpto, you],
  );
  // Away from the end, what comes from now on is counted.
  useEffect(() => {
    const newest = timeline.messages.at(-1)?.index;
    if (!atEnd && newest !== undefined && seenUpto === Number.MAX_SAFE_INTEGER) setSeenUpto(newest);
  }, [atEnd, timeline.messages, seenUpto]);

  const failed = loading === 'newest-failed' || loading === 'older-failed';
  if (!shown) {
    if (!failed) return <Skeleton />;
    return (
      <Empty title={t('room.failed.title')} about={t('room.failed.about')}>
        <Button onPress={() => store.retryLoad(room.id)}>{t('common.retry')}</Button>
      </Empty>
    );
  }
  return (
    <div className="timeline-frame">
      {loading === 'older' ? <div className="timeline-older">{t('room.loadingOlder')}</div> : null}
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
        aria-label={t('room.messages', { name: room.name })}
        {...scrollable}
        onKeyDown={roving.onKeyDown}
      >
        <div className="timeline-space" />
        <Virtualizer
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
              editing={editing === row.key}
              onEdit={onEdit}
              onDelete={onDelete}
            />
          ))}
        </Virtualizer>
      </div>
      {atEnd ? null : (
        <div className="timeline-jump">
          <Button
            look={missed > 0 ? 'primary' : 'quiet'}
            small
            onPress={() => {
              following.current = true;
              toEnd();
            }}
          >
            <ArrowDown size={16} aria-hidden="true" />
            {missed > 0 ? t('room.newBelow', { count: missed }) : t('room.latest')}
          </Button>
        </div>
      )}
    </div>
  );
};

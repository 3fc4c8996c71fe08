import { useEffect, useRef, useState } from 'react';
import type { Room } from '../../client/index.ts';
import { newestOf, type Timeline } from '../store/timeline.ts';

/**
 * Where the line above new messages stands: after the last message read when the room was opened, and again when
 * messages came while nobody looked. Writing something takes it away.
 */
export const useNewLine = (room: Room, timeline: Timeline, you: string, atEnd: boolean): number | null => {
  const [after, setAfter] = useState<number | null>(() => (room.unread > 0 ? room.readIndex : null));
  const lastSeen = useRef<number | null>(null);
  const newest = newestOf(timeline);
  useEffect(() => {
    if (newest === undefined) return;
    const looking = document.visibilityState === 'visible' && document.hasFocus();
    if (newest.by === you && lastSeen.current !== null && newest.index > lastSeen.current) setAfter(null);
    else if (!looking && lastSeen.current !== null && newest.index > lastSeen.current) {
      const seen = lastSeen.current;
      setAfter((now) => (now === null || now < seen ? seen : now));
    }
    if (looking && atEnd) lastSeen.current = newest.index;
    else lastSeen.current ??= newest.index;
  }, [newest, you, atEnd]);
  return after;
};

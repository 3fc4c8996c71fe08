/**
 * Says to screen readers what sighted people see without looking for it: messages of others in the open room as they
 * come, and what happens to the connection. The list itself is silent, or scrolling would read old messages aloud.
 */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { noticeOf } from '../store/link.ts';
import { newestOf } from '../store/timeline.ts';
import { wordsNow } from '../text/message-text.tsx';

export const Announcer = ({ room }: { readonly room: string | null }) => {
  const { t } = useTranslation();
  const you = useChat((state) => state.you?.id);
  const newest = useChat((state) => {
    const timeline = room ? state.timelines.get(room) : undefined;
    return timeline && newestOf(timeline);
  });
  const link = useChat((state) => state.link);
  const opened = useRef<{ room: string | null; index: number | null }>({ room: null, index: null });
  const words = useRef('');

  // The first message that is seen of a room was there before; only those after it are news.
  if (opened.current.room !== room) opened.current = { room, index: newest?.index ?? null };
  else if (opened.current.index === null) opened.current.index = newest?.index ?? null;
  const fresh = newest !== undefined && newest.index > (opened.current.index ?? Number.POSITIVE_INFINITY);
  if (fresh && newest.by !== you && !newest.deleted) {
    words.current = t('message.announced', { name: newest.name, text: wordsNow(newest.text) });
  }
  useEffect(() => {
    if (newest) opened.current.index = Math.max(opened.current.index ?? 0, newest.index);
  }, [newest]);

  const notice = noticeOf(link);
  return (
    <div className="hidden-visually">
      <div aria-live="polite">{words.current}</div>
      <div aria-live="polite">{notice.calm ? '' : t(`status.${notice.say}`, { ...notice })}</div>
    </div>
  );
};

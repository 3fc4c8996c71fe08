/**
 * Tells of messages by the browser's own notifications, while nobody looks. A page that is looked at holds a lock named
 * after its room, so that the person's other pages keep silent about that room; it is let go of by itself when a page is
 * closed or crashes.
 */
import type { TFunction } from 'i18next';
import { navigate, permalinkOf } from '../app/router.ts';
import type { ChatStore } from '../store/chat-store.ts';
import { notifyState } from './notif-permission.ts';
import { authorOf, lineOf, type Told, toldOf } from './notif-rules.ts';
import { titleOf } from './room-title.ts';

const lockOf = (room: string): string => `estafet.looking.${room}`;

/** Says to the other pages that this room is looked at here. Returns how to stop. */
export const holdLook = (room: string): (() => void) => {
  if (!('locks' in navigator)) return () => {};
  const gone = Promise.withResolvers<void>();
  void navigator.locks.request(lockOf(room), { mode: 'shared' }, () => gone.promise);
  return () => gone.resolve();
};

const isLookedAt = async (room: string): Promise<boolean> => {
  if (!('locks' in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockOf(room));
};

/** Phones show notifications only through the page's service worker. */
const show = async (title: string, options: NotificationOptions, open: () => void): Promise<void> => {
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      window.focus();
      open();
      shown.close();
    };
  } catch {
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, options);
  }
};

const tell = async ({ room, message }: Told, store: ChatStore, t: TFunction): Promise<void> => {
  if (await isLookedAt(room.id)) return;
  const { directory, you } = store.state;
  const author = authorOf(message, directory.users);
  const place = titleOf(room, directory.users, you?.id ?? '');
  const alone = room.access === 'direct' && (room.with?.length ?? 0) <= 2;
  const path = permalinkOf(room, message.index);
  const options: NotificationOptions & { readonly renotify: boolean } = {
    body: lineOf(message.text) || t('notify.files', { count: message.files?.length ?? 1 }),
    icon: '/favicon.svg',
    // One a room, in all pages: the next one takes its place.
    tag: `estafet.${room.id}`,
    renotify: true,
    data: { path },
  };
  await show(alone ? author : t('notify.title', { name: author, room: place }), options, () => navigate(path));
};

/** Goes where the service worker says that a notification leads. Returns how to stop. */
const followClicks = (): (() => void) => {
  const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const onMessage = ({ data }: MessageEvent<{ readonly open?: string } | undefined>) => {
    if (typeof data?.open === 'string') navigate(data.open);
  };
  worker?.addEventListener('message', onMessage);
  return () => worker?.removeEventListener('message', onMessage);
};

/** Listens to what comes, and tells of it. Returns how to stop. */
export const tellOfMessages = (store: ChatStore, t: TFunction): (() => void) => {
  const stopFollowing = followClicks();
  const stopListening = store.listen((events) => {
    const { directory, you } = store.state;
    if (notifyState.get() !== 'on' || !you) return;
    for (const told of toldOf(events, directory.rooms, you.id)) void tell(told, store, t);
  });
  return () => {
    stopFollowing();
    stopListening();
  };
};

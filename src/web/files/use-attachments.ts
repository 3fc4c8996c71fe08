/** How components reach the attachments of this page's store. */
import { useSyncExternalStore } from 'react';
import type { ChatStore } from '../store/chat-store.ts';
import { useStore } from '../store/hooks.ts';
import { Attachments, type RoomAttachments } from './attachments.ts';

const known = new WeakMap<ChatStore, Attachments>();

/** The attachments of a store: one for its life. They go when the person does. */
export const attachmentsOf = (store: ChatStore): Attachments => {
  const there = known.get(store);
  if (there) return there;
  const made = new Attachments(store, (room, { text, replyTo }, files) =>
    store.send(room, text, { files, ...(replyTo === null ? {} : { replyTo }) }),
  );
  let user = store.state.you?.id;
  store.subscribe(() => {
    if (store.state.you?.id === user) return;
    user = store.state.you?.id;
    made.forget();
  });
  known.set(store, made);
  return made;
};

/** What is attached in a room, and again whenever that changes. */
export const useAttachments = (room: string): readonly [RoomAttachments, Attachments] => {
  const attachments = attachmentsOf(useStore());
  return [useSyncExternalStore(attachments.subscribe, () => attachments.of(room)), attachments];
};

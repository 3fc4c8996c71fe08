import { navigate, roomHref } from '../app/router.ts';
import type { ChatStore } from '../store/chat-store.ts';

/** Goes to the conversation with these people: the one there is, or a new one. Rejects with an `EstafetError`. */
export const openDirect = async (store: ChatStore, users: readonly string[]): Promise<void> => {
  const { outcome } = await store.do('direct.open', { users: [...users] });
  const id = outcome.ok ? outcome.room : undefined;
  if (id === undefined) return;
  await store.until((state) => state.directory.rooms.has(id));
  const room = store.state.directory.rooms.get(id);
  if (room) navigate(roomHref(room));
};

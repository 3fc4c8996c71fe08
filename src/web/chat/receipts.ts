/** Up to where others have read, as it stands beside messages. Pure. */
import type { Message } from '../../client/index.ts';
import type { Members } from '../store/directory-members.ts';

/**
 * By the id of a message, the ids of who has read up to it and not further, the one at this screen left out. Who writes
 * has read what is above; at one's own message one's picture stands already. What was read before the window is not shown.
 */
export const receiptsOf = (
  messages: readonly Message[],
  members: Members,
  you: string,
): ReadonlyMap<string, string> => {
  const places = new Map<string, Message>();
  const readAt = [...members].filter(([id]) => id !== you).sort((a, b) => a[1] - b[1]);
  let next = 0;
  let before: Message | null = null;
  for (const message of messages) {
    for (; next < readAt.length && readAt[next]![1] < message.index; next++) {
      if (before) places.set(readAt[next]![0], before);
    }
    if (message.by !== you && members.has(message.by)) places.set(message.by, message);
    before = message;
  }
  for (; before && next < readAt.length; next++) places.set(readAt[next]![0], before);
  const readers = new Map<string, string>();
  for (const [id, message] of places) {
    if (message.by === id) continue;
    const there = readers.get(message.id);
    readers.set(message.id, there === undefined ? id : `${there} ${id}`);
  }
  return readers;
};

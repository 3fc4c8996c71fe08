/**
 * All messages of a room, oldest first, a page at a time: however large the room is, a page is in memory, and between two
 * pages the server does what else it has to do.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EstafetError, limits, type Message } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import { roomFor } from '../routes/rooms.ts';

/** The messages up to the index `upto`. Throws when the room is closed to the person meanwhile, or the server stops. */
export async function* messagesOf(
  edge: Edge,
  roomId: string,
  userId: string,
  upto: number,
): AsyncGenerator<readonly Message[]> {
  for (let after: number | null = 0; after !== null; ) {
    if (edge.isClosing()) throw new EstafetError('shutting-down');
    roomFor(edge, roomId, userId);
    const page = edge.chat.page(roomId, { after, limit: limits.pageMaxMessages }, userId);
    const messages = page.messages.filter(({ index }) => index <= upto);
    if (messages.length > 0) yield messages;
    after = messages.length < page.messages.length ? null : page.next;
    await nextTurn();
  }
}

import { type ClientCommandKind, EstafetError, isCommandId, limits } from '../protocol/index.ts';
import type { OutboxEntry } from './outbox.ts';

const utf8 = new TextEncoder();

/**
 * A command as it will be sent, cut off from what the caller may still change. Or why no server would take it: `bad-id`,
 * `too-large` (such a frame would cost the socket, and again after each reconnect), `bad-request` (not JSON).
 */
export const checkCommand = (
  kind: ClientCommandKind,
  body: unknown,
  id: string,
): Omit<OutboxEntry, 'by'> | EstafetError => {
  if (!isCommandId(id)) return new EstafetError('bad-id', `"${id}" is not a UUID of version 7 in lower case.`);
  try {
    const json = JSON.stringify({ id, kind, body });
    const bytes = utf8.encode(json).length;
    if (bytes <= limits.commandMaxBytes) return JSON.parse(json) as Omit<OutboxEntry, 'by'>;
    return new EstafetError('too-large', `A command of ${bytes} bytes; the limit is ${limits.commandMaxBytes}.`);
  } catch (cause) {
    return new EstafetError('bad-request', 'The body of a command must be JSON.', { cause });
  }
};

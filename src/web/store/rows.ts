/** From a timeline to the rows of the list: day lines, the line above what is new, and messages grouped by author. */
import type { Message } from '../../protocol/index.ts';
import type { PendingMessage, Timeline } from './timeline.ts';

export type Row =
  | { readonly kind: 'start'; readonly key: 'start' }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'new'; readonly key: 'new' }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** The first of its group shows the author and the time. */
      readonly first: boolean;
      /** On how many servers it was when it was acknowledged; only known of messages sent from this page. */
      readonly stored: number | null;
    }
  | { readonly kind: 'pending'; readonly key: string; readonly message: PendingMessage; readonly first: boolean };

/** Messages of one author further apart than this begin a new group. */
const groupGapMs = 5 * 60_000;

/** Of a message that says what its author does: the words behind `/me`. */
export const actionOf = (text: string): string | null => /^\/me\s+(\S[\s\S]*)$/.exec(text)?.[1] ?? null;

/** The start of the day, on this device's calendar, that a time belongs to. */
export const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/**
 * @param you id of the person at this screen, the author of pending messages
 * @param newAfter index of the last message read before; the line stands before the first one after it; null for none
 */
export const rowsOf = (timeline: Timeline, you: string, newAfter: number | null): readonly Row[] => {
  const rows: Row[] = [];
  if (timeline.older === null) rows.push({ kind: 'start', key: 'start' });
  let day: number | null = null;
  let author: string | null = null;
  let previousAt = 0;
  let lineDrawn = newAfter === null;

  const begins = (by: string, at: number): boolean => {
    const today = dayOf(at);
    if (today !== day) {
      rows.push({ kind: 'day', key: `day-${today}`, at: today });
      day = today;
      author = null;
    }
    const first = by !== author || at - previousAt > groupGapMs;
    author = by;
    previousAt = at;
    return first;
  };

  for (const message of timeline.messages) {
    const line = !lineDrawn && newAfter !== null && message.index > newAfter && message.by !== you;
    if (line || timeline.seams.has(message.index)) author = null;
    // An answer begins a group of its own, because its quote would come between the others.
    if (message.replyTo) author = null;
    const first = begins(message.by, message.at);
    if (line) {
      lineDrawn = true;
      // Below a day line that begins here, so that the two read as one heading.
      rows.push({ kind: 'new', key: 'new' });
    }
    const stored = timeline.stored.get(message.id) ?? null;
    rows.push({ kind: 'message', key: message.id, message, first, stored });
    // It names its author in its sentence, and not above it.
    if (actionOf(message.text) !== null) author = null;
  }
  for (const message of timeline.pending) {
    // A device's clock may be behind the servers': what waits is never older than what is there.
    if (message.replyTo) author = null;
    const first = begins(you, Math.max(message.at, previousAt));
    rows.push({ kind: 'pending', key: message.id, message, first });
  }
  return rows;
};

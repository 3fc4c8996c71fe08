/**
 * The timeline of one room: what the screen shows of it, from pages of history and from events, in whatever order they
 * come. Pure: nothing here waits, reads a clock or talks to a server. It never shows a message twice, never shows one
 * out of the log's order, and never lets an older version of a message replace a newer one.
 *
 * The loaded messages are a window without holes that ends at the newest message. Edits and deletions of messages
 * outside the window are kept aside (`revisions`) until the page that holds the message comes, because that page may
 * have been read before the change was made.
 */
import type { ChatEvent, ErrorCode, Message, MessagePage } from '../../protocol/index.ts';

/** A message of one's own that is not in the log yet, as far as this page knows. */
export interface PendingMessage {
  readonly id: string;
  readonly text: string;
  /** When it was written here: ms since 1970 on this device's clock. */
  readonly at: number;
  /** `waiting`: no server has it. `sent`: handed to a server. `stored`: acknowledged, its event on its way. */
  readonly state: 'waiting' | 'sent' | 'stored' | 'failed';
  /** Why it failed. */
  readonly code?: ErrorCode;
}

export interface Timeline {
  /** Committed messages, ascending by index, each id once. */
  readonly messages: readonly Message[];
  /** Own messages not seen in the log yet, in the order they were written. They belong after `messages`. */
  readonly pending: readonly PendingMessage[];
  /** The `before` of the next older page; null at the beginning of the room; undefined while no page was loaded. */
  readonly older: number | null | undefined;
  /** Indices of messages that were once the oldest loaded one. They look the same when others come above them. */
  readonly seams: ReadonlySet<number>;
  /** Everything in `messages` up to this index was read before a reset, and the next newest page replaces it. */
  readonly staleUpto: number;
  /** Newest known version of changed messages outside the window, by id. */
  readonly revisions: ReadonlyMap<string, Message>;
  /** On how many servers' disks one's own messages were when they were acknowledged, by id. */
  readonly stored: ReadonlyMap<string, number>;
}

export const emptyTimeline: Timeline = {
  messages: [],
  pending: [],
  older: undefined,
  seams: new Set(),
  staleUpto: 0,
  revisions: new Map(),
  stored: new Map(),
};

type MessageEvent = Extract<ChatEvent, { readonly message: Message }>;

/** Whether an event is about a message. */
export const isMessageEvent = (event: ChatEvent): event is MessageEvent => 'message' in event;

/** Of two versions of a message, the newer; `known` when they are of the same age. */
const newer = (known: Message, other: Message): Message => {
  if (known.deleted) return known;
  if (other.deleted) return other;
  return (other.editedAt ?? 0) > (known.editedAt ?? 0) ? other : known;
};

/** Where a message of this index is in an ascending list, or where it belongs. */
const position = (messages: readonly Message[], index: number): number => {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (messages[middle]!.index < index) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Puts messages into an ascending list; the newer version stays of those it already has. */
const merge = (known: readonly Message[], added: readonly Message[]): Message[] => {
  const result = [...known];
  for (const message of added) {
    const at = position(result, message.index);
    const there = result[at];
    if (there?.index === message.index) result[at] = newer(there, message);
    else result.splice(at, 0, message);
  }
  return result;
};

const withoutPending = (pending: readonly PendingMessage[], ids: ReadonlySet<string>): readonly PendingMessage[] =>
  pending.some((one) => ids.has(one.id)) ? pending.filter((one) => !ids.has(one.id)) : pending;

/** Applies events of this room, in the log's order. Events of other kinds change nothing. */
export const applyEvents = (timeline: Timeline, events: readonly ChatEvent[]): Timeline => {
  const changes = events.filter(isMessageEvent);
  if (changes.length === 0) return timeline;
  const posted: Message[] = [];
  const revisions = new Map(timeline.revisions);
  let messages: Message[] = [...timeline.messages];
  for (const event of changes) {
    const message = event.message;
    const revised = revisions.get(message.id);
    if (event.type === 'message.posted') {
      posted.push(message);
      messages = appendOrMerge(messages, revised ? newer(message, revised) : message);
      continue;
    }
    const at = position(messages, message.index);
    const there = messages[at];
    if (there?.id === message.id) messages[at] = newer(there, message);
    else revisions.set(message.id, revised ? newer(revised, message) : message);
  }
  for (const message of posted) revisions.delete(message.id);
  const pending = withoutPending(timeline.pending, new Set(posted.map((message) => message.id)));
  return { ...timeline, messages, revisions: bounded(revisions), pending };
};

const appendOrMerge = (messages: Message[], message: Message): Message[] => {
  const last = messages.at(-1);
  if (last && last.index >= message.index) return merge(messages, [message]);
  messages.push(message);
  return messages;
};

/** Changes of messages far back are kept for pages on their way, not for ever. */
const revisionsMax = 1_000;
const bounded = (revisions: Map<string, Message>): Map<string, Message> => {
  for (const id of revisions.keys()) {
    if (revisions.size <= revisionsMax) break;
    revisions.delete(id);
  }
  return revisions;
};

/** Takes in the newest page, or the page before the window. */
export const applyPage = (timeline: Timeline, page: MessagePage, which: 'newest' | 'older'): Timeline => {
  const revisions = new Map(timeline.revisions);
  const loaded = page.messages.map((message) => {
    const revised = revisions.get(message.id);
    revisions.delete(message.id);
    return revised ? newer(message, revised) : message;
  });
  const cursor = page.next === null ? null : (loaded[0]?.index ?? null);
  const pending = withoutPending(timeline.pending, new Set(loaded.map((message) => message.id)));
  const rest = { ...timeline, revisions, pending, staleUpto: 0 };
  if (which === 'older') {
    if (timeline.staleUpto > 0) return timeline;
    const oldest = timeline.messages[0];
    const seams = oldest ? new Set(timeline.seams).add(oldest.index) : timeline.seams;
    return { ...rest, messages: merge(timeline.messages, loaded), older: cursor, seams };
  }
  const fresh = timeline.messages.filter((message) => message.index > timeline.staleUpto);
  // Loaded again without a reset: what was there before stays, unless there would be a hole between it and the page.
  const first = loaded[0];
  const overlaps = timeline.older !== undefined && timeline.staleUpto === 0 && meets(fresh, first, page.next);
  if (overlaps) return { ...rest, messages: merge(fresh, loaded), older: timeline.older };
  const tail = first ? fresh.filter((message) => message.index >= first.index) : fresh;
  return { ...rest, messages: merge(tail, loaded), older: cursor };
};

const meets = (known: readonly Message[], first: Message | undefined, next: number | null): boolean => {
  if (known.length === 0) return false;
  if (!first || next === null) return true;
  const last = known.at(-1);
  return last !== undefined && last.index >= first.index;
};

/** The stream went on without some events: what is loaded may be out of date, and stays only until the next newest page. */
export const applyReset = (timeline: Timeline, index: number): Timeline => ({
  ...timeline,
  staleUpto: Math.max(timeline.staleUpto, index),
  revisions: new Map(),
});

/** Adds a message just written here. */
export const addPending = (timeline: Timeline, message: PendingMessage): Timeline => ({
  ...timeline,
  pending: [...timeline.pending, message],
});

/** Says what became of a message just written; without effect when it is in the log already. */
export const setPending = (
  timeline: Timeline,
  id: string,
  state: PendingMessage['state'],
  code?: ErrorCode,
): Timeline => {
  const known = timeline.pending.find((one) => one.id === id);
  // An answer is final: a later note that the message was handed to another server does not take it back.
  if (!known || known.state === 'stored' || (known.state === state && known.code === code)) return timeline;
  const changed: PendingMessage = {
    id,
    text: known.text,
    at: known.at,
    state,
    ...(code === undefined ? {} : { code }),
  };
  return { ...timeline, pending: timeline.pending.map((one) => (one.id === id ? changed : one)) };
};

/** Takes a failed message off the screen: given up, or about to be sent again under a new id. */
export const dropPending = (timeline: Timeline, id: string): Timeline => ({
  ...timeline,
  pending: timeline.pending.filter((one) => one.id !== id),
});

/** An own message was acknowledged: it is on `servers` disks. */
export const setStored = (timeline: Timeline, id: string, servers: number): Timeline => {
  const stored = new Map(timeline.stored).set(id, servers);
  return setPending({ ...timeline, stored }, id, 'stored');
};

/** Forgets all but the newest `keep` messages; they are loaded again when somebody scrolls there. */
export const trim = (timeline: Timeline, keep: number): Timeline => {
  if (timeline.messages.length <= keep) return timeline;
  const messages = timeline.messages.slice(-keep);
  return { ...timeline, messages, older: timeline.older === undefined ? undefined : messages[0]!.index };
};

/** The newest own message that can be edited. */
export const lastEditable = (timeline: Timeline, you: string): Message | null =>
  timeline.messages.findLast((message) => message.by === you && !message.deleted) ?? null;

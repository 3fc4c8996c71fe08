/**
 * The timeline of one room: what the screen shows of it, from pages of history and from events, in whatever order they
 * come. Pure: nothing here waits, reads a clock or talks to a server. It never shows a message twice, never shows one
 * out of the log's order, and never lets an older version of a message replace a newer one.
 *
 * The loaded messages are a window without holes. It ends at the newest message, unless somebody has gone far back or to
 * a message somewhere in the middle: then `newer` says where it goes on, and what is posted meanwhile waits in `tail`.
 * Changes of messages are kept aside too (`revisions`) until a page that holds the message comes, because that page may
 * have been read before the change was made.
 */
import type { ChatEvent, ErrorCode, FileView, Message, MessagePage, Quote } from '../../protocol/index.ts';
import { type ChangeEvent, changedBy, newer, type Revision, requoted, revised, revisedBy } from './timeline-changes.ts';

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
  /** This device keeps it until it is answered, also when the page is closed. */
  readonly kept?: true;
  readonly replyTo?: Quote;
  readonly files?: readonly FileView[];
}

export interface Timeline {
  /** Committed messages, ascending by index, each id once. */
  readonly messages: readonly Message[];
  /** Own messages not seen in the log yet, in the order they were written. They belong after `messages`. */
  readonly pending: readonly PendingMessage[];
  /** The `before` of the next older page; null at the beginning of the room; undefined while no page was loaded. */
  readonly older: number | null | undefined;
  /** The `after` of the next newer page; null when the window ends at the newest message. */
  readonly newer: number | null;
  /** What was posted while the window did not end at the newest message, the newest of it. */
  readonly tail: readonly Message[];
  /** What was posted up to here is not in `tail` any more. */
  readonly tailAfter: number;
  /** Indices of messages that were once the oldest loaded one. They look the same when others come above them. */
  readonly seams: ReadonlySet<number>;
  /** Everything in `messages` up to this index was read before a reset, and the next newest page replaces it. */
  readonly staleUpto: number;
  /** What has happened to messages since they were read, by their id; the latest of it. */
  readonly revisions: ReadonlyMap<string, Revision>;
  /** On how many servers' disks one's own messages were when they were acknowledged, by id. */
  readonly stored: ReadonlyMap<string, number>;
  /** Grows when the window becomes another one, instead of growing or shrinking. */
  readonly generation: number;
}

export const emptyTimeline: Timeline = {
  messages: [],
  pending: [],
  older: undefined,
  newer: null,
  tail: [],
  tailAfter: 0,
  seams: new Set(),
  staleUpto: 0,
  revisions: new Map(),
  stored: new Map(),
  generation: 0,
};

/** Which page of history: the newest, one beside the window, or one somewhere else. */
export type PageKind = 'newest' | 'older' | 'newer' | 'around';

type MessageEvent = Extract<ChatEvent, { readonly message: Message }>;

/** Whether an event is about a message, and has it. */
export const isMessageEvent = (event: ChatEvent): event is MessageEvent => 'message' in event;

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
const merge = (known: readonly Message[], added: readonly Message[]): readonly Message[] => {
  if (known.length === 0) return added;
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

/** What is posted while nobody sees it is kept up to here. */
const tailMax = 1_000;
/** Changes of messages far back are kept for pages on their way, not for ever. */
const revisionsMax = 1_000;

/** A timeline that is being changed by events. */
interface Draft {
  messages: Message[];
  tail: Message[];
  tailAfter: number;
  readonly revisions: Map<string, Revision>;
  readonly detached: boolean;
}

const post = (draft: Draft, posted: Message): void => {
  const message = revised(posted, draft.revisions.get(posted.id));
  draft.revisions.delete(posted.id);
  const list = draft.detached ? draft.tail : draft.messages;
  const last = list.at(-1);
  if (!last || last.index < message.index) list.push(message);
  else if (draft.detached) draft.tail = [...merge(list, [message])];
  else draft.messages = [...merge(list, [message])];
  if (draft.tail.length > tailMax) draft.tailAfter = draft.tail.shift()?.index ?? draft.tailAfter;
};

const changeIn = (list: Message[], event: ChangeEvent, id: string): boolean => {
  const at =
    event.type === 'message.reacted'
      ? list.findLastIndex((message) => message.id === id)
      : position(list, event.message.index);
  const there = list[at];
  if (there?.id !== id) return false;
  list[at] = changedBy(there, event);
  return true;
};

const change = (draft: Draft, event: ChangeEvent): void => {
  const id = event.type === 'message.reacted' ? event.messageId : event.message.id;
  if (!changeIn(draft.messages, event, id)) changeIn(draft.tail, event, id);
  // Also of what is there: a page may be on its way that was read before, and replaces it.
  draft.revisions.set(id, revisedBy(draft.revisions.get(id), event));
  if (event.type !== 'message.edited' && event.type !== 'message.deleted') return;
  for (const list of [draft.messages, draft.tail]) {
    list.forEach((message, at) => {
      if (message.replyTo?.id === id) list[at] = requoted(message, event.message);
    });
  }
};

/** Applies events of this room, in the log's order. Events of other kinds change nothing. */
export const applyEvents = (timeline: Timeline, events: readonly ChatEvent[]): Timeline => {
  const changes = events.filter((event) => isMessageEvent(event) || event.type === 'message.reacted');
  if (changes.length === 0) return timeline;
  const draft: Draft = {
    messages: [...timeline.messages],
    tail: [...timeline.tail],
    tailAfter: timeline.tailAfter,
    revisions: new Map(timeline.revisions),
    detached: timeline.newer !== null,
  };
  const posted = new Set<string>();
  for (const event of changes) {
    if (event.type === 'message.posted') {
      posted.add(event.message.id);
      post(draft, event.message);
    } else change(draft, event);
  }
  for (const id of draft.revisions.keys()) {
    if (draft.revisions.size <= revisionsMax) break;
    draft.revisions.delete(id);
  }
  const { messages, tail, tailAfter, revisions } = draft;
  return { ...timeline, messages, tail, tailAfter, revisions, pending: withoutPending(timeline.pending, posted) };
};

/** The messages of a page as they are by now, as far as this page knows. */
const upToDate = (timeline: Timeline, page: MessagePage): readonly Message[] =>
  page.messages.map((read) => {
    const message = revised(read, timeline.revisions.get(read.id));
    if (!message.replyTo) return message;
    const { id, index } = message.replyTo;
    const quoted = timeline.revisions.get(id)?.content ?? timeline.messages[position(timeline.messages, index)];
    return quoted ? requoted(message, quoted) : message;
  });

/** Takes in a page of history. */
export const applyPage = (timeline: Timeline, page: MessagePage, which: PageKind): Timeline => {
  const beside = which === 'older' || which === 'newer';
  // A page beside a window that is out of date belongs to nothing.
  if (beside && timeline.staleUpto > 0) return timeline;
  const loaded = upToDate(timeline, page);
  const revisions = new Map(timeline.revisions);
  for (const { id } of loaded) revisions.delete(id);
  const pending = withoutPending(timeline.pending, new Set(loaded.map((message) => message.id)));
  const rest: Timeline = { ...timeline, revisions, pending, staleUpto: 0 };
  switch (which) {
    case 'older':
      return withOlder(rest, loaded, page);
    case 'newer':
      return withNewer(rest, loaded, page);
    case 'around':
      return elsewhere(rest, loaded, page);
    case 'newest':
      if (timeline.newer !== null) return elsewhere(rest, loaded, { ...page, newer: null });
      return withNewest(rest, timeline, loaded, page);
  }
};

const cursorOf = (loaded: readonly Message[], page: MessagePage): number | null =>
  page.next === null ? null : (loaded[0]?.index ?? null);

const withOlder = (timeline: Timeline, loaded: readonly Message[], page: MessagePage): Timeline => {
  const oldest = timeline.messages[0];
  const seams = oldest ? new Set(timeline.seams).add(oldest.index) : timeline.seams;
  return { ...timeline, messages: merge(timeline.messages, loaded), older: cursorOf(loaded, page), seams };
};

/** The window with what was posted behind it, when nothing is missing between the two. */
const attached = (timeline: Timeline, behind: readonly Message[], missingUpto: number): Timeline => {
  const last = timeline.messages.at(-1)?.index ?? 0;
  if (missingUpto > last) return { ...timeline, newer: last };
  const more = behind.filter((message) => message.index > last);
  return { ...timeline, messages: [...timeline.messages, ...more], newer: null, tail: [], tailAfter: 0 };
};

const withNewer = (timeline: Timeline, loaded: readonly Message[], page: MessagePage): Timeline => {
  if (timeline.newer === null) return timeline;
  const grown = { ...timeline, messages: merge(timeline.messages, loaded) };
  const next = page.next === null ? null : (loaded.at(-1)?.index ?? null);
  return next === null ? attached(grown, timeline.tail, timeline.tailAfter) : { ...grown, newer: next };
};

/** The window becomes this page. */
const elsewhere = (timeline: Timeline, loaded: readonly Message[], page: MessagePage): Timeline => {
  const moved: Timeline = {
    ...timeline,
    messages: loaded,
    older: cursorOf(loaded, page),
    seams: new Set(),
    generation: timeline.generation + 1,
  };
  if (page.newer != null) return { ...moved, newer: loaded.at(-1)?.index ?? page.newer, tail: [], tailAfter: 0 };
  // What came while the page was on its way is behind it: in the tail, or at the end of the window there was.
  if (timeline.newer !== null) return attached(moved, timeline.tail, timeline.tailAfter);
  const first = timeline.messages[0]?.index ?? 0;
  const last = loaded.at(-1)?.index ?? 0;
  return attached(moved, timeline.messages, timeline.messages.length > 0 && first > last ? first : 0);
};

const withNewest = (rest: Timeline, timeline: Timeline, loaded: readonly Message[], page: MessagePage): Timeline => {
  const fresh = timeline.messages.filter((message) => message.index > timeline.staleUpto);
  // Loaded again without a reset: what was there before stays, unless there would be a hole between it and the page.
  const first = loaded[0];
  const overlaps = timeline.older !== undefined && timeline.staleUpto === 0 && meets(fresh, first, page.next);
  if (overlaps) return { ...rest, messages: merge(fresh, loaded) };
  const tail = first ? fresh.filter((message) => message.index >= first.index) : fresh;
  return { ...rest, messages: merge(tail, loaded), older: cursorOf(loaded, page) };
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
  tail: [],
  tailAfter: index,
  revisions: new Map(),
});

/** Forgets all but the newest `keep` messages of the window; they are loaded again when somebody scrolls there. */
export const trim = (timeline: Timeline, keep: number): Timeline => {
  if (timeline.messages.length <= keep) return timeline;
  const messages = timeline.messages.slice(-keep);
  return { ...timeline, messages, older: timeline.older === undefined ? undefined : messages[0]!.index };
};

/** Forgets all but the oldest `keep` messages of the window. */
export const trimEnd = (timeline: Timeline, keep: number): Timeline => {
  if (timeline.messages.length <= keep) return timeline;
  const messages = timeline.messages.slice(0, keep);
  // What is let go here is behind the window, and a page that was read before it came does not reach so far.
  const tailAfter = timeline.newer === null ? timeline.messages.at(-1)!.index : timeline.tailAfter;
  return { ...timeline, messages, newer: messages.at(-1)!.index, tailAfter };
};

/** Nobody looks at the room any more: what it takes to open it at its end again. */
export const atRest = (timeline: Timeline, keep: number): Timeline => {
  if (timeline.newer === null) return trim(timeline, keep);
  const { pending, stored, generation } = timeline;
  return { ...emptyTimeline, pending, stored, generation: generation + 1 };
};

/** Whether the window has the place of this index, up to date. */
export const holdsPlace = (timeline: Timeline, index: number): boolean => {
  if (timeline.older === undefined || timeline.staleUpto > 0) return false;
  const first = timeline.messages[0]?.index ?? 0;
  const last = timeline.messages.at(-1)?.index ?? 0;
  return (timeline.older === null || index >= first) && (timeline.newer === null || index <= last);
};

/** The newest message that the room is known to have. */
export const newestOf = (timeline: Timeline): Message | undefined =>
  timeline.newer === null ? timeline.messages.at(-1) : timeline.tail.at(-1);

/** The newest own message that can be edited. */
export const lastEditable = (timeline: Timeline, you: string): Message | null =>
  timeline.messages.findLast((message) => message.by === you && !message.deleted) ?? null;

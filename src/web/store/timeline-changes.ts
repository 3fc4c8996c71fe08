/**
 * How a message changes after it was posted: its wording, its deletion, its pin, its reactions, and what quotes of it
 * say. Pure. Events carry no reactions, so those are kept from the version before; a reaction's event says how many there
 * are by then, so applying it again, or late, ends in the same.
 */
import { type ChatEvent, limits, type Message, type Reaction } from '../../protocol/index.ts';

export type ReactedEvent = Extract<ChatEvent, { readonly type: 'message.reacted' }>;
/** An event about a message that was posted before. */
export type ChangeEvent =
  | ReactedEvent
  | Extract<ChatEvent, { readonly type: 'message.edited' | 'message.deleted' | 'message.pinned' }>;

/** What is known to have happened to a message that is not loaded. */
export interface Revision {
  /** Its newest wording, or its deletion. */
  readonly content: Message | null;
  /** Its newest pin event's message, which has a pin or none. */
  readonly pinned: Message | null;
  /** The last one of each person with each emoji, in order. */
  readonly reacted: readonly ReactedEvent[];
}

const nothing: Revision = { content: null, pinned: null, reacted: [] };

/** Reactions of one message that are kept aside. */
const reactedMax = 200;

/** Of two versions of a message, the newer; `known` when they are of the same age. */
export const newer = (known: Message, other: Message): Message => {
  if (known.deleted) return known;
  if (other.deleted) return other;
  return (other.editedAt ?? 0) > (known.editedAt ?? 0) ? other : known;
};

type Marks = Pick<Message, 'reactions' | 'pinned'>;

/** A message with the reactions and the pin of another version of it. */
const withMarks = (message: Message, { reactions, pinned }: Marks): Message => {
  const { reactions: _reactions, pinned: _pinned, ...rest } = message;
  return { ...rest, ...(reactions ? { reactions } : {}), ...(pinned ? { pinned } : {}) };
};

const withContent = (known: Message, content: Message): Message => {
  if (newer(known, content) === known) return known;
  return content.deleted ? withMarks(content, {}) : withMarks(content, known);
};

const withPin = (known: Message, { pinned }: Message): Message => {
  if (known.deleted || (!pinned && !known.pinned)) return known;
  return withMarks(known, {
    ...(known.reactions ? { reactions: known.reactions } : {}),
    ...(pinned ? { pinned } : {}),
  });
};

const withReaction = (known: Message, { emoji, user, on, count }: ReactedEvent): Message => {
  if (known.deleted) return known;
  const before = known.reactions ?? [];
  const there = before.find((one) => one.emoji === emoji);
  const others = (there?.by ?? []).filter((id) => id !== user);
  const by = on ? [...others, user].slice(-limits.reactionPeopleMax) : others;
  const changed: Reaction[] = count > 0 ? [{ emoji, count, by }] : [];
  const reactions = there ? before.flatMap((one) => (one === there ? changed : [one])) : [...before, ...changed];
  return withMarks(known, {
    ...(reactions.length > 0 ? { reactions } : {}),
    ...(known.pinned ? { pinned: known.pinned } : {}),
  });
};

/** The message after an event about it. */
export const changedBy = (known: Message, event: ChangeEvent): Message => {
  switch (event.type) {
    case 'message.reacted':
      return withReaction(known, event);
    case 'message.pinned':
      return withPin(withContent(known, event.message), event.message);
    default:
      return withContent(known, event.message);
  }
};

/** Keeps an event about a message that is not loaded. */
export const revisedBy = (known: Revision | undefined, event: ChangeEvent): Revision => {
  const before = known ?? nothing;
  if (event.type === 'message.reacted') {
    const others = before.reacted.filter((one) => one.emoji !== event.emoji || one.user !== event.user);
    return { ...before, reacted: [...others, event].slice(-reactedMax) };
  }
  const content = before.content ? newer(before.content, event.message) : event.message;
  return event.type === 'message.pinned' ? { ...before, content, pinned: event.message } : { ...before, content };
};

/** A message that was read at some moment, with everything that is known to have happened to it. */
export const revised = (message: Message, revision: Revision | undefined): Message => {
  if (!revision) return message;
  const worded = revision.content ? withContent(message, revision.content) : message;
  const pinned = revision.pinned ? withPin(worded, revision.pinned) : worded;
  return revision.reacted.reduce(withReaction, pinned);
};

/** A reply with its quote as the quoted message is now; the same object when it says that already. */
export const requoted = (reply: Message, quoted: Message): Message => {
  const quote = reply.replyTo;
  if (!quote || quote.id !== quoted.id) return reply;
  if (quoted.deleted) {
    return quote.deleted ? reply : { ...reply, replyTo: { ...quote, text: '', deleted: true } };
  }
  const begins = quote.text.replace(/…$/, '');
  // A quote that was cut says the same when it begins so and is as long as it may be.
  const isWhole = begins.length >= Math.min(quoted.text.length, limits.quoteMaxChars - 1);
  if (quote.deleted || (isWhole && quoted.text.startsWith(begins))) return reply;
  return { ...reply, replyTo: { ...quote, text: quoted.text.slice(0, limits.quoteMaxChars) } };
};

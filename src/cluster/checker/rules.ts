/**
 * What the checker knows of each kind of effect. A new kind of command is one entry here, a line in `EffectType`, and
 * one in the load's table.
 */
import type { Effect, EffectType, Entry } from './history.ts';

export interface Rule {
  /**
   * Whom an event of it is told to: the room's members, the person it is about, or the people of a conversation.
   * `everybody` is every client.
   */
  readonly told: 'members' | 'everybody' | 'person' | 'people';
  /** Whether the servers' histories show it. What is private is seen by its person alone. */
  readonly isPublic: boolean;
  /** Whether the same effect may rightly come again later: one joins, leaves, and joins. */
  readonly recurs: boolean;
  /** Whether the content is part of what it is, as the event carries no id of its own: a second edit of one message. */
  readonly knownByContent: boolean;
  /** Whether it may be acknowledged and change nothing. */
  readonly mayBeIdle: boolean;
}

const once: Rule = { told: 'members', isPublic: true, recurs: false, knownByContent: false, mayBeIdle: false };

export const rules: Readonly<Record<EffectType, Rule>> = {
  posted: once,
  edited: { ...once, knownByContent: true },
  deleted: once,
  attached: { ...once, recurs: true, knownByContent: true, mayBeIdle: true },
  detached: { ...once, recurs: true, knownByContent: true, mayBeIdle: true },
  created: { ...once, told: 'everybody' },
  opened: { ...once, told: 'people', mayBeIdle: true },
  changed: { told: 'everybody', isPublic: true, recurs: true, knownByContent: true, mayBeIdle: true },
  joined: { ...once, recurs: true, mayBeIdle: true },
  left: { ...once, recurs: true },
  marked: { told: 'person', isPublic: false, recurs: true, knownByContent: true, mayBeIdle: true },
};

/** What an effect is known by: two entries with the same key are the same effect twice. */
export const keyOf = ({ type, room, subject, content }: Effect): string => {
  if (rules[type].knownByContent) return `${type} ${room} ${subject} ${content}`;
  return rules[type].recurs ? `${type} ${room} ${subject}` : `${type} ${type === 'created' ? room : subject}`;
};

/** Whether two effects are about the same thing, whatever they make of it. */
export const isSameThing = (one: Effect, other: Effect): boolean => {
  if (one.type !== other.type) return false;
  if (one.type === 'created') return one.room === other.room;
  return one.subject === other.subject && (!rules[one.type].recurs || one.room === other.room);
};

export const isSameEffect = (one: Effect, other: Effect): boolean =>
  one === other ||
  (one.type === other.type &&
    one.room === other.room &&
    one.subject === other.subject &&
    one.content === other.content);

/** Whether two entries say the same at the same place. */
export const isSameEntry = (one: Entry, other: Entry): boolean =>
  one === other || (one.index === other.index && isSameEffect(one, other));

/** An effect in words. */
export const wordsOf = ({ type, room, subject, content }: Effect): string => {
  switch (type) {
    case 'posted':
    case 'edited':
    case 'deleted':
      return `message ${subject} ${type}`;
    case 'attached':
    case 'detached':
      return `${content} ${type} at message ${subject}`;
    case 'created':
    case 'changed':
      return `room ${room} ${type}`;
    case 'opened':
      return `conversation of ${subject} opened`;
    case 'joined':
    case 'left':
    case 'marked':
      return `room ${room} ${type} by ${subject}`;
  }
};

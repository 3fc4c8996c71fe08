/**
 * What was told of reactions, judged from the events alone: that each says who really did something new, and counts each
 * person once.
 */
import type { Applied } from '../machine/machine.ts';
import { Violation } from './violation.ts';

/** Throws a `Violation` for a reaction told twice, or a count that is not that of the people. */
export const judgeReactions = (applied: readonly Applied[]): void => {
  /** Who reacted, by message, then by emoji. */
  const messages = new Map<string, Map<string, Set<string>>>();
  for (const one of applied) {
    for (const { event } of one.events) {
      if (event.type === 'message.deleted') messages.delete(event.message.id);
      if (event.type !== 'message.reacted') continue;
      const { messageId, emoji, user, on, count } = event;
      const reactions = messages.get(messageId) ?? new Map<string, Set<string>>();
      messages.set(messageId, reactions);
      const people = reactions.get(emoji) ?? new Set<string>();
      reactions.set(emoji, people);
      const what = `the ${emoji} of ${user} at entry ${one.index}`;
      if (people.has(user) === on) throw new Violation('P4', `${what} is told again`);
      if (on) people.add(user);
      else people.delete(user);
      if (count !== people.size)
        throw new Violation('P4', `${what} makes ${count}, and ${people.size} have reacted so`);
    }
  }
};

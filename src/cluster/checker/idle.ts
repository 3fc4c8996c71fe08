/** Whether commands that were acknowledged and changed nothing had nothing to change. */
import { type Content, covering, firstAfter, stayAt } from './content.ts';
import type { Faults } from './faults.ts';
import type { Operation } from './history.ts';
import type { Placement } from './placement.ts';
import { wordsOf } from './rules.ts';

/**
 * A join without an event is right for who is in the room, a reaction for who has given it, and so on; a read mark is
 * judged by the read position (`marks.ts`).
 */
export const checkIdle = ({ idle }: Placement, content: Content, faults: Faults): void => {
  for (const operation of idle) {
    const { effect, outcome, client, id } = operation;
    if (outcome.type !== 'acknowledged' || isRight(operation, outcome.index, content)) continue;
    const message = () => `${wordsOf(effect)}, acknowledged to ${client} at ${outcome.index}, was not done`;
    faults.add('lost', message, id);
  }
};

const isRight = ({ effect }: Operation, index: number, content: Content): boolean => {
  if (effect.type === 'opened') return (content.conversations.get(effect.subject)?.index ?? index) < index;
  const room = content.rooms.get(effect.room);
  if (room === undefined) return false;
  const { type, subject, content: what } = effect;
  if (type === 'attached' || type === 'detached') {
    const message = content.messages.get(subject);
    const isThere = covering(message?.attached.get(what) ?? [], index) !== undefined;
    return message !== undefined && isThere === (type === 'attached');
  }
  if (type === 'changed') return room.facts[firstAfter(room.facts, index) - 1]?.content === what;
  return stayAt(room, subject, index) !== undefined;
};

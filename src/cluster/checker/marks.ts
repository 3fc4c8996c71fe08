/**
 * Read positions, from what was acknowledged: they are private, so no server's history shows them. A mark moves a
 * position forward or does nothing; joining a room puts it where one joined.
 */
import { type Content, stayAt } from './content.ts';
import type { Entry, Operation } from './history.ts';

export interface ReadPosition {
  /** At least here. */
  readonly index: number;
  /** Or at one of these, which were asked for and never answered. */
  readonly perhaps: readonly number[];
}

export interface Marks {
  /** The events that a person is told of their own marks; null when some of those marks were never answered. */
  eventsOf(person: string): readonly Entry[] | null;
  /** Where a person who is in a room stands in the end. */
  positionOf(person: string, room: string): ReadPosition;
}

interface Row {
  readonly index: number;
  readonly operation: Operation;
}

/** Works out all marks of a history. */
export const marksOf = (operations: readonly Operation[], content: Content): Marks => {
  const acknowledged: Row[] = [];
  const unanswered = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { effect, client, outcome } = operation;
    if (effect.type !== 'marked') continue;
    if (outcome.type === 'acknowledged') acknowledged.push({ index: outcome.index, operation });
    else if (outcome.type === 'unknown') unanswered.set(client, [...(unanswered.get(client) ?? []), operation]);
  }
  const events = new Map<string, Entry[]>();
  const positions = new Map<string, number>();
  for (const { index, operation } of acknowledged.sort((a, b) => a.index - b.index)) {
    const { subject, room } = operation.effect;
    const at = content.rooms.get(room);
    const stay = at && stayAt(at, subject, index);
    const before = Math.max(positions.get(`${subject} ${room}`) ?? 0, stay?.since ?? 0);
    const readIndex = Math.min(Number(operation.effect.content), index);
    if (stay === undefined || readIndex <= before) continue;
    positions.set(`${subject} ${room}`, readIndex);
    const own = events.get(subject) ?? [];
    own.push({ ...operation.effect, index, content: String(readIndex) });
    events.set(subject, own);
  }
  return {
    eventsOf: (person) => (unanswered.has(person) ? null : (events.get(person) ?? [])),
    positionOf: (person, room) => {
      const since = content.rooms.get(room)?.stays.get(person)?.at(-1)?.since ?? 0;
      const perhaps = (unanswered.get(person) ?? []).filter(({ effect }) => effect.room === room);
      return {
        index: Math.max(since, positions.get(`${person} ${room}`) ?? 0),
        perhaps: perhaps.map(({ effect }) => Number(effect.content)),
      };
    },
  };
};

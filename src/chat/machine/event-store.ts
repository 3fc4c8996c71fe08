/** What each entry told the clients, kept for a while for those who come back. Read by `queries/events.ts`. */
import type { DatabaseSync } from 'node:sqlite';
import type { AddressedEvent, Message } from '../../protocol/index.ts';
import type { Directory } from './directory.ts';
import type { Retention } from './outcomes.ts';

export interface EventStore {
  add(index: number, events: readonly AddressedEvent[]): void;
  /** Writes the event of a posted message down, before the message changes. */
  freeze(message: Message): void;
  /** To be called at each multiple of the step. */
  expire(index: number): void;
}

/** What a room is told of a new message. */
export const postedEvent = (message: Message): AddressedEvent => ({
  audience: { to: 'room', room: message.room },
  event: { index: message.index, type: 'message.posted', message },
});

export const openEventStore = (
  db: DatabaseSync,
  directory: Directory,
  { eventsKeptPositions }: Retention,
): EventStore => {
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?)');
  const complete = db.prepare("UPDATE events SET json = ? WHERE idx = ? AND json = ''");
  const forget = db.prepare('DELETE FROM events WHERE idx <= ?');
  const forgetMemberships = db.prepare('DELETE FROM past_members WHERE until <= ?');

  /** Number of the one room that all of these go to, or 0. */
  const onlyRoom = (events: readonly AddressedEvent[]): number => {
    let only = '';
    for (const { audience } of events) {
      if (audience.to !== 'room' || (only !== '' && only !== audience.room)) return 0;
      only = audience.room;
    }
    return directory.findRoom(only)?.num ?? 0;
  };

  return {
    add: (index, events) => {
      const isPost = events.length === 1 && events[0]?.event.type === 'message.posted';
      insert.run(index, onlyRoom(events), isPost ? '' : JSON.stringify(events));
    },
    freeze: (message) => {
      complete.run(JSON.stringify([postedEvent(message)]), message.index);
    },
    expire: (index) => {
      const horizon = index - eventsKeptPositions;
      if (horizon <= 0) return;
      forget.run(horizon);
      forgetMemberships.run(horizon);
    },
  };
};

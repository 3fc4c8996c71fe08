/** What each entry told the clients, kept for a while for those who come back. Read by `queries/events.ts`. */
import type { DatabaseSync } from 'node:sqlite';
import type { AddressedEvent, Message } from '../../protocol/index.ts';
import { openToldMessages } from '../queries/told-messages.ts';
import { indexOfKey, roomOfKey } from '../schema.ts';
import type { Directory } from './directory.ts';
import type { Retention } from './outcomes.ts';

export interface EventStore {
  add(index: number, events: readonly AddressedEvent[]): void;
  /** Writes the event of the message that was posted at this key down, before its text changes. */
  freeze(key: number): void;
  /** To be called at each multiple of the step. */
  expire(index: number): void;
}

/** What a room is told of a new message. */
export const postedEvent = (message: Message): AddressedEvent => ({
  audience: { to: 'room', room: message.room },
  event: { index: message.index, type: 'message.posted', message },
});

/** Whether nothing but its own row says what a new message is: the row of what it quotes may change. */
const isPlain = ({ replyTo, files, mentions }: Message): boolean =>
  replyTo === undefined && files === undefined && mentions === undefined;

export const openEventStore = (
  db: DatabaseSync,
  directory: Directory,
  { eventsKeptPositions }: Retention,
): EventStore => {
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?)');
  const isOpen = db.prepare("SELECT 1 FROM events WHERE idx = ? AND json = ''");
  const complete = db.prepare('UPDATE events SET json = ? WHERE idx = ?');
  const told = openToldMessages(db);
  const forget = db.prepare('DELETE FROM events WHERE idx <= ?');
  const forgetMemberships = db.prepare('DELETE FROM past_members WHERE until <= ?');
  const forgetNames = db.prepare('DELETE FROM past_names WHERE until <= ?');

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
      const only = events.length === 1 ? events[0]?.event : undefined;
      const isInTable = only?.type === 'message.posted' && isPlain(only.message);
      insert.run(index, onlyRoom(events), isInTable ? '' : JSON.stringify(events));
    },
    freeze: (key) => {
      const index = indexOfKey(key);
      if (isOpen.get(index)) complete.run(JSON.stringify([postedEvent(told(roomOfKey(key), index))]), index);
    },
    expire: (index) => {
      const horizon = index - eventsKeptPositions;
      if (horizon <= 0) return;
      forget.run(horizon);
      forgetMemberships.run(horizon);
      forgetNames.run(horizon);
    },
  };
};

/**
 * Events for a client that comes back: exactly those it would have had, had it stayed.
 *
 * Who gets an event was settled when it happened. An event of a room went to those who were in the room once its entry
 * had been applied; so a membership that began at `since` and ended at `until` covers the indices from `since` up to,
 * but without, `until` (the person who leaves is told by an event of their own). An event for everybody went to those
 * who had joined the workspace by then. Joining a room now does not show what was said in it before: that is history,
 * and is read as pages.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AddressedEvent } from '../../protocol/index.ts';
import { postedEvent } from '../machine/event-store.ts';
import type { Retention } from '../machine/outcomes.ts';
import type { RecentEvents } from '../recent-events.ts';
import { openToldMessages } from './told-messages.ts';

export interface EventPage {
  readonly events: readonly AddressedEvent[];
  /** The client has everything up to here. */
  readonly upto: number;
}

interface Stay {
  readonly since: number;
  readonly until: number;
}

/** What a person was in, and when. */
type Stays = ReadonlyMap<string, readonly Stay[]>;

const covers = (stays: Stays, room: string, index: number): boolean =>
  stays.get(room)?.some(({ since, until }) => since <= index && index < until) ?? false;

export type EventsAfter = (position: number, userId: string, after: number, limit: number) => EventPage | null;

export const openEventQueries = (db: DatabaseSync, retention: Retention, recent: RecentEvents): EventsAfter => {
  const { eventsKeptPositions, stepPositions } = retention;
  const person = db.prepare('SELECT num, joined_idx FROM users WHERE id = ?');
  const memberships = db.prepare(
    `SELECT r.id, m.since, ?2 AS until FROM members m JOIN rooms r ON r.num = m.room WHERE m.user = ?1
     UNION ALL
     SELECT r.id, p.since, p.until FROM past_members p JOIN rooms r ON r.num = p.room
     WHERE p.user = ?1 AND p.until > ?3`,
  );
  const rows = db.prepare(
    `SELECT e.idx, e.room, e.json, r.id FROM events e LEFT JOIN rooms r ON r.num = e.room
     WHERE e.idx > ? AND e.idx <= ? ORDER BY e.idx`,
  );
  const message = openToldMessages(db);

  const staysOf = (num: number, after: number): Stays => {
    const stays = new Map<string, Stay[]>();
    for (const row of memberships.all(num, Number.MAX_SAFE_INTEGER, after)) {
      const list = stays.get(String(row.id)) ?? [];
      list.push({ since: Number(row.since), until: Number(row.until) });
      stays.set(String(row.id), list);
    }
    return stays;
  };

  /** Events from the tables, without those of single rooms that the person was not in. */
  const stored = (after: number, upto: number, stays: Stays): readonly AddressedEvent[] => {
    const events: AddressedEvent[] = [];
    for (const row of rows.iterate(after, upto)) {
      const index = Number(row.idx);
      if (row.id !== null && !covers(stays, String(row.id), index)) continue;
      if (row.json === '') events.push(postedEvent(message(Number(row.room), index)));
      else events.push(...(JSON.parse(String(row.json)) as readonly AddressedEvent[]));
    }
    return events;
  };

  return (position, userId, after, limit) => {
    const horizon = position - (position % stepPositions) - eventsKeptPositions;
    if (after < horizon) return null;
    if (after >= position) return { events: [], upto: after };
    const upto = Math.min(position, after + Math.max(1, limit));
    const user = person.get(userId);
    if (!user) return { events: [], upto };
    const stays = staysOf(Number(user.num), after);
    const joinedIndex = Number(user.joined_idx);
    const isFor = ({ audience, event }: AddressedEvent): boolean => {
      if (audience.to === 'room') return covers(stays, audience.room, event.index);
      return audience.to === 'user' ? audience.user === userId : joinedIndex <= event.index;
    };
    const all = recent.between(after, upto) ?? stored(after, upto, stays);
    return { events: all.filter(isFor), upto };
  };
};

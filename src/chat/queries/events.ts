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
import { findMessageAt } from './history.ts';

export interface EventPage {
  readonly events: readonly AddressedEvent[];
  /** The client has everything up to here. */
  readonly upto: number;
}

interface Stay {
  readonly since: number;
  readonly until: number;
}

export type EventsAfter = (position: number, userId: string, after: number, limit: number) => EventPage | null;

export const openEventQueries = (db: DatabaseSync, { eventsKeptPositions, stepPositions }: Retention): EventsAfter => {
  const person = db.prepare('SELECT num, joined_idx FROM users WHERE id = ?');
  const stays = db.prepare(
    `SELECT r.num, r.id, m.since, ?2 AS until FROM members m JOIN rooms r ON r.num = m.room WHERE m.user = ?1
     UNION ALL
     SELECT r.num, r.id, p.since, p.until FROM past_members p JOIN rooms r ON r.num = p.room
     WHERE p.user = ?1 AND p.until > ?3`,
  );
  const rows = db.prepare('SELECT idx, room, json FROM events WHERE idx > ? AND idx <= ? ORDER BY idx');
  const message = findMessageAt(db);

  return (position, userId, after, limit) => {
    const horizon = position - (position % stepPositions) - eventsKeptPositions;
    if (after < horizon) return null;
    if (after >= position) return { events: [], upto: after };
    const user = person.get(userId);
    const upto = Math.min(position, after + limit);
    if (!user) return { events: [], upto };
    const byNum = new Map<number, Stay[]>();
    const byId = new Map<string, Stay[]>();
    for (const row of stays.all(Number(user.num), Number.MAX_SAFE_INTEGER, after)) {
      const list = byNum.get(Number(row.num)) ?? [];
      list.push({ since: Number(row.since), until: Number(row.until) });
      byNum.set(Number(row.num), list);
      byId.set(String(row.id), list);
    }
    const covers = (list: readonly Stay[] | undefined, index: number): boolean =>
      list?.some(({ since, until }) => since <= index && index < until) ?? false;
    const joinedIndex = Number(user.joined_idx);
    const isFor = ({ audience, event }: AddressedEvent): boolean => {
      if (audience.to === 'room') return covers(byId.get(audience.room), event.index);
      return audience.to === 'user' ? audience.user === userId : joinedIndex <= event.index;
    };

    const events: AddressedEvent[] = [];
    for (const row of rows.iterate(after, upto)) {
      const room = Number(row.room);
      if (room !== 0 && !covers(byNum.get(room), Number(row.idx))) continue;
      if (row.json === '') {
        events.push(postedEvent(message(room, Number(row.idx))));
        continue;
      }
      const told = JSON.parse(String(row.json)) as readonly AddressedEvent[];
      for (const event of told) if (isFor(event)) events.push(event);
    }
    return { events, upto };
  };
};

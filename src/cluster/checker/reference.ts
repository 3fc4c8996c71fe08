/**
 * The history that everything else is compared with: the longest of the servers' own. Which one it is does not matter to
 * whether a fault is found, since every other server is compared with it; only to the words.
 */
import type { Faults } from './faults.ts';
import type { Entry, ServerHistory } from './history.ts';

export interface Reference {
  readonly server: string;
  readonly entries: readonly Entry[];
  /** Position in `entries` by id. */
  readonly byId: ReadonlyMap<string, number>;
  /** Positions in `entries` whose id stands before them already. */
  readonly copies: ReadonlySet<number>;
  /** Positions in `entries` of each room's messages, ascending. */
  readonly rooms: ReadonlyMap<string, readonly number[]>;
  /** By position in `entries`: which one of its room it is. */
  readonly places: Int32Array;
}

const nothing: ServerHistory = { server: 'none', entries: [] };

/** Picks the reference and notes what is wrong with it by itself: an id or a content twice, or an order that goes back. */
export const referenceOf = (servers: readonly ServerHistory[], faults: Faults): Reference => {
  let longest = servers[0] ?? nothing;
  for (const server of servers) if (server.entries.length > longest.entries.length) longest = server;
  const { server, entries } = longest;

  const byId = new Map<string, number>();
  const copies = new Set<number>();
  const contents = new Set<string>();
  const rooms = new Map<string, number[]>();
  const places = new Int32Array(entries.length);
  let newest = 0;
  for (const [position, entry] of entries.entries()) {
    const { id, index, content } = entry;
    if (index <= newest) faults.add('reordered', () => `${id} on ${server}: index ${index} follows ${newest}`, id);
    newest = index;

    const twin = byId.get(id);
    if (twin !== undefined) {
      faults.add('duplicated', () => `${id} is at ${entries[twin]!.index} and at ${index} on ${server}`, id);
    } else if (contents.has(content)) {
      const original = entries.find((other) => other.content === content)?.id;
      faults.add('duplicated', () => `${id} at ${index} has the content of ${original} on ${server}`, id);
    }
    if (twin === undefined) byId.set(id, position);
    else copies.add(position);
    contents.add(content);

    const room = rooms.get(entry.room);
    if (room === undefined) {
      rooms.set(entry.room, [position]);
    } else {
      places[position] = room.length;
      room.push(position);
    }
  }
  return { server, entries, byId, copies, rooms, places };
};

/**
 * Whether each client received each entry of its rooms once and in order, over all its reconnections. Order is that of
 * a room: events of different rooms come in frames of their own (see `protocol/frames.ts`).
 */
import type { Faults } from './faults.ts';
import type { Received, Stream } from './history.ts';
import type { Reference } from './reference.ts';

/** How far a client has got in one room. */
interface Progress {
  readonly positions: readonly number[];
  /** The place of the entry that should come next. */
  next: number;
  /** Places that were passed over so far. */
  readonly skipped: Set<number>;
}

/** The first place in a room whose index is above `after`. */
const firstAfter = (positions: readonly number[], reference: Reference, after: number): number => {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reference.entries[positions[middle]!]!.index <= after) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** One client's stream against the reference. */
export const checkStream = (stream: Stream, reference: Reference, faults: Faults): void => {
  const rooms = new Map<string, Progress>();
  for (const room of stream.rooms) {
    const positions = reference.rooms.get(room) ?? [];
    rooms.set(room, { positions, next: firstAfter(positions, reference, stream.after), skipped: new Set() });
  }

  for (const received of stream.received) {
    const room = rooms.get(received.room);
    const expected = room && reference.entries[room.positions[room.next] ?? -1];
    if (room && expected?.id === received.id && expected.index === received.index) room.next++;
    else takeUnexpected(stream, received, room, reference, faults);
  }

  for (const [name, room] of rooms) {
    const end = firstAfter(room.positions, reference, stream.upto);
    for (let place = room.next; place < end; place++) room.skipped.add(place);
    for (const place of room.skipped) {
      const entry = reference.entries[room.positions[place]!]!;
      if (entry.index > stream.upto) continue;
      faults.add('gaps', () => `${stream.client} never received ${entry.id} at ${entry.index} in ${name}`);
    }
  }
};

/** An event that is not the next of its room: it skips some, comes late, comes twice, or is not in the history. */
const takeUnexpected = (
  { client, after }: Stream,
  { id, index, room: name, connection }: Received,
  room: Progress | undefined,
  reference: Reference,
  faults: Faults,
): void => {
  const who = `${client}, connection ${connection}`;
  const position = reference.byId.get(id);
  const entry = position === undefined ? undefined : reference.entries[position];
  if (room === undefined || position === undefined || entry === undefined || entry.room !== name) {
    faults.add('phantoms', () => `${who} received ${id} at ${index} in ${name}: not in the history, or not for it`);
    return;
  }
  if (entry.index !== index) {
    faults.add('reordered', () => `${who} received ${id} at ${index}; it is at ${entry.index}`);
    return;
  }
  const place = reference.places[position]!;
  if (place >= room.next) {
    for (let skipped = room.next; skipped < place; skipped++) room.skipped.add(skipped);
    room.next = place + 1;
  } else if (room.skipped.delete(place)) {
    faults.add('reordered', () => `${who} received ${id} at ${index} after later ones`);
  } else {
    const before = index <= after ? 'though it had it from the start' : 'twice';
    faults.add('duplicated', () => `${who} received ${id} at ${index} ${before}`);
  }
};

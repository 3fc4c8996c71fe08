/**
 * Whether each client received, over all its reconnections, each event that was for it once and in order. Order is that
 * of a lane: events of different rooms, and those for everybody or for one person, come in frames of their own (see
 * `protocol/frames.ts`).
 */
import { type Content, firstAfter, type RoomContent } from './content.ts';
import type { Faults } from './faults.ts';
import { type Entry, peopleOf, type Stream } from './history.ts';
import type { Marks } from './marks.ts';
import { isSameEntry, keyOf, rules, wordsOf } from './rules.ts';

/** How far a client has got in one lane. */
interface Progress {
  readonly expected: readonly Entry[];
  /** The place of the entry that should come next. */
  next: number;
  /** Places that were passed over so far. */
  readonly skipped: Set<number>;
  /** Places by key and index, and by key; made when something unexpected comes. */
  places: Places | null;
}

interface Places {
  readonly exact: ReadonlyMap<string, number>;
  readonly byKey: ReadonlyMap<string, number>;
}

/** The lane of what is not a room's. */
const own = '';

const progressOf = (expected: readonly Entry[]): Progress => ({ expected, next: 0, skipped: new Set(), places: null });

/** What a client is told of a room: what was said while it was in it. */
const ofRoom = ({ told, stays }: RoomContent, { client, after, upto }: Stream): readonly Entry[] =>
  (stays.get(client) ?? []).flatMap(({ since, until }) =>
    told.slice(firstAfter(told, Math.max(since - 1, after)), firstAfter(told, Math.min(until - 1, upto))),
  );

/** What a client is told outside its rooms: what everybody is, and what is about itself. */
const ofOwn = ({ client, after, upto }: Stream, content: Content): readonly Entry[] => {
  const left = [...content.rooms.values()].flatMap(({ told }) =>
    told.filter(({ type, subject }) => type === 'left' && subject === client),
  );
  return [...content.workspace, ...left]
    .filter(({ index }) => after < index && index <= upto)
    .sort((a, b) => a.index - b.index);
};

/** One's own marks in a room come with what else the room is told, or, where it is large, apart from it. */
const marksIn = (room: string): string => `marks ${room}`;

const laneOf = ({ type, room, subject }: Entry, client: string): string => {
  if (type === 'marked') return marksIn(room);
  if (type === 'opened') return room;
  return rules[type].told === 'members' && !(type === 'left' && subject === client) ? room : own;
};

/** One client's stream against what the history says it should be. */
export const checkStream = (stream: Stream, content: Content, marks: Marks, faults: Faults): void => {
  const lanes = new Map<string, Progress>();
  const ownMarks = marks.eventsOf(stream.client);
  lanes.set(own, progressOf(ofOwn(stream, content)));
  const isWithin = ({ index }: Entry): boolean => stream.after < index && index <= stream.upto;
  for (const [room, list] of Map.groupBy((ownMarks ?? []).filter(isWithin), (entry) => entry.room)) {
    lanes.set(marksIn(room), progressOf(list));
  }
  for (const entry of content.conversations.values()) {
    if (peopleOf(entry.subject).includes(stream.client) && isWithin(entry)) lanes.set(entry.room, progressOf([entry]));
  }
  for (const room of content.rooms.values()) {
    if (room.stays.has(stream.client)) lanes.set(room.id, progressOf(ofRoom(room, stream)));
  }

  for (const entry of stream.received) {
    if (ownMarks === null && entry.type === 'marked') continue;
    const lane = lanes.get(laneOf(entry, stream.client));
    const expected = lane?.expected[lane.next];
    if (lane && expected && isSameEntry(expected, entry)) lane.next++;
    else takeUnexpected(stream, entry, lane, faults);
  }

  for (const lane of lanes.values()) {
    for (let place = lane.next; place < lane.expected.length; place++) lane.skipped.add(place);
    for (const place of lane.skipped) {
      const entry = lane.expected[place]!;
      faults.add('gaps', () => `${stream.client} was never told: ${wordsOf(entry)} at ${entry.index}`);
    }
  }
};

const exactKey = (entry: Entry): string => `${keyOf(entry)} ${entry.content} ${entry.index}`;

const placesOf = (lane: Progress): Places => {
  if (lane.places !== null) return lane.places;
  const exact = new Map<string, number>();
  const byKey = new Map<string, number>();
  for (const [place, entry] of lane.expected.entries()) {
    exact.set(exactKey(entry), place);
    byKey.set(keyOf(entry), place);
  }
  lane.places = { exact, byKey };
  return lane.places;
};

/** An event that is not the next of its lane: it skips some, comes late, comes twice, or is not in the history. */
const takeUnexpected = ({ client }: Stream, entry: Entry, lane: Progress | undefined, faults: Faults): void => {
  const what = () => `${client} was told: ${wordsOf(entry)} at ${entry.index}`;
  const place = lane && placesOf(lane).exact.get(exactKey(entry));
  if (lane === undefined || place === undefined) {
    const elsewhere = lane && placesOf(lane).byKey.get(keyOf(entry));
    const expected = elsewhere === undefined ? undefined : lane?.expected[elsewhere];
    if (expected === undefined) faults.add('phantoms', () => `${what()}, which is not in the history, or not for it`);
    else if (expected.index === entry.index) faults.add('phantoms', () => `${what()} with another content`);
    else faults.add('reordered', () => `${what()}; it is at ${expected.index}`);
  } else if (place >= lane.next) {
    for (let skipped = lane.next; skipped < place; skipped++) lane.skipped.add(skipped);
    lane.next = place + 1;
  } else if (lane.skipped.delete(place)) {
    faults.add('reordered', () => `${what()} after later ones`);
  } else {
    faults.add('duplicated', () => `${what()} twice`);
  }
};

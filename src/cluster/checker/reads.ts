/**
 * Whether reads show what they must. A server shows whatever it has acknowledged to anybody, and never less than it has
 * shown before, restarts included: an answer follows its being applied there. And a page has no holes.
 */
import type { Faults } from './faults.ts';
import type { History, Read } from './history.ts';
import type { Reference } from './reference.ts';

/** From `at` on, `server` shows `room` up to `index` at least. */
interface Mark {
  readonly at: number;
  readonly server: string;
  readonly room: string;
  readonly index: number;
  readonly why: string;
}

const newestOf = (read: Read): number => read.entries.at(-1)?.index ?? 0;

const marksOf = (history: History): readonly Mark[] => {
  const marks: Mark[] = [];
  for (const { server, room, id, client, completedAt, outcome } of history.operations) {
    if (outcome.type !== 'acknowledged' || server === null || completedAt === null) continue;
    marks.push({ at: completedAt, server, room, index: outcome.index, why: `acknowledged ${id} to ${client}` });
  }
  for (const read of history.reads) {
    const { server, room, completedAt, client } = read;
    marks.push({ at: completedAt, server, room, index: newestOf(read), why: `shown to ${client}` });
  }
  return marks.sort((a, b) => a.at - b.at);
};

/** All reads, in the order they were invoked. */
export const checkReads = (history: History, reference: Reference, faults: Faults): void => {
  if (history.reads.length === 0) return;
  const marks = marksOf(history);
  const floors = new Map<string, Mark>();
  let at = 0;
  for (const read of history.reads.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
    for (let mark = marks[at]; mark !== undefined && mark.at < read.invokedAt; mark = marks[++at]) {
      const key = `${mark.server} ${mark.room}`;
      if (mark.index > (floors.get(key)?.index ?? 0)) floors.set(key, mark);
    }
    const floor = floors.get(`${read.server} ${read.room}`);
    if (floor !== undefined && newestOf(read) < floor.index) {
      const { client, server, room } = read;
      const message = () =>
        `${client} read ${room} on ${server} up to ${newestOf(read)}; ${server} had ${floor.why} at ${floor.index}`;
      faults.add('staleReads', message);
    }
    checkPage(read, reference, faults);
  }
};

/** A page is a piece of the room's history, without holes. */
const checkPage = ({ client, server, room, entries }: Read, reference: Reference, faults: Faults): void => {
  const positions = reference.rooms.get(room) ?? [];
  const newest = entries.at(-1);
  if (newest === undefined) return;
  const position = reference.byId.get(newest.id);
  const place = position === undefined ? -1 : reference.places[position]!;
  for (let back = 0; back < entries.length; back++) {
    const shown = entries[entries.length - 1 - back]!;
    if (!reference.byId.has(shown.id)) {
      faults.add('phantoms', () => `${client} read ${shown.id} at ${shown.index} on ${server}: not in the history`);
      return;
    }
    const expected = reference.entries[positions[place - back] ?? -1];
    if (expected?.id === shown.id && expected.index === shown.index) continue;
    const message = () => `${client} read ${room} on ${server}: ${shown.id} at ${shown.index} is not what comes there`;
    faults.add('gaps', message);
    return;
  }
};

/**
 * Whether reads show what they must: a state that the room was in, and one that is new enough. A server shows whatever
 * it has acknowledged to anybody, never less than it has shown before, restarts included, and all up to where it has
 * said that it has applied the log. Only the loss of its disk makes it begin again.
 */
import { type Content, firstAfter, type MessageContent, stayAt } from './content.ts';
import type { Faults } from './faults.ts';
import type { History, PageRead, Read, RoomRead } from './history.ts';

/** A stretch of the log: what was shown is the state from `low` up to, but without, `high`. */
interface Stretch {
  readonly low: number;
  readonly high: number;
}

/** From `at` on, `server` has applied everything up to `index`; below 0 when it has lost its disk. */
interface Floor {
  readonly at: number;
  readonly server: string;
  readonly index: number;
  readonly why: () => string;
}

/** Judges all reads, in the order they were invoked. `invokedAt` tells when what stands at an index was asked for. */
export const checkReads = (
  { reads, operations, losses }: History,
  content: Content,
  invokedAt: (index: number) => number,
  faults: Faults,
): void => {
  if (reads.length === 0) return;
  const floors: Floor[] = [];
  for (const { server, id, client, completedAt, outcome } of operations) {
    if (outcome.type !== 'acknowledged' || server === null || completedAt === null) continue;
    floors.push({ at: completedAt, server, index: outcome.index, why: () => `acknowledged ${id} to ${client}` });
  }
  const pages = new Map<PageRead, Stretch>();
  for (const read of reads) {
    if (read.what !== 'page') continue;
    const stretch = stretchOf(read, content, faults);
    if (stretch === null) continue;
    pages.set(read, stretch);
    floors.push({
      at: read.completedAt,
      server: read.server,
      index: stretch.low,
      why: () => `shown it to ${read.client}`,
    });
  }
  for (const { server, at } of losses) floors.push({ at, server, index: -1, why: () => 'lost its disk' });
  floors.sort((a, b) => a.at - b.at);

  const reached = new Map<string, Floor>();
  let next = 0;
  for (const read of reads.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
    for (let floor = floors[next]; floor !== undefined && floor.at < read.invokedAt; floor = floors[++next]) {
      if (floor.index < 0 || floor.index > (reached.get(floor.server)?.index ?? 0)) reached.set(floor.server, floor);
    }
    const floor = newer(reached.get(read.server), read);
    const stretch = read.what === 'page' ? pages.get(read) : undefined;
    const isStale =
      read.what === 'room'
        ? !isSince(read, floor?.index ?? 0, content, invokedAt)
        : stretch !== undefined && stretch.high <= (floor?.index ?? 0);
    if (!isStale) continue;
    const { client, server, room } = read;
    const old = stretch === undefined ? '' : ` as it was before ${stretch.high}`;
    const since = `though ${server} had ${floor?.why() ?? 'nothing else'}, at ${floor?.index ?? 0}`;
    faults.add('staleReads', () => `${client} was shown room ${room}${old} by ${server}, ${since}`);
  }
};

/** What a server had told, or what it said of itself just before, whichever is more. */
const newer = (floor: Floor | undefined, { applied, server, invokedAt }: Read): Floor | undefined =>
  applied > (floor?.index ?? 0)
    ? { at: invokedAt, server, index: applied, why: () => 'said that it had applied the log' }
    : floor;

/** Whether the room was as shown at `floor` or later, but not by anything that was asked for after the answer. */
const isSince = (read: RoomRead, floor: number, { rooms }: Content, invokedAt: (index: number) => number): boolean => {
  const room = rooms.get(read.room);
  if (room === undefined) return false;
  const { census } = room;
  for (let at = Math.max(0, firstAfter(census, floor) - 1); at < census.length; at++) {
    const { index, members } = census[at]!;
    if (index > floor && invokedAt(index) > read.completedAt) return false;
    const from = Math.max(index, floor);
    if (members === read.members && (stayAt(room, read.client, from) !== undefined) === read.joined) return true;
  }
  return false;
};

/** When the room was as a page shows it; null, and a fault, when it never was. */
const stretchOf = (read: PageRead, content: Content, faults: Faults): Stretch | null => {
  const { client, server, messages, limit } = read;
  const room = content.rooms.get(read.room);
  const all = room?.messages ?? [];
  const newest = messages.at(-1);
  if (newest === undefined) return { low: room?.createdIndex ?? 0, high: all[0]?.index ?? Number.POSITIVE_INFINITY };
  const where = () => `${client} was shown, by ${server}, in room ${read.room}`;

  const last = content.messages.get(newest.id)?.place ?? -1;
  const expected = Math.min(limit, last + 1);
  let low = 0;
  let high = all[last + 1]?.index ?? Number.POSITIVE_INFINITY;
  for (let back = 0; back < messages.length; back++) {
    const shown = messages[messages.length - 1 - back]!;
    const known = content.messages.get(shown.id);
    if (known === undefined || known.room !== read.room) {
      faults.add('phantoms', () => `${where()}, message ${shown.id} at ${shown.index}: not in the history`);
      return null;
    }
    if (all[last - back] !== known || known.index !== shown.index) {
      faults.add('gaps', () => `${where()}, message ${shown.id} at ${shown.index}: not what comes there`);
      return null;
    }
    const version = versionOf(known, shown.content);
    if (version === null) {
      faults.add('phantoms', () => `${where()}, message ${shown.id} with what nobody wrote`);
      return null;
    }
    low = Math.max(low, version.low);
    high = Math.min(high, version.high);
  }
  if (messages.length < expected) {
    faults.add('gaps', () => `${where()}, ${messages.length} of ${expected} messages`);
    return null;
  }
  if (low < high) return { low, high };
  faults.add('reordered', () => `${where()}, what is new at ${low} beside what was gone from ${high} on`);
  return null;
};

/** When a message was as shown. */
const versionOf = ({ versions }: MessageContent, content: string | null): Stretch | null => {
  for (let at = versions.length - 1; at >= 0; at--) {
    if (versions[at]!.content !== content) continue;
    return { low: versions[at]!.index, high: versions[at + 1]?.index ?? Number.POSITIVE_INFINITY };
  }
  return null;
};

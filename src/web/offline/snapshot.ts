/**
 * What of the page's state this device keeps, for reading without a server and for starting at once. Pure: `cache.ts` has
 * the database, `keeper.ts` decides when.
 *
 * The parts together are the state at one position of the log, from which the stream goes on. A part that another page
 * wrote last may be of another position than the head: then it can be read, and is loaded again when a server answers.
 */
import type { Message, Room, User } from '../../client/index.ts';
import { limits } from '../../client/index.ts';
import type { Restored } from '../store/cache-restored.ts';
import { fromLists } from '../store/directory.ts';
import type { Members } from '../store/directory-members.ts';
import type { ChatState } from '../store/state.ts';
import { emptyTimeline, type PendingMessage, type Timeline } from '../store/timeline.ts';

/** Another format than this is not read. */
const format = 1;

interface Written {
  /** The page that wrote it. */
  readonly writer: string;
}

export interface HeadPart extends Written {
  readonly key: 'head';
  readonly format: number;
  readonly you: User;
  readonly workspace: string | null;
  /** The state is what it was after this position of the log. */
  readonly position: number;
  /** When it was kept: ms since 1970 on this device's clock. */
  readonly at: number;
}

interface RoomsPart extends Written {
  readonly key: 'rooms';
  readonly rooms: readonly Room[];
}

interface PeoplePart extends Written {
  readonly key: 'people';
  readonly users: readonly User[];
}

export interface RoomPart extends Written {
  readonly key: `room:${string}`;
  readonly visitedAt: number;
  readonly messages: readonly Message[];
  readonly older: number | null;
  /** What has come up to here is to be loaded again, because some of it may be missing. */
  readonly staleUpto: number;
  /** Whether a page of it was loaded at all. */
  readonly loaded: boolean;
  readonly stored: readonly (readonly [string, number])[];
  /** Who is in it and how far each has read, if somebody asked. */
  readonly members: readonly (readonly [string, number])[] | null;
  /** Own messages on their way, as they were shown, and those that were refused and that nobody has given up yet. */
  readonly pending: readonly PendingMessage[];
}

export type Part = HeadPart | RoomsPart | PeoplePart | RoomPart;

/** What is kept at one moment. */
export interface Moment {
  readonly state: ChatState;
  readonly position: number;
  readonly visited: ReadonlyMap<string, number>;
  readonly at: number;
}

const keyOf = (room: string): RoomPart['key'] => `room:${room}`;

/** The newest messages that fit. */
const newestThatFit = (messages: readonly Message[]): readonly Message[] => {
  let chars = 0;
  let from = messages.length;
  while (from > 0 && messages.length - from < limits.clientCacheRoomMessages) {
    chars += JSON.stringify(messages[from - 1]).length;
    if (chars > limits.clientCacheRoomMaxChars) break;
    from--;
  }
  return from === 0 ? messages : messages.slice(from);
};

interface RoomFacts extends Written {
  readonly visitedAt: number;
  readonly position: number;
  readonly members: Members | undefined;
}

/** A room as it is kept; null when nothing of it was loaded. */
export const roomPart = (
  room: string,
  timeline: Timeline,
  { writer, visitedAt, position, members }: RoomFacts,
): RoomPart | null => {
  const pending = timeline.pending.filter((one) => one.state !== 'stored');
  if (timeline.older === undefined && pending.length === 0) return null;
  const messages = timeline.older === undefined ? [] : newestThatFit(timeline.messages);
  const cut = messages.length < timeline.messages.length;
  return {
    key: keyOf(room),
    writer,
    visitedAt,
    messages,
    older: cut || timeline.older === undefined ? (messages[0]?.index ?? null) : timeline.older,
    // A window somewhere in the past does not go on where the stream does.
    staleUpto: timeline.newer === null ? timeline.staleUpto : Math.max(timeline.staleUpto, position),
    loaded: timeline.older !== undefined,
    members: members ? [...members] : null,
    stored: messages.flatMap(({ id }) => {
      const servers = timeline.stored.get(id);
      return servers === undefined ? [] : [[id, servers] as const];
    }),
    pending,
  };
};

/** The rooms worth keeping: those looked at last, as far as the person still sees them. */
const roomsKept = ({ state, visited }: Moment): readonly string[] =>
  [...state.timelines.keys()]
    .filter((room) => state.directory.rooms.has(room))
    .sort((a, b) => (visited.get(b) ?? 0) - (visited.get(a) ?? 0))
    .slice(0, limits.clientCacheRooms);

/**
 * What has to be written, and which rooms' parts may stay, now that `before` was written by this page last; null when
 * nothing was, or another page wrote since: then everything is.
 */
export const partsOf = (
  now: Moment,
  before: Moment | null,
  writer: string,
): { readonly put: readonly Part[]; readonly keep: ReadonlySet<string> } => {
  const { state, position, at, visited } = now;
  if (state.you === null) return { put: [], keep: new Set() };
  const put: Part[] = [{ key: 'head', format, writer, you: state.you, workspace: state.workspace, position, at }];
  const { rooms, users } = state.directory;
  if (before?.state.directory.rooms !== rooms) put.push({ key: 'rooms', writer, rooms: [...rooms.values()] });
  if (before?.state.directory.users !== users) put.push({ key: 'people', writer, users: [...users.values()] });
  const keep = new Set<string>(['head', 'rooms', 'people']);
  const kept = new Set(before === null ? [] : roomsKept(before));
  for (const room of roomsKept(now)) {
    keep.add(keyOf(room));
    const timeline = state.timelines.get(room)!;
    const visitedAt = visited.get(room) ?? 0;
    const members = state.members.get(room);
    const same =
      before?.state.timelines.get(room) === timeline &&
      before.state.members.get(room) === members &&
      before.visited.get(room) === visitedAt;
    if (same && kept.has(room)) continue;
    const part = roomPart(room, timeline, { writer, visitedAt, position, members });
    if (part !== null) put.push(part);
    else keep.delete(keyOf(room));
  }
  return { put, keep };
};

const timelineOf = (part: RoomPart, head: HeadPart): Timeline => ({
  ...emptyTimeline,
  messages: part.messages,
  pending: part.pending.filter((one) => one.state === 'failed'),
  older: part.loaded ? part.older : undefined,
  staleUpto: part.writer === head.writer ? part.staleUpto : Math.max(part.staleUpto, head.position),
  stored: new Map(part.stored),
});

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string' && 'writer' in value;

/** Puts the parts together again; null when there is nothing of this person that can be used. */
export const restoredFrom = (values: readonly unknown[], person: string | null): Restored | null => {
  const parts = values.filter(isPart);
  const head = parts.find((part) => part.key === 'head');
  const rooms = parts.find((part) => part.key === 'rooms');
  const people = parts.find((part) => part.key === 'people');
  if (!head || !rooms || !people || head.format !== format || head.you.id !== person) return null;
  const directory = fromLists(rooms.rooms, people.users);
  const timelines = new Map<string, Timeline>();
  const visited = new Map<string, number>();
  const onTheirWay = new Map<string, PendingMessage>();
  const members = new Map<string, Members>();
  for (const part of parts) {
    if (part.key === 'head' || part.key === 'rooms' || part.key === 'people') continue;
    const room = part.key.slice('room:'.length);
    if (!directory.rooms.has(room)) continue;
    timelines.set(room, timelineOf(part, head));
    visited.set(room, part.visitedAt);
    // Those of another position would never be asked for again.
    if (part.members && part.writer === head.writer) members.set(room, new Map(part.members));
    for (const one of part.pending) if (one.state !== 'failed') onTheirWay.set(one.id, one);
  }
  const { you, workspace, position, at } = head;
  return { you, workspace, position, at, directory, timelines, members, visited, onTheirWay };
};

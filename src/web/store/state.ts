/** The whole state of the page, and how the workspace's events change it. Pure. */
import type { ChatEvent, ClusterBrief, ErrorCode, Room, User } from '../../client/index.ts';
import type { Restored } from './cache-restored.ts';
import { applyToDirectory, changeRoom, type Directory, emptyDirectory, fromLists } from './directory.ts';
import { type MembersByRoom, withMemberEvent } from './directory-members.ts';
import { firstLink, type Link, noticeOf } from './link.ts';
import { applyEvents, applyReset, emptyTimeline, isMessageEvent, type PageKind, type Timeline } from './timeline.ts';

/** Whether a page of a room is on its way, or could not be had. */
export type Loading = PageKind | `${PageKind}-failed`;

export interface ChatState {
  /** `starting`: not yet known who this is. `loading`: known, and the lists are on their way. */
  readonly phase: 'starting' | 'signed-out' | 'loading' | 'ready';
  /** Why signed out. */
  readonly signedOutCode: ErrorCode | null;
  readonly you: User | null;
  readonly workspace: string | null;
  readonly directory: Directory;
  /** Who is in a room and how far each has read, of rooms that somebody asked about (`loadMembers`). */
  readonly members: MembersByRoom;
  /** By the room's id; a room never looked at has none. */
  readonly timelines: ReadonlyMap<string, Timeline>;
  readonly loading: ReadonlyMap<string, Loading>;
  /** Where in a room the screen is wanted to be: each wish is a new object. Without an index, at the end. */
  readonly jump: { readonly room: string; readonly index: number | null } | null;
  /** Ids of who is online; null until it is known. */
  readonly online: ReadonlySet<string> | null;
  /** Who types where, and until when that is believed (ms since 1970): by room, then by person. */
  readonly typing: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly cluster: ClusterBrief | null;
  readonly link: Link;
  /** What is shown is what it was then (ms since 1970 on this device's clock); null while a server keeps it up to date. */
  readonly asOf: number | null;
  /** Why this device does not keep what waits to be sent; null as long as it does. */
  readonly unkept: ErrorCode | null;
}

export const initialState: ChatState = {
  phase: 'starting',
  signedOutCode: null,
  you: null,
  workspace: null,
  directory: emptyDirectory,
  members: new Map(),
  timelines: new Map(),
  loading: new Map(),
  jump: null,
  online: null,
  typing: new Map(),
  cluster: null,
  link: firstLink,
  asOf: null,
  unkept: null,
};

/** The state that a page begins with which this device remembers. */
export const stateFrom = ({ you, workspace, directory, timelines, members, at }: Restored): ChatState => ({
  ...initialState,
  phase: 'ready',
  you,
  workspace,
  directory,
  timelines,
  members,
  asOf: at,
});

/** The state with one room's timeline changed. */
export const withTimeline = (state: ChatState, room: string, change: (timeline: Timeline) => Timeline): ChatState => {
  const known = state.timelines.get(room) ?? emptyTimeline;
  const changed = change(known);
  return changed === known ? state : { ...state, timelines: new Map(state.timelines).set(room, changed) };
};

const roomOf = (event: ChatEvent): string | null => {
  if (event.type === 'message.reacted') return event.room;
  return isMessageEvent(event) ? event.message.room : null;
};

/** Applies events of the stream, in order. Only rooms that were looked at keep their messages. */
export const withEvents = (state: ChatState, events: readonly ChatEvent[]): ChatState => {
  const you = state.you?.id ?? '';
  const byRoom = new Map<string, ChatEvent[]>();
  let { directory, members, typing } = state;
  for (const event of events) {
    directory = applyToDirectory(directory, event, you);
    members = withMemberEvent(members, event);
    const room = roomOf(event);
    if (room === null) continue;
    const list = byRoom.get(room);
    if (list) list.push(event);
    else byRoom.set(room, [event]);
    if (event.type === 'message.posted') typing = withoutTyping(typing, room, event.message.by);
  }
  let next: ChatState = { ...state, directory, members, typing };
  for (const [room, list] of byRoom) {
    if (state.timelines.has(room)) next = withTimeline(next, room, (timeline) => applyEvents(timeline, list));
  }
  return events.some((event) => event.type === 'room.left' && event.user.id === you) ? withoutGone(next) : next;
};

/**
 * Events after `from` up to `index` are missing: everything loaded is out of date until it is loaded again. When `index`
 * is below `from`, the log is another one, and nothing of what was loaded stays.
 */
export const withReset = (state: ChatState, from: number, index: number): ChatState => {
  const change = (timeline: Timeline): Timeline =>
    index < from ? { ...emptyTimeline, pending: timeline.pending } : applyReset(timeline, index);
  return {
    ...state,
    members: new Map(),
    timelines: new Map([...state.timelines].map(([room, timeline]) => [room, change(timeline)])),
  };
};

/**
 * Takes in the API's lists. `since` are the events that came while they were on their way: the lists may or may not
 * have them, so only what can be told by its index is applied again.
 */
export const withLists = (
  state: ChatState,
  rooms: readonly Room[],
  users: readonly User[],
  since: readonly ChatEvent[],
): ChatState => {
  const you = state.you?.id ?? '';
  const listed = new Set(rooms.map((room) => room.id));
  let directory = fromLists(rooms, users);
  for (const event of since) {
    const counted = event.type === 'room.joined' || event.type === 'room.left';
    if (!counted || !listed.has(event.room.id)) directory = applyToDirectory(directory, event, you);
    else if (event.user.id === you) {
      const joined = event.type === 'room.joined';
      directory = changeRoom(directory, event.room.id, (room) => ({ ...room, joined }));
    }
  }
  return withoutGone({ ...state, directory, phase: 'ready', asOf: null });
};

/** No server is there now. @param since when what is shown is of, unless it is of before already; null when of nothing */
export const withoutServer = (state: ChatState, link: Link, since: number | null): ChatState => {
  const asOf = state.asOf ?? since;
  if (link === state.link && asOf === state.asOf) return state;
  // After a while nobody's word counts any more on who is here.
  return { ...state, link, asOf, online: noticeOf(link).say === 'noServer' ? null : state.online };
};

/** Rooms that are not this person's to see any more leave nothing behind. */
const withoutGone = (state: ChatState): ChatState => {
  const there = [...state.timelines].filter(([room]) => state.directory.rooms.has(room));
  return there.length === state.timelines.size ? state : { ...state, timelines: new Map(there) };
};

/** Somebody types; believed until `until`. */
export const withTyping = (state: ChatState, room: string, user: string, until: number): ChatState => {
  const there = new Map(state.typing.get(room)).set(user, until);
  return { ...state, typing: new Map(state.typing).set(room, there) };
};

/** Forgets those who stopped typing. */
export const withTypingUntil = (state: ChatState, now: number): ChatState => {
  const typing = new Map<string, ReadonlyMap<string, number>>();
  for (const [room, people] of state.typing) {
    const left = new Map([...people].filter(([, until]) => until > now));
    if (left.size > 0) typing.set(room, left);
  }
  return { ...state, typing };
};

const withoutTyping = (typing: ChatState['typing'], room: string, user: string): ChatState['typing'] => {
  const people = typing.get(room);
  if (!people?.has(user)) return typing;
  const left = new Map(people);
  left.delete(user);
  return new Map(typing).set(room, left);
};

/** A room by its name or its id, as addresses name it. */
export const roomNamed = (state: ChatState, name: string): Room | null => {
  for (const room of state.directory.rooms.values()) if (room.name === name && room.access !== 'direct') return room;
  return state.directory.rooms.get(name) ?? null;
};

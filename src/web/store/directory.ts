/**
 * The rooms and people of the workspace, from what the API lists and from events after it. Pure. Counts of unread
 * messages are exact, because each message has an index and the list says up to which one it counted.
 */
import type { ChatEvent, Message, Room, RoomFacts, User } from '../../protocol/index.ts';

export interface Directory {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly users: ReadonlyMap<string, User>;
}

export const emptyDirectory: Directory = { rooms: new Map(), users: new Map() };

/** As many as the API counts up to. */
export const unreadMax = 1_000;

const fromFacts = (facts: RoomFacts): Room => ({
  ...facts,
  members: 0,
  joined: false,
  lastIndex: 0,
  readIndex: 0,
  unread: 0,
  mentions: 0,
  // As the servers have it for whoever has not said.
  notify: facts.access === 'direct' ? 'all' : 'mentions',
});

/** A new room. Who is in a conversation between people is in it from the start, and for ever. */
const newRoom = (facts: RoomFacts, you: string): Room => {
  const room = fromFacts(facts);
  if (!facts.with) return room;
  return { ...room, members: facts.with.length, joined: facts.with.includes(you) };
};

/** Begins again from the API's lists. */
export const fromLists = (rooms: readonly Room[], users: readonly User[]): Directory => ({
  rooms: new Map(rooms.map((room) => [room.id, room])),
  users: new Map(users.map((user) => [user.id, user])),
});

/** Whether a message is meant for this person by name. What is said in a conversation between people counts too. */
export const isForYou = (message: Message, room: Room | undefined, you: string): boolean =>
  message.mentions?.includes(you) === true || message.mentions?.includes('room') === true || room?.access === 'direct';

const withMessage = (room: Room, message: Message, you: string): Room => {
  if (message.index <= room.lastIndex) return room;
  const lastIndex = message.index;
  const counts = message.by !== you && room.joined && lastIndex > room.readIndex;
  if (!counts) return { ...room, lastIndex };
  const mentioned = message.mentions?.includes(you) || message.mentions?.includes('room');
  return {
    ...room,
    lastIndex,
    unread: Math.min(room.unread + 1, unreadMax),
    mentions: mentioned ? Math.min(room.mentions + 1, unreadMax) : room.mentions,
  };
};

/** Applies one event, as the person `you` sees it. */
export const applyToDirectory = (directory: Directory, event: ChatEvent, you: string): Directory => {
  switch (event.type) {
    case 'message.posted':
      return changeRoom(directory, event.message.room, (room) => withMessage(room, event.message, you));
    case 'room.created':
      return directory.rooms.has(event.room.id) ? directory : putRoom(directory, newRoom(event.room, you));
    case 'room.changed': {
      const known = directory.rooms.get(event.room.id);
      return known ? putRoom(directory, withFacts(known, event.room)) : putRoom(directory, newRoom(event.room, you));
    }
    case 'room.notified':
      return changeRoom(directory, event.room, (room) => ({ ...room, notify: event.level }));
    case 'room.joined': {
      const known = directory.rooms.get(event.room.id) ?? newRoom(event.room, you);
      const direct = known.access === 'direct';
      const room = direct ? known : { ...known, members: known.members + 1 };
      // What was said before one joined counts as read.
      if (event.user.id !== you) return putRoom(directory, room);
      const readIndex = direct ? room.readIndex : event.index;
      return putRoom(directory, { ...room, joined: true, readIndex, unread: 0, mentions: 0 });
    }
    case 'room.left': {
      const known = directory.rooms.get(event.room.id);
      if (!known) return directory;
      const own = event.user.id === you;
      if (own && known.access === 'closed') return withoutRoom(directory, known.id);
      const left = { ...known, members: Math.max(0, known.members - 1) };
      return putRoom(directory, own ? { ...left, joined: false, unread: 0, mentions: 0 } : left);
    }
    case 'user.joined':
    case 'user.changed':
      return { ...directory, users: new Map(directory.users).set(event.user.id, event.user) };
    case 'read.marked':
      if (event.user !== you) return directory;
      return changeRoom(directory, event.room, (room) => markRead(room, event.readIndex));
    default:
      return directory;
  }
};

/** The room with new facts. What is left out of them is no longer so. */
const withFacts = (room: Room, facts: RoomFacts): Room => {
  const { archived: _archived, with: _with, ...own } = room;
  return { ...own, ...facts };
};

/** The room read up to an index. What stays unread after it is only known when that is nothing. */
export const markRead = (room: Room, readIndex: number): Room => {
  if (readIndex <= room.readIndex) return room;
  const all = readIndex >= room.lastIndex;
  return { ...room, readIndex, unread: all ? 0 : room.unread, mentions: all ? 0 : room.mentions };
};

/** The directory with one room changed, or the same when there is no such room or it did not change. */
export const changeRoom = (directory: Directory, id: string, change: (room: Room) => Room): Directory => {
  const room = directory.rooms.get(id);
  if (!room) return directory;
  const changed = change(room);
  return changed === room ? directory : putRoom(directory, changed);
};

const putRoom = (directory: Directory, room: Room): Directory => ({
  ...directory,
  rooms: new Map(directory.rooms).set(room.id, room),
});

const withoutRoom = (directory: Directory, id: string): Directory => {
  const rooms = new Map(directory.rooms);
  rooms.delete(id);
  return { ...directory, rooms };
};

/**
 * What the reference's entries come to, followed step by step: every version of every message, and who was in which room
 * when. Servers' answers and their final content are compared with it. Notes what cannot follow on what came before.
 */
import type { Faults } from './faults.ts';
import type { Effect, Entry } from './history.ts';
import type { Reference } from './reference.ts';
import { rules, wordsOf } from './rules.ts';

/** What a message is from `index` on; null when it is deleted. */
export interface Version {
  readonly index: number;
  readonly content: string | null;
}

export interface MessageContent {
  readonly id: string;
  readonly room: string;
  readonly index: number;
  /** Which one of its room it is. */
  readonly place: number;
  /** Ascending; the first is the one that was posted. */
  readonly versions: Version[];
  /** When each reaction and pin was there. */
  readonly attached: Map<string, Stay[]>;
}

/** A time in which a person was in a room, or something on a message: from `since` up to, but without, `until`. */
export interface Stay {
  readonly since: number;
  until: number;
}

/** What a room is like from `index` on. */
export interface Fact {
  readonly index: number;
  readonly content: string;
}

/** How many are in a room from `index` on. */
export interface Census {
  readonly index: number;
  readonly members: number;
}

export interface RoomContent {
  readonly id: string;
  /** Its name and topic and so on, ascending; the first is what it was made with. */
  readonly facts: Fact[];
  readonly createdIndex: number;
  /** Its messages, in order. */
  readonly messages: MessageContent[];
  /** What its members are told, in order; its creator comes in with the room. */
  readonly told: Entry[];
  readonly stays: Map<string, Stay[]>;
  readonly census: Census[];
}

export interface Content {
  readonly messages: ReadonlyMap<string, MessageContent>;
  readonly rooms: ReadonlyMap<string, RoomContent>;
  /** Conversations, by their people. */
  readonly conversations: ReadonlyMap<string, Entry>;
  /** What everybody is told, in order. */
  readonly workspace: readonly Entry[];
}

/** Follows all entries of the reference. */
export const contentOf = (reference: Reference, faults: Faults): Content => {
  const messages = new Map<string, MessageContent>();
  const rooms = new Map<string, RoomContent>();
  const conversations = new Map<string, Entry>();
  const workspace: Entry[] = [];
  for (const entry of reference.entries) {
    const wrong = entry.type === 'opened' ? open(entry, conversations) : take(entry, messages, rooms, workspace);
    if (wrong === null) continue;
    const message = () => `${wordsOf(entry)} at ${entry.index} on ${reference.server}, though ${wrong.why}`;
    faults.add(wrong.fault, message, `at ${entry.index}`);
  }
  return { messages, rooms, conversations, workspace };
};

interface Wrong {
  readonly fault: 'duplicated' | 'reordered';
  readonly why: string;
}

const reordered = (why: string): Wrong => ({ fault: 'reordered', why });

const open = (entry: Entry, conversations: Map<string, Entry>): Wrong | null => {
  if (conversations.has(entry.subject)) return { fault: 'duplicated', why: 'it was there' };
  conversations.set(entry.subject, entry);
  return null;
};

/** Takes one entry in. Returns what is wrong with its coming here, or null. */
const take = (
  entry: Entry,
  messages: Map<string, MessageContent>,
  rooms: Map<string, RoomContent>,
  workspace: Entry[],
): Wrong | null => {
  const { type, index, subject, content } = entry;
  if (type === 'created') {
    if (rooms.has(entry.room)) return { fault: 'duplicated', why: 'it was there' };
    const room = newRoom(entry);
    rooms.set(room.id, room);
    workspace.push(entry);
    return null;
  }
  const room = rooms.get(entry.room);
  if (room === undefined) return reordered('its room is not there yet');
  if (rules[type].told === 'everybody') workspace.push(entry);
  else if (rules[type].told === 'members') room.told.push(entry);
  switch (type) {
    case 'posted': {
      if (messages.has(subject)) return { fault: 'duplicated', why: 'it was there' };
      const versions = [{ index, content }];
      const message = { id: subject, room: room.id, index, place: room.messages.length, versions, attached: new Map() };
      messages.set(subject, message);
      room.messages.push(message);
      return null;
    }
    case 'edited':
    case 'deleted': {
      const message = messages.get(subject);
      if (message === undefined) return reordered('the message is not there yet');
      const before = message.versions.at(-1)!.content;
      message.versions.push({ index, content: type === 'deleted' ? null : content });
      if (type === 'deleted') for (const stays of message.attached.values()) end(stays, index);
      return before === null ? reordered('it was deleted before') : null;
    }
    case 'attached':
    case 'detached': {
      const message = messages.get(subject);
      if (message === undefined) return reordered('the message is not there yet');
      if (message.versions.at(-1)!.content === null) return reordered('the message was deleted before');
      return type === 'attached' ? attach(message, entry) : detach(message, entry);
    }
    case 'changed':
      if (room.facts.at(-1)!.content === content) return { fault: 'duplicated', why: 'it was so before' };
      room.facts.push({ index, content });
      return null;
    case 'joined':
      return join(room, entry, index);
    case 'left':
      return leave(room, entry, index);
    case 'marked':
    case 'opened':
      return null;
  }
};

const newRoom = ({ index, room: id, subject, content }: Entry): RoomContent => {
  const told: Entry[] = [{ index, type: 'joined', room: id, subject, content: '' }];
  const stays = new Map([[subject, [{ since: index, until: Number.POSITIVE_INFINITY }]]]);
  const census = [{ index, members: 1 }];
  return { id, facts: [{ index, content }], createdIndex: index, messages: [], told, stays, census };
};

const isOpen = (stays: readonly Stay[] | undefined): boolean => stays?.at(-1)?.until === Number.POSITIVE_INFINITY;

const end = (stays: readonly Stay[], index: number): void => {
  const stay = stays.at(-1);
  if (stay?.until === Number.POSITIVE_INFINITY) stay.until = index;
};

const attach = ({ attached }: MessageContent, { content, index }: Entry): Wrong | null => {
  const stays = attached.get(content);
  if (isOpen(stays)) return { fault: 'duplicated', why: 'it was there' };
  const stay = { since: index, until: Number.POSITIVE_INFINITY };
  if (stays === undefined) attached.set(content, [stay]);
  else stays.push(stay);
  return null;
};

const detach = ({ attached }: MessageContent, { content, index }: Entry): Wrong | null => {
  const stays = attached.get(content);
  if (stays === undefined || !isOpen(stays)) return reordered('it was not there');
  end(stays, index);
  return null;
};

/** What is on a message in the end. */
export const attachedTo = ({ attached }: MessageContent): readonly string[] =>
  [...attached].flatMap(([what, stays]) => (isOpen(stays) ? [what] : [])).sort();

const newestStay = (room: RoomContent, person: string): Stay | undefined => room.stays.get(person)?.at(-1);

const count = (room: RoomContent, index: number, change: 1 | -1): void => {
  room.census.push({ index, members: room.census.at(-1)!.members + change });
};

const join = (room: RoomContent, { subject }: Effect, index: number): Wrong | null => {
  if (newestStay(room, subject)?.until === Number.POSITIVE_INFINITY)
    return { fault: 'duplicated', why: 'they were in it' };
  const stay = { since: index, until: Number.POSITIVE_INFINITY };
  const stays = room.stays.get(subject);
  if (stays === undefined) room.stays.set(subject, [stay]);
  else stays.push(stay);
  count(room, index, 1);
  return null;
};

const leave = (room: RoomContent, { subject }: Effect, index: number): Wrong | null => {
  const stay = newestStay(room, subject);
  if (stay?.until !== Number.POSITIVE_INFINITY) return reordered('they were not in it');
  stay.until = index;
  count(room, index, -1);
  return null;
};

/** The stay of this person in the room that covers `index`. */
export const stayAt = (room: RoomContent, person: string, index: number): Stay | undefined =>
  covering(room.stays.get(person) ?? [], index);

/** The one of these stays that covers `index`. */
export const covering = (stays: readonly Stay[], index: number): Stay | undefined => {
  let low = 0;
  let high = stays.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stays[middle]!.since <= index) low = middle + 1;
    else high = middle;
  }
  const stay = stays[low - 1];
  return stay !== undefined && index < stay.until ? stay : undefined;
};

/** The first position in a sorted list whose index is above `index`. */
export const firstAfter = (list: readonly { readonly index: number }[], index: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.index <= index) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * Whether what a server holds at the end is what the history comes to: texts, deleted messages, reactions and pins,
 * rooms, people, marks.
 */
import { attachedTo, type Content, type MessageContent } from './content.ts';
import type { Faults } from './faults.ts';
import { peopleOf, type ServerContent, type Shown } from './history.ts';
import type { Marks } from './marks.ts';

/** One server's content. */
export const checkContent = (held: ServerContent, content: Content, marks: Marks, faults: Faults): void => {
  for (const room of content.rooms.values()) {
    checkMessages(held.server, held.messages.get(room.id) ?? [], room.messages, faults);
  }
  const isConversation = ({ room }: { readonly room: string }): boolean => content.conversations.has(room);
  for (const { room, index } of content.conversations.values()) checkConversation(held, room, index, faults);
  const rooms = held.rooms.filter(({ id }) => !content.conversations.has(id));
  checkRooms({ ...held, rooms }, content, faults);
  const members = held.members.filter((row) => !isConversation(row));
  checkMembers({ ...held, members }, content, marks, faults);
};

/** It is there once, with its people, for whom all of before counts as read. */
const checkConversation = (held: ServerContent, key: string, index: number, faults: Faults): void => {
  const people = peopleOf(key);
  const rooms = held.rooms.filter(({ id }) => id === key);
  const rows = held.members.filter(({ room, readIndex }) => room === key && readIndex === index);
  const where = `${held.server} ${key}`;
  if (rooms.length > 1) faults.add('duplicated', () => `${held.server} holds the conversation of ${key} twice`, where);
  const isWhole =
    rooms[0]?.members === people.length && people.every((one) => rows.some(({ person }) => person === one));
  if (!isWhole) faults.add('lost', () => `${held.server} does not hold the conversation of ${key} as it is`, where);
  for (const { person } of held.members.filter(({ room }) => room === key)) {
    if (people.includes(person)) continue;
    faults.add('phantoms', () => `${held.server} has ${person} in the conversation of ${key}`, where);
  }
};

const checkMessages = (
  server: string,
  shown: readonly Shown[],
  expected: readonly MessageContent[],
  faults: Faults,
): void => {
  const missing = new Map<string, MessageContent>();
  const extra: Shown[] = [];
  let at = 0;
  for (const message of shown) {
    for (; at < expected.length && expected[at]!.index < message.index; at++)
      missing.set(expected[at]!.id, expected[at]!);
    const known = expected[at];
    if (known?.id !== message.id || known.index !== message.index) {
      extra.push(message);
      continue;
    }
    at++;
    checkVersion(server, message, known, faults);
    checkAttached(server, message, known, faults);
  }
  for (; at < expected.length; at++) missing.set(expected[at]!.id, expected[at]!);

  for (const { id, index } of extra) {
    const moved = missing.get(id);
    missing.delete(id);
    const fault = moved === undefined ? 'phantoms' : 'reordered';
    faults.add(
      fault,
      () => `${server} holds message ${id} at ${index}, and it belongs ${moved?.index ?? 'nowhere'}`,
      id,
    );
  }
  for (const { id, index } of missing.values()) {
    faults.add('lost', () => `${server} does not hold message ${id} of ${index}`, id);
  }
};

const checkVersion = (server: string, { id, content }: Shown, { versions }: MessageContent, faults: Faults): void => {
  const last = versions.at(-1)!;
  if (content === last.content) return;
  const older = versions.find((version) => version.content === content);
  if (older === undefined) faults.add('phantoms', () => `${server} holds message ${id} with what nobody wrote`, id);
  else {
    const message = () =>
      `${server} holds message ${id} as it was at ${older.index}, before it changed at ${last.index}`;
    faults.add('lost', message, id);
  }
};

const checkAttached = (server: string, { id, attached }: Shown, known: MessageContent, faults: Faults): void => {
  if (attached === undefined) return;
  const expected = attachedTo(known);
  for (const what of expected) {
    if (attached.includes(what)) continue;
    faults.add('lost', () => `${server} does not hold ${what} at message ${id}`, `${id} ${what}`);
  }
  for (const [at, what] of attached.entries()) {
    if (expected.includes(what) && attached.indexOf(what) === at) continue;
    const isTwice = expected.includes(what);
    const message = () => `${server} holds ${what} at message ${id}${isTwice ? ' twice' : ', which is not there'}`;
    faults.add(isTwice ? 'duplicated' : 'phantoms', message, `${id} ${what}`);
  }
};

const checkRooms = ({ server, rooms }: ServerContent, content: Content, faults: Faults): void => {
  const held = new Map(rooms.map((room) => [room.id, room]));
  for (const { id, census, facts } of content.rooms.values()) {
    const room = held.get(id);
    const { members } = census.at(-1)!;
    held.delete(id);
    if (room === undefined) faults.add('lost', () => `${server} does not hold room ${id}`, id);
    else if (room.content !== facts.at(-1)!.content)
      faults.add('lost', () => `${server} holds room ${id} with another name or topic, or archived otherwise`, id);
    else if (room.members !== members) {
      faults.add('lost', () => `${server} counts ${room.members} people in room ${id}, and they are ${members}`, id);
    }
  }
  for (const id of held.keys()) faults.add('phantoms', () => `${server} holds room ${id}, which nobody made`, id);
};

const checkMembers = ({ server, members }: ServerContent, content: Content, marks: Marks, faults: Faults): void => {
  const held = new Map(members.map((row) => [`${row.person} ${row.room}`, row]));
  for (const { id: room, stays } of content.rooms.values()) {
    for (const [person, [...all]] of stays) {
      const row = held.get(`${person} ${room}`);
      held.delete(`${person} ${room}`);
      const isIn = all.at(-1)!.until === Number.POSITIVE_INFINITY;
      const where = `${server} ${person} ${room}`;
      if (isIn !== (row !== undefined)) {
        const message = () => `${server} says that ${person} is ${row ? '' : 'not '}in room ${room}`;
        faults.add('lost', message, where);
      } else if (row !== undefined) {
        const { index, perhaps } = marks.positionOf(person, room);
        const isRight = row.readIndex === index || (row.readIndex > index && perhaps.includes(row.readIndex));
        const message = () =>
          `${server} says that ${person} has read room ${room} up to ${row.readIndex}, not ${index}`;
        if (!isRight) faults.add('lost', message, where);
      }
    }
  }
  for (const [where, { person, room }] of held) {
    faults.add('phantoms', () => `${server} says that ${person} is in room ${room}, which they never entered`, where);
  }
};

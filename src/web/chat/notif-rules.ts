/** Which messages a person is told about while they look elsewhere, and what the title and the icon count. Pure. */
import type { ChatEvent, Message, Room, User } from '../../client/index.ts';
import { isWaiting } from './sidebar-sections.ts';

/** Whether a message is worth a notification to `you`, by what they said about its room. */
export const isWorthTelling = (message: Message, room: Room, you: string): boolean => {
  if (message.by === you || message.deleted || !room.joined || room.notify === 'none') return false;
  if (message.index <= room.readIndex) return false;
  if (room.notify === 'all') return true;
  return message.mentions?.includes(you) === true || message.mentions?.includes('room') === true;
};

export interface Told {
  readonly room: Room;
  readonly message: Message;
}

/** Of a batch of events what is told: of each room only the newest, because whoever was away needs no list. */
export const toldOf = (
  events: readonly ChatEvent[],
  rooms: ReadonlyMap<string, Room>,
  you: string,
): readonly Told[] => {
  const newest = new Map<string, Told>();
  for (const event of events) {
    if (event.type !== 'message.posted') continue;
    const { message } = event;
    const room = rooms.get(message.room);
    if (!room || !isWorthTelling(message, room, you)) continue;
    newest.delete(room.id);
    newest.set(room.id, { room, message });
  }
  return [...newest.values()];
};

const bodyMaxChars = 200;

/** A message as a line of plain text: without the marks of Markdown, and not too long. */
export const lineOf = (text: string): string => {
  const plain = text
    .replace(/```\w*\n?/g, '')
    .replace(/(?<![\p{L}\p{N}])(\*\*|__|~~|[*_`])(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > bodyMaxChars ? `${plain.slice(0, bodyMaxChars - 1)}…` : plain;
};

export interface Waiting {
  /** Messages that name one, and those of conversations between people. */
  readonly forYou: number;
  /** All that is unread where one wants to be told. */
  readonly unread: number;
}

export const waitingIn = (rooms: ReadonlyMap<string, Room>): Waiting => {
  let forYou = 0;
  let unread = 0;
  for (const room of rooms.values()) {
    if (!room.joined || !isWaiting(room)) continue;
    forYou += room.access === 'direct' ? room.unread : room.mentions;
    unread += room.notify === 'none' ? room.mentions : room.unread;
  }
  return { forYou, unread };
};

/** The beginning of the window's title: `(@2) ` when something is meant for one, `(5) ` when something is unread. */
export const titleMark = ({ forYou, unread }: Waiting): string => {
  if (forYou > 0) return `(@${forYou}) `;
  return unread > 0 ? `(${unread}) ` : '';
};

/** Who wrote, as others know them now. */
export const authorOf = (message: Message, users: ReadonlyMap<string, User>): string =>
  users.get(message.by)?.name ?? message.name;

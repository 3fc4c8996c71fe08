/** What the written forms of a room share. */
import type { Message, Room } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import type { Zone } from '../search/zone.ts';

/** A room that is being written out, for somebody who may read it. */
export interface Writing {
  readonly edge: Edge;
  readonly room: Room;
  readonly userId: string;
  /** Index of the newest entry that is in it. */
  readonly upto: number;
  readonly zone: Zone;
  readonly messages: AsyncIterable<readonly Message[]>;
}

/** Gives a person's name by their id, each looked up once. */
export const namesIn = (edge: Edge): ((id: string) => string) => {
  const known = new Map<string, string>();
  return (id) => {
    const name = known.get(id) ?? edge.chat.user(id)?.name ?? id;
    known.set(id, name);
    return name;
  };
};

/** What a room is called: its name, or that of a conversation, whom it is with. */
export const titleOf = (room: Room, userId: string, nameOf: (id: string) => string): string => {
  if (room.with === undefined) return room.name;
  const others = room.with.filter((id) => id !== userId);
  return (others.length === 0 ? [userId] : others).map(nameOf).join(', ');
};

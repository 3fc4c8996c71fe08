/** Events as the checker knows them, and each kept once in memory however many clients receive it. */
import { type ChatEvent, generalRoom } from '../../protocol/index.ts';
import { type Entry, peopleKey } from '../checker/index.ts';

/** What of a room is compared. */
export const factsOf = (name: string, topic: string, isArchived = false): string =>
  `${name}\n${topic}${isArchived ? '\narchived' : ''}`;

/** What a reaction is called on a message; and a pin, which is the room's. */
export const reactionOf = (person: string, emoji: string): string => `${emoji} of ${person}`;
export const pinned = 'pin';

/** The name of the person with this id. */
export type NameOf = (id: string) => string;

/** What an event says, to a person of this name; null when the checker does not look at such events. */
export const entryOf = (event: ChatEvent, nameOf: NameOf, person: string): Entry | null => {
  const { index } = event;
  switch (event.type) {
    case 'message.posted':
    case 'message.edited': {
      const { id, room, text } = event.message;
      return { index, type: event.type === 'message.posted' ? 'posted' : 'edited', room, subject: id, content: text };
    }
    case 'message.deleted':
      return { index, type: 'deleted', room: event.message.room, subject: event.message.id, content: '' };
    case 'room.created': {
      if (event.room.with !== undefined) {
        const people = peopleKey(event.room.with.map(nameOf));
        return { index, type: 'opened', room: people, subject: people, content: '' };
      }
      const { id: room, createdBy, name, topic } = event.room;
      return { index, type: 'created', room, subject: nameOf(createdBy), content: factsOf(name, topic) };
    }
    case 'message.reacted': {
      const { on, room, messageId, user, emoji } = event;
      const type = on ? 'attached' : 'detached';
      return { index, type, room, subject: messageId, content: reactionOf(nameOf(user), emoji) };
    }
    case 'message.pinned': {
      const { room, id, pinned: pin } = event.message;
      return { index, type: pin === undefined ? 'detached' : 'attached', room, subject: id, content: pinned };
    }
    case 'room.changed': {
      const { id: room, name, topic, archived } = event.room;
      return { index, type: 'changed', room, subject: room, content: factsOf(name, topic, archived) };
    }
    case 'room.joined':
    case 'room.left': {
      // Everybody is in the one from the moment they exist, and a conversation is its people.
      if (event.room.id === generalRoom || event.room.with !== undefined) return null;
      const type = event.type === 'room.joined' ? 'joined' : 'left';
      return { index, type, room: event.room.id, subject: event.user.name, content: '' };
    }
    case 'read.marked':
      if (nameOf(event.user) !== person) return null;
      return { index, type: 'marked', room: event.room, subject: person, content: String(event.readIndex) };
    case 'room.notified':
    case 'user.joined':
    case 'user.changed':
      return null;
  }
};

const isSame = (one: Entry, other: Entry): boolean =>
  one.type === other.type && one.room === other.room && one.subject === other.subject && one.content === other.content;

/** Equal entries, made one: a run keeps millions, and its own memory must not slow down what it measures. */
export class Entries {
  readonly #byIndex = new Map<number, Entry[]>();

  /** The entry that was given first of all that are equal to this one. */
  intern(entry: Entry): Entry {
    const known = this.#byIndex.get(entry.index);
    if (known === undefined) {
      this.#byIndex.set(entry.index, [entry]);
      return entry;
    }
    const same = known.find((other) => isSame(other, entry));
    if (same === undefined) known.push(entry);
    return same ?? entry;
  }
}

/**
 * The stream's position, and which events are new: each is handed out once, in order, whatever the servers repeat.
 * Pure bookkeeping; `chat.ts` feeds it frames.
 *
 * Two marks. `position`: everything up to it has been handed out. Ahead of it, for each room, the newest index handed
 * out already: frames of one turn may overtake each other between rooms, never within one.
 */
import type { ChatEvent, EventsFrame } from '../protocol/index.ts';
import type { Continuity } from './types.ts';

interface Ahead {
  readonly index: number;
  /** Identities of the events at that index: one command may cause several in one place. */
  readonly seen: Set<string>;
}

/** What an event is about: two events of one index and place with the same are one. */
const identity = (event: ChatEvent): string => {
  switch (event.type) {
    case 'message.posted':
    case 'message.edited':
    case 'message.deleted':
    case 'message.pinned':
      return `${event.type} ${event.message.id}`;
    case 'message.reacted':
      return `${event.type} ${event.messageId} ${event.user} ${event.emoji}`;
    case 'room.created':
    case 'room.changed':
      return `${event.type} ${event.room.id}`;
    case 'room.joined':
    case 'room.left':
      return `${event.type} ${event.room.id} ${event.user.id}`;
    case 'user.joined':
    case 'user.changed':
      return `${event.type} ${event.user.id}`;
    case 'room.notified':
      return `${event.type} ${event.room}`;
    case 'read.marked':
      return `${event.type} ${event.room} ${event.user}`;
  }
};

export class Stream {
  #position: number | null;
  /** By room, null being the workspace; only what is ahead of the position. */
  readonly #ahead = new Map<string | null, Ahead>();

  /** @param after the position to resume from, or null to begin where the server is */
  constructor(after: number | null) {
    this.#position = after;
  }

  /** Everything up to here has been handed out; null before the first welcome of a stream without `after`. */
  get position(): number | null {
    return this.#position;
  }

  /** Takes a welcome's index; says how what follows continues what was. */
  resume(index: number): Continuity {
    if (this.#position === null) {
      this.#position = index;
      return 'fresh';
    }
    if (index === this.#position) return 'recovered';
    this.reset(index);
    return 'reset';
  }

  /** The stream goes on after `index`, wherever the position was: behind it, or in a log that is gone. */
  reset(index: number): void {
    this.#position = index;
    this.#ahead.clear();
  }

  /** Begins anew where the next server is, for another person. */
  restart(): void {
    this.#position = null;
    this.#ahead.clear();
  }

  /** The events of a frame that are new, in order. */
  accept(frame: EventsFrame): readonly ChatEvent[] {
    const floor = this.#position ?? 0;
    const fresh: ChatEvent[] = [];
    for (const event of frame.events) {
      if (event.index <= floor) continue;
      const ahead = this.#ahead.get(frame.room);
      if (ahead !== undefined && event.index < ahead.index) continue;
      const mark = identity(event);
      if (ahead === undefined || event.index > ahead.index) {
        this.#ahead.set(frame.room, { index: event.index, seen: new Set([mark]) });
      } else {
        if (ahead.seen.has(mark)) continue;
        ahead.seen.add(mark);
      }
      fresh.push(event);
    }
    this.#advance(frame.upto);
    return fresh;
  }

  #advance(index: number): void {
    if (this.#position !== null && index <= this.#position) return;
    this.#position = index;
    for (const [room, ahead] of this.#ahead) if (ahead.index <= index) this.#ahead.delete(room);
  }
}

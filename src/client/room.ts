/**
 * A room's handle. Events name rooms by id; a handle made with a room's name asks for the id when somebody first listens,
 * and keeps what comes meanwhile (bounded), so that nothing is missed and the order holds. Once the id is known, that is
 * what the room is called by: a room may get another name.
 */

import { type ChatEvent, EstafetError, generalRoom, isCommandId, limits } from '../protocol/index.ts';
import { emitter } from './emitter.ts';
import { roomCalls } from './room-calls.ts';
import type { RoomHandle, RoomSignals } from './room-types.ts';
import type { Chat } from './types.ts';

const typingIntervalMs = 1_000;

export interface RoomHost {
  readonly chat: Chat;
  /** Sends a typing cast, when online. */
  cast(room: string): void;
  /** What a handler or a look-up threw. */
  failed(error: unknown): void;
}

type Name = keyof RoomSignals;
/** What a handler is told, and of which room. */
type Heard<K extends Name = Name> = {
  [P in K]: { readonly room: string; readonly name: P; readonly value: RoomSignals[P] };
}[K];

const heardIn = (event: ChatEvent): Heard | null => {
  switch (event.type) {
    case 'message.posted':
      return { room: event.message.room, name: 'message', value: event.message };
    case 'message.edited':
      return { room: event.message.room, name: 'edited', value: event.message };
    case 'message.deleted':
      return { room: event.message.room, name: 'deleted', value: event.message };
    case 'message.pinned':
      return { room: event.message.room, name: 'pinned', value: event.message };
    case 'message.reacted':
      return { room: event.room, name: 'reacted', value: event };
    case 'room.changed':
      return { room: event.room.id, name: 'changed', value: event.room };
    case 'room.joined':
      return { room: event.room.id, name: 'joined', value: event.user };
    case 'room.left':
      return { room: event.room.id, name: 'left', value: event.user };
    case 'room.notified':
      return { room: event.room, name: 'notified', value: event.level };
    case 'read.marked':
      return { room: event.room, name: 'read', value: event };
    case 'room.created':
    case 'user.joined':
    case 'user.changed':
      return null;
  }
};

/** A room that is known by its id from the start needs no look-up. */
const idOf = (ref: string): string | null => (ref === generalRoom || isCommandId(ref) ? ref : null);

export const roomHandle = (ref: string, { chat, cast, failed }: RoomHost): RoomHandle => {
  const signals = emitter<RoomSignals>(failed);
  let id = idOf(ref);
  const calls = roomCalls(() => id ?? ref, chat);
  let listening = false;
  let asking = false;
  /** The last answer was that there is no such room; an event says so when there is. */
  let absent = false;
  let held: Heard[] = [];
  let typedAt = Number.NEGATIVE_INFINITY;

  const deliver = <K extends Name>(heard: Heard<K>): void => {
    if (heard.room === id) signals.emit(heard.name, heard.value);
  };

  const resolved = (found: string): void => {
    id = found;
    const waiting = held;
    held = [];
    for (const heard of waiting) deliver(heard);
  };

  const take = (heard: Heard): void => {
    if (id !== null) {
      deliver(heard);
    } else if (!absent) {
      held.push(heard);
      if (held.length > limits.pageMaxMessages * 5) held.shift();
      look();
    }
  };

  /** Asks for the id; when that fails, the next event or the next connection asks again. */
  const look = (): void => {
    if (id !== null || asking || chat.state.kind !== 'online') return;
    asking = true;
    calls
      .info()
      .then((room) => {
        if (id === null) resolved(room.id);
      })
      .catch((error: unknown) => {
        if (error instanceof EstafetError && error.code === 'no-such-room') {
          absent = true;
          held = [];
        } else if (chat.state.kind === 'online') failed(error);
      })
      .finally(() => {
        asking = false;
      });
  };

  const listen = (): void => {
    if (listening) return;
    listening = true;
    chat.on('event', (event) => {
      const facts = 'room' in event && typeof event.room === 'object' ? event.room : null;
      if (id === null && facts?.name === ref && event.type !== 'room.left') resolved(facts.id);
      const heard = heardIn(event);
      if (heard !== null) take(heard);
    });
    chat.on('typing', (typing) => take({ room: typing.room, name: 'typing', value: typing }));
    chat.on('state', () => {
      absent = false;
      look();
    });
    look();
  };

  return {
    ref,
    ...calls,
    on: (name, handler) => {
      listen();
      return signals.on(name, handler);
    },
    typing: () => {
      const now = performance.now();
      if (now - typedAt < typingIntervalMs) return;
      typedAt = now;
      cast(id ?? ref);
    },
  };
};

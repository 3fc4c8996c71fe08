/**
 * A room's handle. Events name rooms by id; a handle made with a room's name asks for the id when somebody first listens,
 * and keeps what comes meanwhile (bounded), so that nothing is missed and the order holds.
 */

import type { MessagePage } from '../protocol/index.ts';
import { type ChatEvent, EstafetError, generalRoom, isCommandId, limits, type Room } from '../protocol/index.ts';
import { emitter } from './emitter.ts';
import type { Chat, RoomHandle, RoomSignals, Typing } from './types.ts';

const typingIntervalMs = 1_000;

export interface RoomHost {
  readonly chat: Chat;
  /** Sends a typing cast, when online. */
  cast(room: string): void;
  /** What a handler or a look-up threw. */
  failed(error: unknown): void;
}

const signalOf = { 'message.posted': 'message', 'message.edited': 'edited', 'message.deleted': 'deleted' } as const;

type MessageEvent = Extract<ChatEvent, { type: keyof typeof signalOf }>;
type Heard =
  | { readonly room: string; readonly event: MessageEvent }
  | { readonly room: string; readonly typing: Typing };

const isMessageEvent = (event: ChatEvent): event is MessageEvent => Object.hasOwn(signalOf, event.type);

/** A room that is known by its id from the start needs no look-up. */
const idOf = (ref: string): string | null => (ref === generalRoom || isCommandId(ref) ? ref : null);

export const roomHandle = (ref: string, { chat, cast, failed }: RoomHost): RoomHandle => {
  const signals = emitter<RoomSignals>(failed);
  const path = `/api/v1/rooms/${encodeURIComponent(ref)}`;
  let id = idOf(ref);
  let listening = false;
  let asking = false;
  /** The last answer was that there is no such room; an event says so when there is. */
  let absent = false;
  let held: Heard[] = [];
  let typedAt = Number.NEGATIVE_INFINITY;

  const info = async (): Promise<Room> => (await chat.request('GET', path)) as Room;

  const deliver = (heard: Heard): void => {
    if (heard.room !== id) return;
    if ('typing' in heard) signals.emit('typing', heard.typing);
    else signals.emit(signalOf[heard.event.type], heard.event.message);
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
    info()
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
      if ((event.type === 'room.created' || event.type === 'room.joined') && event.room.name === ref && id === null) {
        resolved(event.room.id);
      }
      if (isMessageEvent(event)) take({ room: event.message.room, event });
    });
    chat.on('typing', (typing) => take({ room: typing.room, typing }));
    chat.on('state', () => {
      absent = false;
      look();
    });
    look();
  };

  return {
    ref,
    send: async (text, options) => {
      const { id: message, index, stored } = await chat.do('message.post', { room: ref, text }, options);
      return { id: message, index, stored };
    },
    on: (name, handler) => {
      listen();
      return signals.on(name, handler);
    },
    history: async (query = {}) => {
      const search = new URLSearchParams();
      for (const key of ['before', 'after', 'limit'] as const) {
        const value = query[key];
        if (value !== undefined) search.set(key, String(value));
      }
      const tail = search.size === 0 ? '' : `?${search}`;
      return (await chat.request('GET', `${path}/messages${tail}`)) as MessagePage;
    },
    info,
    typing: () => {
      const now = performance.now();
      if (now - typedAt < typingIntervalMs) return;
      typedAt = now;
      cast(id ?? ref);
    },
    markRead: (index) => chat.do('read.mark', { room: ref, index }),
    join: () => chat.do('room.join', { room: ref }),
    leave: () => chat.do('room.leave', { room: ref }),
  };
};

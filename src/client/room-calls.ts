/** What a room's handle does by a command or a request: one line each. */
import type { ClientCommandKind, CommandBody, Member, Message, MessagePage, Room, Wording } from '../protocol/index.ts';
import type { Result } from './common-types.ts';
import { listIn, queryOf } from './requests.ts';
import type { RoomHandle } from './room-types.ts';

/** What of a connection the calls need. */
export interface Caller {
  do<K extends ClientCommandKind>(kind: K, body: CommandBody<K>, options?: { readonly id?: string }): Promise<Result>;
  request(method: string, path: string): Promise<unknown>;
}

export type RoomCalls = Omit<RoomHandle, 'ref' | 'on' | 'typing'>;

/** @param ref the room's id, or its name as long as the id is not known */
export const roomCalls = (ref: () => string, chat: Caller): RoomCalls => {
  const get = (tail: string): Promise<unknown> =>
    chat.request('GET', `/api/v1/rooms/${encodeURIComponent(ref())}${tail}`);
  const ask = (message: string, tail: string): Promise<unknown> =>
    chat.request('GET', `/api/v1/messages/${encodeURIComponent(message)}${tail}`);
  return {
    info: async () => (await get('')) as Room,
    history: async (query = {}) => (await get(`/messages${queryOf(query)}`)) as MessagePage,
    members: async () => listIn<Member>(await get('/members'), 'members'),
    pins: async () => listIn<Message>(await get('/pins'), 'messages'),
    send: async (text, { id: given, replyTo, files } = {}) => {
      const body = {
        room: ref(),
        text,
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(files === undefined ? {} : { files: [...files] }),
      };
      const { id, index, stored } = await chat.do('message.post', body, given === undefined ? {} : { id: given });
      return { id, index, stored };
    },
    edit: (message, text) => chat.do('message.edit', { message, text }),
    delete: (message) => chat.do('message.delete', { message }),
    react: (message, emoji) => chat.do('message.react', { message, emoji, on: true }),
    unreact: (message, emoji) => chat.do('message.react', { message, emoji, on: false }),
    pin: (message) => chat.do('message.pin', { message, on: true }),
    unpin: (message) => chat.do('message.pin', { message, on: false }),
    wordings: async (message) => listIn<Wording>(await ask(message, '/wordings'), 'wordings'),
    replies: async (message) => listIn<Message>(await ask(message, '/replies'), 'messages'),
    markRead: (index) => chat.do('read.mark', { room: ref(), index }),
    join: () => chat.do('room.join', { room: ref() }),
    leave: () => chat.do('room.leave', { room: ref() }),
    invite: (user) => chat.do('room.invite', { room: ref(), user }),
    remove: (user) => chat.do('room.remove', { room: ref(), user }),
    change: (facts) => chat.do('room.edit', { room: ref(), ...facts }),
    archive: (archived = true) => chat.do('room.archive', { room: ref(), archived }),
    setNotify: (level) => chat.do('room.notify', { room: ref(), level }),
  };
};

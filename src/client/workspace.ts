/** What `Chat` asks of the workspace by a command or a request, besides what concerns one room. */
import {
  type ClientCommandKind,
  type CommandBody,
  EstafetError,
  type Message,
  type Room,
  type SearchPage,
  type SessionView,
  type TopologyView,
  type User,
} from '../protocol/index.ts';
import type { Result } from './common-types.ts';
import { listIn, queryOf } from './requests.ts';
import type { RoomHandle } from './room-types.ts';
import type { Workspace } from './workspace-types.ts';

export interface WorkspaceHost {
  do<K extends ClientCommandKind>(kind: K, body: CommandBody<K>, options?: { readonly id?: string }): Promise<Result>;
  /** Gives the JSON of the answer to a request below `/api/v1`. */
  request(method: string, path: string, body?: unknown): Promise<unknown>;
  room(ref: string): RoomHandle;
  newId(): string;
}

export const workspaceCalls = (host: WorkspaceHost): Workspace => {
  const get = (path: string): Promise<unknown> => host.request('GET', path);
  return {
    rooms: async () => listIn<Room>(await get('/rooms'), 'rooms'),
    users: async () => listIn<User>(await get('/users'), 'users'),
    session: async () => (await get('/session')) as SessionView,
    topology: async () => (await get('/topology')) as TopologyView,
    message: async (id) => (await get(`/messages/${encodeURIComponent(id)}`)) as Message,
    search: async (q, query = {}) => (await get(`/search${queryOf({ q, ...query })}`)) as SearchPage,
    createRoom: async (name, { id: given, ...facts } = {}) => {
      const { id } = await host.do('room.create', { name, ...facts }, given === undefined ? {} : { id: given });
      return host.room(id);
    },
    direct: async (users) => {
      const { outcome } = await host.do('direct.open', { users: [...users] });
      if (outcome.ok && outcome.room !== undefined) return host.room(outcome.room);
      throw new EstafetError('internal', 'The server did not say which conversation it opened.');
    },
    profile: (facts) => host.do('profile.edit', facts),
    setRole: (user, role) => host.do('user.role', { user, role }),
    setPassword: async (password, current) => {
      const change = { id: host.newId(), password, ...(current === undefined ? {} : { current }) };
      await host.request('PUT', '/password', change);
    },
  };
};

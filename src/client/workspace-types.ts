/** What can be asked of the workspace, and done in it, besides what concerns one room. */
import type {
  CommandBody,
  Message,
  Role,
  Room,
  RoomAccess,
  SearchPage,
  SessionView,
  TopologyView,
  User,
} from '../protocol/index.ts';
import type { Result } from './common-types.ts';
import type { RoomHandle } from './room-types.ts';

export interface SearchQuery {
  /** The `next` of the page before. */
  readonly before?: number;
  readonly limit?: number;
  /** The time zone that days are of, by its IANA name; UTC when it is not named. */
  readonly zone?: string;
}

export interface CreateRoomOptions {
  readonly id?: string;
  readonly topic?: string;
  /** `open` unless given. */
  readonly access?: Exclude<RoomAccess, 'direct'>;
}

export interface Workspace {
  rooms(): Promise<readonly Room[]>;
  users(): Promise<readonly User[]>;
  session(): Promise<SessionView>;
  topology(): Promise<TopologyView>;
  /** One message, wherever it is. */
  message(id: string): Promise<Message>;
  /** Messages with these words; `from:`, `in:`, `has:`, `before:` and `after:` narrow it. The newest first. */
  search(words: string, query?: SearchQuery): Promise<SearchPage>;
  /** Makes a room, with oneself in it. */
  createRoom(name: string, options?: CreateRoomOptions): Promise<RoomHandle>;
  /** Opens the conversation of oneself and these people, by their ids: the one there is, or a new one. */
  direct(users: readonly string[]): Promise<RoomHandle>;
  /** Changes what one says of oneself. An empty `avatar` takes the picture away. */
  profile(facts: CommandBody<'profile.edit'>): Promise<Result>;
  /** Gives somebody another role. */
  setRole(user: string, role: Role): Promise<Result>;
  /** Sets one's password, and ends one's other sessions. Who has one already shows it as `current`. */
  setPassword(password: string, current?: string): Promise<void>;
}

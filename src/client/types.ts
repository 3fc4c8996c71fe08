/** The types of the SDK's public API. */
import type {
  ChannelName,
  ChannelNews,
  ChannelWords,
  ChatEvent,
  ClientCommandKind,
  ClusterBrief,
  CommandBody,
  ErrorCode,
  User,
} from '../protocol/index.ts';
import type { Result, Typing, Unsubscribe } from './common-types.ts';
import type { Outbox } from './outbox.ts';
import type { RoomHandle } from './room-types.ts';
import type { Workspace } from './workspace-types.ts';

/** How `connect` is told what to do. */
export interface ConnectOptions {
  /**
   * Addresses (`http://host:port`) to try, the first one first. The others of the cluster are learned from it. In a
   * browser an empty list means the page's own address.
   */
  readonly servers: readonly string[];
  /** A session's token. Without it the browser's cookie counts. */
  readonly token?: string;
  /** Position up to which the program has everything already; without it the stream begins now. */
  readonly after?: number;
  /** Where unanswered commands are kept; in memory unless given. */
  readonly outbox?: Outbox;
  /**
   * Id of the person whose session this was last time, if the program knows it: what is done before a server has said who
   * this is, is theirs, and sent by nobody else.
   */
  readonly you?: string;
}

/** How the events of a connection follow on what was there before it. */
export type Continuity =
  /** The first connection, without `after`: the stream begins now. */
  | 'fresh'
  /** Everything since the last position comes, nothing is missing. */
  | 'recovered'
  /** Too far behind: something is missing, reload through the API. */
  | 'reset';

/** Where the connection stands. `docs/sdk.md` has the table of states and events. */
export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly url: string; readonly losses: number }
  | { readonly kind: 'greeting'; readonly url: string; readonly losses: number }
  | { readonly kind: 'online'; readonly url: string; readonly server: string; readonly continuity: Continuity }
  | { readonly kind: 'backing-off'; readonly delayMs: number; readonly losses: number }
  | { readonly kind: 'signed-out'; readonly code: ErrorCode }
  | { readonly kind: 'closed' };

/** A command that waits for its answer: `pending` is not on a living socket yet, `sent` is. */
export interface PendingCommand {
  readonly id: string;
  readonly kind: ClientCommandKind;
  readonly body: unknown;
  readonly state: 'pending' | 'sent';
  /** It is in an outbox that outlives the program. */
  readonly kept?: true;
}

/** A step in a command's life: `pending` → `sent` (→ `pending` when the socket dies) → `done` or `refused`. */
export type CommandProgress =
  | PendingCommand
  | (Omit<PendingCommand, 'state'> & { readonly state: 'done'; readonly index: number; readonly stored: number })
  | (Omit<PendingCommand, 'state'> & { readonly state: 'refused'; readonly code: ErrorCode });

/** What `chat.on` can listen to, and what a handler gets. */
export interface ChatSignals {
  readonly state: ConnectionState;
  /** Every event of the stream, once, in order. */
  readonly event: ChatEvent;
  /**
   * Events after `from` (the position till then) up to `index` are missing: reload what is shown through the API. The
   * stream goes on after `index`; that is below `from` when the cluster's log is another one.
   */
  readonly reset: { readonly from: number; readonly index: number };
  readonly cluster: ClusterBrief;
  /** Ids of the people who are online. */
  readonly presence: readonly string[];
  readonly typing: Typing;
  /** Every step of every command, those of an earlier run in a lasting outbox included. */
  readonly sent: CommandProgress;
  /** A handler or the outbox threw. Without a handler for it, it goes to `console.error`. */
  readonly error: unknown;
}

/** A connection to a cluster. Errors are `EstafetError`s with a stable code. */
export interface Chat extends Workspace {
  readonly state: ConnectionState;
  /** The person, once online. */
  readonly you: User | null;
  /** Name of the server that the socket ends at. */
  readonly server: string | null;
  /** Address for HTTP: of the server that the socket ends at, or the likeliest one. For links to files and the like. */
  readonly url: string;
  /** What the cluster last said of itself. */
  readonly cluster: ClusterBrief | null;
  /** The position up to which every event has been handed out; 0 before the first. Save it to resume with `after`. */
  readonly position: number;
  /** How far the cluster's clock is ahead of this one, in milliseconds. */
  readonly clockOffsetMs: number;
  /** Commands without an answer, in order. */
  readonly pending: readonly PendingCommand[];

  on<K extends keyof ChatSignals>(name: K, handler: (value: ChatSignals[K]) => void): Unsubscribe;
  /** Resolves when online. Rejects when signed out or closed. */
  ready(): Promise<void>;
  room(ref: string): RoomHandle;
  /**
   * Hears the news of a channel, on this connection and on every one after it, until what is returned is called. News are
   * best effort: they are left out while this client does not keep up, and whole again a moment later.
   */
  watch<C extends ChannelName>(channel: C, handler: (news: ChannelNews[C]) => void): Unsubscribe;
  /** Says something to a channel that is watched. False when it was not sent: this client is not online. */
  say<C extends ChannelName>(channel: C, body: ChannelWords[C]): boolean;
  /** A new command id from the cluster's clock. */
  newId(): string;
  /**
   * Does a command. Resolves when it is committed, and goes on trying through losses of servers, with one effect.
   * Rejects with the code of the refusal, with `overloaded` at once when the outbox is full, and at `close()` with
   * `shutting-down` (it never left) or `unknown` (it may have been done).
   */
  do<K extends ClientCommandKind>(kind: K, body: CommandBody<K>, options?: { readonly id?: string }): Promise<Result>;

  /**
   * Any address of the HTTP API, as `/api/v1/…`; resolves with the JSON answer. A GET is tried on every known server;
   * anything else only until one server may have taken it (then `unknown`).
   */
  request(method: string, path: string, body?: unknown): Promise<unknown>;

  /** Makes a person of this name and signs in as them: by cookie in a browser, else by the returned token. */
  join(name: string, device?: string): Promise<{ readonly user: User; readonly token: string | null }>;
  /** Signs in as somebody who has a password: by cookie in a browser, else by the returned token. */
  signInWith(
    name: string,
    password: string,
    device?: string,
  ): Promise<{ readonly user: User; readonly token: string | null }>;
  /** Tries again after `signed-out`, with another token if given (else with the cookie or the token of before). */
  signIn(token?: string): void;
  /** Ends the session, on every server. */
  signOut(): Promise<void>;
  /** A hint to look at the connection at once: the machine woke up, the network is back. */
  wake(): void;
  /** Ends it: settles everything, leaves no timer and no socket. */
  close(): void;
}

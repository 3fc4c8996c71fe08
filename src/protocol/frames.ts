/**
 * Frames of the socket at `/ws`, subprotocol `estafet.v1`: JSON, one object a text frame, told apart by `type`.
 *
 * Client → server: `hello` first, then `do`, `cast`, `watch`, `say` and `ping` in any order.
 * Server → client: `welcome`, then `done`/`error` for each `do`, `events` as they are committed, `cast`, `servers`
 * whenever the topology changes, `news` of the channels that are watched, and `pong` for each `ping`.
 */
import { type Static, Type } from 'typebox';
import { ChannelName } from './channels.ts';
import type { Outcome } from './commands.ts';
import { CommandId } from './commands.ts';
import type { ErrorBody } from './errors.ts';
import type { ChatEvent } from './events.ts';
import type { ServerRole, User } from './views.ts';

const closed = { additionalProperties: false } as const;

/** What a client may send. */
export const clientFrames = {
  /**
   * The first frame. `token` unless the request carried a cookie; `after` is the index up to which the client has
   * everything, and without it the stream begins now.
   */
  hello: Type.Object(
    {
      type: Type.Literal('hello'),
      token: Type.Optional(Type.String({ maxLength: 200 })),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    closed,
  ),
  /** A command. `by` is whoever the session belongs to. */
  do: Type.Object(
    { type: Type.Literal('do'), id: CommandId, kind: Type.String({ maxLength: 40 }), body: Type.Unknown() },
    closed,
  ),
  /** Best effort, never stored: who is typing, and the like. */
  cast: Type.Object(
    { type: Type.Literal('cast'), topic: Type.Literal('typing'), room: Type.String({ minLength: 1, maxLength: 64 }) },
    closed,
  ),
  /** Begins or ends watching a channel. Watching twice is watching once; whoever connects again asks again. */
  watch: Type.Object({ type: Type.Literal('watch'), channel: ChannelName, on: Type.Boolean() }, closed),
  /** Something for a channel that is watched: best effort, never stored. Each channel says what it takes. */
  say: Type.Object({ type: Type.Literal('say'), channel: ChannelName, body: Type.Unknown() }, closed),
  /**
   * Is this socket alive? Answered at once with `pong`. Sent after a while of silence: a WebSocket's own pings cannot be
   * seen by a program in a browser, so they tell the server about the client but not the client about the server.
   */
  ping: Type.Object({ type: Type.Literal('ping') }, closed),
} as const;

export type HelloFrame = Static<typeof clientFrames.hello>;
export type DoFrame = Static<typeof clientFrames.do>;
export type CastFrame = Static<typeof clientFrames.cast>;
export type WatchFrame = Static<typeof clientFrames.watch>;
export type SayFrame = Static<typeof clientFrames.say>;
export type PingFrame = Static<typeof clientFrames.ping>;
export type ClientFrame = HelloFrame | DoFrame | CastFrame | WatchFrame | SayFrame | PingFrame;

/** A server in a `servers` frame: enough to know where to go and what to show. */
export interface ServerBrief {
  readonly name: string;
  readonly url: string;
  readonly role: ServerRole;
  readonly inSync: boolean;
  /** Index of the newest entry on its disk. */
  readonly last: number;
}

/** What `welcome` and `servers` say of the cluster. `front` is the address any live server answers, or null. */
export interface ClusterBrief {
  readonly epoch: number;
  readonly primary: string | null;
  readonly front: string | null;
  readonly servers: readonly ServerBrief[];
}

export interface WelcomeFrame extends ClusterBrief {
  readonly type: 'welcome';
  readonly you: User;
  /** The server that this socket ends at. */
  readonly server: string;
  /** The stream that follows begins after this index: `after` as asked for, or where the server is. */
  readonly index: number;
  /** The server's clock, ms since 1970, for ids and dates when the client's clock is wrong. */
  readonly at: number;
}

export interface ServersFrame extends ClusterBrief {
  readonly type: 'servers';
}

/** The answer to a `do`. `stored` says on how many servers' disks the command was when it was acknowledged. */
export interface DoneFrame {
  readonly type: 'done';
  readonly id: string;
  /** Index of the entry that took effect: for a retry, the first one. */
  readonly index: number;
  readonly outcome: Outcome;
  readonly stored: number;
}

/** A `do` with this id could not be taken or its end is not known; without an id, what the server has against the socket. */
export interface ErrorFrame extends ErrorBody {
  readonly type: 'error';
  readonly id?: string;
}

/**
 * Events of one room (or, with `room` null, of the workspace or of the person), in order. After this frame the client
 * has everything up to `upto`; `upto` may be less than an event's index when more frames of the same turn follow, so
 * a client drops events whose index is not above the last one it saw for that room.
 */
export interface EventsFrame {
  readonly type: 'events';
  readonly room: string | null;
  readonly upto: number;
  readonly events: readonly ChatEvent[];
}

/** The client is too far behind to be told each event: reload through the API, then go on after `index`. */
export interface ResetFrame {
  readonly type: 'reset';
  readonly index: number;
}

/** Someone types in a room. */
export interface TypingFrame {
  readonly type: 'cast';
  readonly topic: 'typing';
  readonly room: string;
  readonly user: string;
}

/** Ids of the people who have a socket open on any server, whenever that changes. */
export interface PresenceFrame {
  readonly type: 'cast';
  readonly topic: 'presence';
  readonly online: readonly string[];
}

/** What a watched channel says: best effort, left out for a client that does not keep up. */
export interface NewsFrame {
  readonly type: 'news';
  readonly channel: ChannelName;
  readonly body: object;
}

/** The answer to a `ping`. */
export interface PongFrame {
  readonly type: 'pong';
}

export type ServerFrame =
  | WelcomeFrame
  | ServersFrame
  | DoneFrame
  | ErrorFrame
  | EventsFrame
  | ResetFrame
  | TypingFrame
  | PresenceFrame
  | NewsFrame
  | PongFrame;

/**
 * What a run of the cluster looked like from outside: what was asked and answered, what was received, and what each
 * server tells and holds. Times are milliseconds of one monotonic clock, the one of the process that recorded them.
 * All lists are plain data, so that a history can be written down and checked again.
 */

/** What a command does. A kind of command that is new has its rule in `rules.ts`. */
export type EffectType =
  | 'posted'
  | 'edited'
  | 'deleted'
  /** A reaction or a pin, put on a message and taken off: the content says which, and whose. */
  | 'attached'
  | 'detached'
  | 'created'
  /** A room’s name, topic, or whether it is archived: the content is all of them. */
  | 'changed'
  /** A conversation: its room and its subject are its people (`peopleKey`). */
  | 'opened'
  | 'joined'
  | 'left'
  | 'marked';

/** How a conversation is called here: by the names of who is in it. The same people have one, for ever. */
export const peopleKey = (names: readonly string[]): string => [...new Set(names)].sort().join('+');
export const peopleOf = (key: string): readonly string[] => key.split('+');

/** What a command does when it takes effect; an event says the same. */
export interface Effect {
  readonly type: EffectType;
  readonly room: string;
  /** The message that something is done to; the room that is changed; for the others, the person who does it. */
  readonly subject: string;
  /** A text, a room's name and topic, a read position; empty where nothing more is to be said. */
  readonly content: string;
}

/** An effect and its place in the log. */
export interface Entry extends Effect {
  readonly index: number;
}

/** How an operation ended for the client that invoked it. `unknown`: no answer; it may have happened or not. */
export type OperationOutcome =
  | { readonly type: 'acknowledged'; readonly index: number }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown' };

/** One command of a client. All its retries, on whatever server, are this one operation: they share the id. */
export interface Operation {
  readonly client: string;
  /** The server that answered, or null when none did or it is not known. */
  readonly server: string | null;
  readonly id: string;
  /** What it was to do. Each text of a history is written by one operation only. */
  readonly effect: Effect;
  /** When the first attempt was sent. */
  readonly invokedAt: number;
  /** When the answer arrived; null when none did. */
  readonly completedAt: number | null;
  readonly outcome: OperationOutcome;
}

/** A message as a server shows it. `content` is null when it is deleted. */
export interface Shown {
  readonly index: number;
  readonly id: string;
  readonly content: string | null;
  /** Its reactions and pin, as effects name them; undefined where nobody looked at them. */
  readonly attached?: readonly string[];
}

interface Look {
  readonly client: string;
  /** The server that answered. */
  readonly server: string;
  readonly room: string;
  readonly invokedAt: number;
  readonly completedAt: number;
  /** How far the server had said, before it was asked, that it had applied the log; 0 when it was not asked that. */
  readonly applied: number;
}

/** One look at the newest page of a room: at most `limit` messages, oldest first. */
export interface PageRead extends Look {
  readonly what: 'page';
  readonly limit: number;
  readonly messages: readonly Shown[];
}

/** One look at a room: how many are in it, and whether the client is. */
export interface RoomRead extends Look {
  readonly what: 'room';
  readonly members: number;
  readonly joined: boolean;
}

export type Read = PageRead | RoomRead;

/** Everything one client received in `after < index <= upto`, in the order it arrived, over all reconnections. */
export interface Stream {
  readonly client: string;
  readonly after: number;
  readonly upto: number;
  readonly received: readonly Entry[];
}

/** What one server tells of the past, read from that server itself, in its order. Read marks are private, and not there. */
export interface ServerHistory {
  readonly server: string;
  readonly entries: readonly Entry[];
}

/** What one server holds at the end, read from that server itself. */
export interface ServerContent {
  readonly server: string;
  /** All messages of each room, in the server's order. */
  readonly messages: ReadonlyMap<string, readonly Shown[]>;
  readonly rooms: readonly { readonly id: string; readonly content: string; readonly members: number }[];
  /** Rooms that people are in, and up to where they have read. */
  readonly members: readonly { readonly person: string; readonly room: string; readonly readIndex: number }[];
}

/** A server lost its disk, and begins again with what the others tell it. */
export interface Loss {
  readonly server: string;
  /** When nothing of before comes from it any more. */
  readonly at: number;
}

export interface History {
  readonly operations: readonly Operation[];
  readonly reads: readonly Read[];
  readonly losses: readonly Loss[];
  readonly streams: readonly Stream[];
  readonly servers: readonly ServerHistory[];
  readonly contents: readonly ServerContent[];
}

/**
 * What a run of the cluster looked like from outside: what was asked and answered, what was received, and what each
 * server holds at the end. Times are milliseconds of one monotonic clock, the one of the process that recorded them.
 * All lists are plain data, so that a history can be written down and checked again.
 */

/** How an operation ended for the client that invoked it. `unknown`: no answer; it may have happened or not. */
export type OperationOutcome =
  | { readonly type: 'acknowledged'; readonly index: number }
  | { readonly type: 'refused'; readonly code: string }
  | { readonly type: 'unknown' };

/** One message that a client posted. All its retries, on whatever server, are this one operation: they share the id. */
export interface Operation {
  readonly client: string;
  /** The server that answered, or null when none did or it is not known. */
  readonly server: string | null;
  readonly id: string;
  readonly room: string;
  /** Hash of the text. Each operation of a history has a text of its own. */
  readonly content: string;
  /** When the first attempt was sent. */
  readonly invokedAt: number;
  /** When the answer arrived; null when none did. */
  readonly completedAt: number | null;
  readonly outcome: OperationOutcome;
}

/** One look at the newest page of a room. */
export interface Read {
  readonly client: string;
  /** The server that answered. */
  readonly server: string;
  readonly room: string;
  readonly invokedAt: number;
  readonly completedAt: number;
  /** The page, oldest first. */
  readonly entries: readonly { readonly index: number; readonly id: string }[];
}

/** One event as a client received it. `connection` counts that client's connections. */
export interface Received {
  readonly index: number;
  readonly id: string;
  readonly room: string;
  readonly connection: number;
}

/** Everything one client received while it was subscribed to `rooms`: it should have each entry in `after < index <= upto`. */
export interface Stream {
  readonly client: string;
  readonly rooms: readonly string[];
  readonly after: number;
  readonly upto: number;
  /** In the order it arrived, over all reconnections. */
  readonly received: readonly Received[];
}

/** One message as a server holds it. */
export interface Entry {
  readonly index: number;
  readonly id: string;
  readonly room: string;
  readonly content: string;
}

/** What one server holds at the end, read from that server itself, in its order. */
export interface ServerHistory {
  readonly server: string;
  readonly entries: readonly Entry[];
}

export interface History {
  readonly operations: readonly Operation[];
  readonly reads: readonly Read[];
  readonly streams: readonly Stream[];
  readonly servers: readonly ServerHistory[];
}

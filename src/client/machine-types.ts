/** The vocabulary of the connection machine: its states, the events it takes, and the effects it asks for. */
import type { ErrorCode } from '../protocol/index.ts';
import type { AddressBook, LearnedAddress } from './addresses.ts';
import type { Continuity } from './types.ts';

/** What every state carries. */
export interface Memory {
  readonly book: AddressBook;
  /** Number of the newest socket. */
  readonly sockets: number;
  /** Losses in a row since a connection last stood for `limits.clientTickMs`. */
  readonly losses: number;
  /** Servers in a row that did not know the session. */
  readonly refusals: number;
}

interface Own {
  readonly idle: object;
  readonly connecting: { readonly socket: number; readonly url: string };
  readonly greeting: { readonly socket: number; readonly url: string };
  readonly online: {
    readonly socket: number;
    readonly url: string;
    readonly server: string;
    readonly continuity: Continuity;
    /** Ticks in a row without a word from the server. */
    readonly quietTicks: number;
    /** Ticks since an unanswered ping, or null when none is. */
    readonly pingTicks: number | null;
  };
  readonly 'backing-off': { readonly delayMs: number };
  readonly 'signed-out': { readonly code: ErrorCode };
  readonly closed: object;
}

export type StateKind = keyof Own;
export type StateOf<K extends StateKind> = { readonly [Kind in K]: { readonly kind: Kind } & Memory & Own[Kind] }[K];
export type MachineState = StateOf<StateKind>;

interface Payloads {
  /** Begin. */
  readonly start: object;
  /** The socket is open. */
  readonly opened: { readonly socket: number };
  /** The server took the hello. */
  readonly welcome: {
    readonly socket: number;
    readonly server: string;
    readonly continuity: Continuity;
    readonly learned: readonly LearnedAddress[];
  };
  /** The stream has a gap: the client is too far behind. */
  readonly reset: { readonly socket: number };
  /** The server does not accept the session: there is no token (`not-signed-in`), or none that it knows. */
  readonly refused: { readonly socket: number; readonly code: 'not-signed-in' | 'session-ended' };
  /** The socket could not be opened. */
  readonly failed: { readonly socket: number };
  /** The socket was closed, by the other side or the network. */
  readonly closed: { readonly socket: number; readonly code: number };
  /** The timer rang. `heard`: a frame came since it was armed; `waiting`: commands are without their answer. */
  readonly timer: { readonly heard: boolean; readonly waiting: boolean };
  /** The cluster said who belongs to it. */
  readonly servers: { readonly learned: readonly LearnedAddress[] };
  /** A hint that the network is back, the machine woke up, or somebody looks. */
  readonly wake: object;
  /** A hint that the network is gone. */
  readonly offline: object;
  /** There is a session (again). `at`: an address known to work. */
  readonly 'sign-in': { readonly at: string | null };
  /** The person signed out here. */
  readonly 'sign-out': object;
  /** End. */
  readonly close: object;
}

export type EventType = keyof Payloads;
export type EventOf<T extends EventType> = { readonly [Type in T]: { readonly type: Type } & Payloads[Type] }[T];
export type MachineEvent = EventOf<EventType>;

/** What the shell is to do, in order. */
export type Effect =
  | { readonly do: 'open'; readonly socket: number; readonly url: string }
  | { readonly do: 'greet'; readonly socket: number }
  | { readonly do: 'ping'; readonly socket: number }
  | { readonly do: 'drop'; readonly socket: number }
  | { readonly do: 'arm'; readonly ms: number }
  | { readonly do: 'disarm' };

export interface Step {
  readonly state: MachineState;
  readonly effects: readonly Effect[];
}

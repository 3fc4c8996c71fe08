/** The clients of a run: what they share, and how they are made. */
import type { Actor } from './actor.ts';
import type { Entries, NameOf } from './events.ts';

/** What every client of the load is given. */
export interface LoadContext {
  readonly actor: Actor;
  readonly token: string;
  /** Addresses of all servers with their names, its own first one first. */
  readonly servers: readonly { readonly name: string; readonly url: string }[];
  /** Commands a second that it tries to send. */
  readonly rate: number;
  readonly entries: Entries;
  readonly nameOf: NameOf;
}

/** Sends commands until it is stopped. Resolves, at `stop`, when no more will be sent; answers may still come. */
export interface Client {
  stop(): Promise<void>;
}

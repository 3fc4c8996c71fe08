/**
 * What a server and its supervisor say to each other. The supervisor listens on this machine only, at the port that is
 * in its file, and asks for the machine's key: `GET /view` gives how it stands, `GET /watched` the same for somebody who watches, which keeps the audit
 * going, and `POST /orders` has something done.
 */
import type { ClusterActionResult, SupervisorView } from './cluster-views.ts';

/** The actions that are done to processes, by whoever runs them. */
export const orderedActions = ['kill', 'pause', 'resume', 'restart', 'wipe', 'add', 'remove', 'roll'] as const;
export type OrderedAction = (typeof orderedActions)[number];

/** What is to be done, and to which server. `add` and `roll` name none. */
export interface Order {
  readonly action: OrderedAction;
  readonly server?: string;
  /** The server that asks, which passes the answer on. */
  readonly asker?: string;
}

/** What was begun, and how everything stands since. */
export interface OrderAnswer {
  readonly result: ClusterActionResult;
  readonly view: SupervisorView;
}

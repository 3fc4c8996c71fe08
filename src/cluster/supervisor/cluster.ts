/** A cluster on this machine, as whoever starts one sees it: what it is asked for, what it tells, and what can be done to it. */
import type { AuditPanelView, OrderedAction, ServerRole } from '../../protocol/index.ts';
import type { CatchUpNews } from './catch-up.ts';
import type { ClusterShape } from './plan.ts';
import type { Death } from './server-process.ts';

/** Something that a person at the terminal wants to know. */
export type ClusterEvent =
  | { readonly what: 'started'; readonly name: string; readonly pid: number }
  | { readonly what: 'ready'; readonly name: string; readonly pid: number }
  | { readonly what: 'died'; readonly name: string; readonly death: Death; readonly restartInMs: number }
  | { readonly what: 'hung'; readonly name: string; readonly pid: number }
  | { readonly what: 'primary'; readonly name: string; readonly epoch: number }
  /** Somebody had this done; `name` is null for what is done to all. */
  | { readonly what: 'ordered'; readonly action: OrderedAction; readonly name: string | null }
  /** It came to nothing after it had begun. */
  | {
      readonly what: 'order-failed';
      readonly action: OrderedAction;
      readonly name: string | null;
      readonly reason: string;
    }
  | CatchUpNews;

/** What whoever runs a cluster has to do with its audit. */
export interface ClusterAudit {
  readonly view: AuditPanelView | null;
  /** Somebody watches: it goes on, or begins. */
  watched(): void;
  stop(): Promise<void>;
}

export interface ClusterOptions extends ClusterShape {
  /** Program and first arguments of the command line; `serve` and its options are added. */
  readonly command: readonly [string, ...string[]];
  /** The version of Estafet. */
  readonly version: string;
  /** Further options of `serve`. */
  readonly serveOptions: readonly string[];
  /** Name of a server that is to lead with the log it has, whatever the manifest says: an operator's last resort. */
  readonly unsafePromote?: string;
  /** The audit that goes on while somebody watches; `entries` gives addresses of servers that answer. */
  readonly audit?: (entries: () => readonly string[]) => ClusterAudit;
  readonly onEvent: (event: ClusterEvent) => void;
}

/** One server as it is now. */
export interface ServerStatus {
  readonly name: string;
  readonly url: string;
  readonly pid: number | null;
  readonly role: ServerRole;
}

export interface Cluster {
  /** URL of the front door, as this machine reaches it. */
  readonly front: string;
  /**
   * Resolves when all servers are ready, or at least one is and the others fail again and again. Rejects with a Refusal
   * when none can be had; nothing runs then. Also resolves when the cluster is stopped before it is ready.
   */
  readonly ready: Promise<void>;
  status(): ServerStatus[];
  /** Stops all servers in order, the primary last, and resolves when none runs. */
  stop(): Promise<void>;
  /** Kills all servers at once. */
  kill(): void;
}

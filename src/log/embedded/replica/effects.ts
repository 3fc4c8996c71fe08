/** What goes into a replica and what comes out: the whole of its contact with the world. */
import type { EngineFault, Index, NewEntry, Trace } from '../../log.ts';
import type { Base, Entry, Point } from './entry.ts';
import type { LogEnds } from './log-window.ts';
import type { PeerMessage } from './messages.ts';

/** A member of the in-sync set: a replica's name and the incarnation of its log. */
export interface Member {
  readonly name: string;
  readonly incarnation: string;
}

/** Who may be primary. Lives with the lock; only the lock's holder reads or writes it. */
export interface Manifest {
  readonly cluster: string;
  readonly epoch: number;
  readonly inSync: readonly Member[];
}

/** Now: monotonic milliseconds for deadlines, and the wall clock for stamps. */
export interface Now {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export type Input =
  | { readonly type: 'append'; readonly commands: readonly NewEntry[] }
  | { readonly type: 'message'; readonly from: string; readonly message: PeerMessage }
  | { readonly type: 'linked'; readonly peer: string; readonly incarnation: string }
  | { readonly type: 'unlinked'; readonly peer: string }
  /** The oldest `count` of the `store` outputs not yet answered are durable. */
  | { readonly type: 'stored'; readonly count: number }
  /** The answer to `try-lock`. `fresh`: there is no manifest, and no replica here has a log. */
  | { readonly type: 'lock-gained'; readonly manifest: Manifest | null; readonly fresh: boolean }
  | { readonly type: 'lock-busy' }
  | { readonly type: 'manifest-stored' }
  /**
   * The answer to `complete-from`: the log on this disk is now `member`'s whole log, or why it is not. Either way it may
   * have changed, and `log` is what it now is.
   */
  | { readonly type: 'completed'; readonly member: string; readonly epoch: number; readonly log: LogEnds }
  | { readonly type: 'not-completed'; readonly member: string; readonly log: LogEnds; readonly reason: string }
  /** A snapshot of this place is durable on this disk, under this replica's own name. */
  | { readonly type: 'snapshot-stored'; readonly snapshot: Base }
  /** The answer to `fetch-snapshot`: a snapshot is durable here, whole, and this is the place that is written in it. */
  | { readonly type: 'fetched'; readonly asked: Point; readonly found: Point }
  | { readonly type: 'not-fetched'; readonly asked: Point; readonly reason: string }
  | { readonly type: 'step-down' }
  /** A write, a sync or the lock's file failed (rule 16). */
  | { readonly type: 'failed'; readonly fault: EngineFault }
  | { readonly type: 'tick' };

/** What a replica stores in one durable transaction, in this order. */
export interface StoreOperation {
  readonly truncateAfter?: Index;
  /** The log begins behind this from now on (rule 18). */
  readonly trimTo?: Base;
  /** The log is empty from now on, and begins behind this: a snapshot of it is installed. */
  readonly replaceWith?: Base;
  readonly entries: readonly Entry[];
  /** New highest epoch. */
  readonly epoch?: number;
  readonly cluster?: string;
}

export type Output =
  | { readonly type: 'send'; readonly to: readonly string[]; readonly message: PeerMessage }
  | { readonly type: 'store'; readonly operation: StoreOperation }
  /** Everything up to here may be applied. */
  | { readonly type: 'commit'; readonly upto: Index }
  | { readonly type: 'try-lock' }
  | { readonly type: 'release-lock' }
  | { readonly type: 'write-manifest'; readonly manifest: Manifest }
  /**
   * Complete the log on this disk from one of these members' logs, checking cluster, incarnation and chain (rule 7), and
   * that it has what is `committed` here, of which the disk may not have been told yet (rule 10).
   */
  | {
      readonly type: 'complete-from';
      readonly cluster: string;
      readonly committed: Index;
      readonly members: readonly Member[];
    }
  /** Copy the sibling's snapshot of this place to this disk, and see that it is whole (rule 18). */
  | { readonly type: 'fetch-snapshot'; readonly from: string; readonly snapshot: Base }
  /** Make a snapshot as soon as may be: there is none that another replica can use. */
  | { readonly type: 'make-snapshot' }
  /** The log begins with a snapshot that is installed: everything up to `base` is committed and not to be applied one by one. */
  | { readonly type: 'installed'; readonly base: Base }
  /** Kill the lock's holder, if it is still that process; only gaining the lock proves it dead. */
  | { readonly type: 'kill-holder'; readonly name: string | null; readonly epoch: number }
  /** These commands' ends are not known, or they went nowhere. */
  | {
      readonly type: 'give-up';
      readonly ids: readonly string[];
      readonly code: 'unknown' | 'unavailable' | 'overloaded';
    }
  | { readonly type: 'stepped-down'; readonly to: string | null }
  /** Ask again with a `tick` after this long. */
  | { readonly type: 'wake'; readonly inMs: number }
  | { readonly type: 'changed' }
  | { readonly type: 'trace'; readonly trace: Omit<Trace, 'at' | 'server'> }
  /** Stop for good: the lock, if held, is let go. */
  | { readonly type: 'halt'; readonly fault: EngineFault };

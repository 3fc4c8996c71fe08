/**
 * What replicas say to each other. Every message carries the epoch of its sender; rule 3 refuses those below the
 * highest epoch that the receiver has stored.
 */
import type { Index, NewEntry } from '../../log.ts';
import type { Base, Entry, Point } from './entry.ts';

export type PeerMessage =
  /** Primary → all: I am primary of this epoch. Sent on linking, on changes, and as its sign of life. */
  | {
      readonly type: 'lead';
      readonly epoch: number;
      readonly cluster: string;
      /** Index of the mark with which this epoch begins. */
      readonly began: Index;
      readonly committed: Index;
      /** Whether it takes commands: its set is large enough to commit them, and it is not handing over. */
      readonly serving: boolean;
      /** Names of the in-sync set's members. */
      readonly inSync: readonly string[];
    }
  /** Follower → primary, behind the store of its epoch: this is my log; reconcile it. */
  | {
      readonly type: 'state';
      readonly epoch: number;
      readonly incarnation: string;
      readonly last: Point;
      /** Up to here its log is known to be committed and must never be cut. */
      readonly kept: Point;
    }
  /** Primary → follower: which hash have you at this index? */
  | { readonly type: 'probe'; readonly epoch: number; readonly index: Index }
  | { readonly type: 'probed'; readonly epoch: number; readonly at: Point }
  /** Primary → follower: entries behind `previous`, which both have; whatever else stands there is cut. */
  | {
      readonly type: 'append';
      readonly epoch: number;
      readonly previous: Point;
      readonly entries: readonly Entry[];
      readonly committed: Index;
    }
  /** Follower → primary: my log is yours up to here, on disk. Its sign of life too. */
  | { readonly type: 'stored'; readonly epoch: number; readonly upto: Index }
  /** Primary → follower: everything up to here is committed. */
  | { readonly type: 'committed'; readonly epoch: number; readonly upto: Index }
  /** Follower → primary: commands of my clients. */
  | { readonly type: 'forward'; readonly epoch: number; readonly commands: readonly NewEntry[] }
  /** Primary → follower: I do not take commands now; keep yours until I say `serving`. */
  | { readonly type: 'declined'; readonly epoch: number }
  /** Primary → follower: your log ends before mine begins; take my snapshot of this place, and say your state again. */
  | { readonly type: 'offer'; readonly epoch: number; readonly snapshot: Base }
  /** Follower → primary: that snapshot is not there, not whole, or not what you said. */
  | { readonly type: 'unusable'; readonly epoch: number; readonly index: Index; readonly reason: string }
  /** Primary → follower: your log cannot be reconciled with the cluster's. */
  | { readonly type: 'refused'; readonly epoch: number; readonly reason: string }
  /** The primary of this epoch has let the lock go in favour of `to`. */
  | { readonly type: 'handover'; readonly epoch: number; readonly to: string }
  /** Follower → follower: I heard the primary of this epoch that long ago. */
  | { readonly type: 'vouch'; readonly epoch: number; readonly silentMs: number };

/**
 * The port of the replicated log: one ordered sequence of entries that all servers agree on. Everything above it (chat,
 * edge, files) knows only this; the engines behind it are `embedded/` and `jetstream/`.
 */

/** A position in the log, from 1. 0 is before the first entry. */
export type Index = number;

/** What a server wants in the log. */
export interface NewEntry {
  /** UUID of version 7. Appending it again, through any server, is safe: whoever applies the log drops the copy. */
  readonly id: string;
  /** The command as the protocol writes it (`command-body.ts`), at most `limits.entryMaxBytes`. Opaque to the log. */
  readonly body: Uint8Array;
}

/** An entry that every member of the in-sync set has on disk, and that no takeover can take back. */
export interface Committed extends NewEntry {
  readonly index: Index;
  /** The epoch of the primary that sequenced it. */
  readonly epoch: number;
  /** When the primary sequenced it: ms since 1970. Never less than the entry before it. */
  readonly at: number;
  /** The chain's hash at this index: SHA-256 over the previous hash and this entry. 32 bytes. */
  readonly hash: Uint8Array;
  /** `command` carries a command; `mark` is the engine's own, written at each takeover, and has an empty body. */
  readonly kind: 'command' | 'mark';
}

export type ReplicaRole = 'primary' | 'backup' | 'down';

/** What is known of one replica. Of one that is down these are the last things known. */
export interface ReplicaView {
  readonly name: string;
  readonly role: ReplicaRole;
  readonly pid: number;
  readonly epoch: number;
  /** Newest entry on its disk. */
  readonly last: Index;
  readonly committed: Index;
  /** Newest entry that its server has applied (see `ReplicatedLog.report`). */
  readonly applied: Index;
  readonly inSync: boolean;
  /** Bytes of a snapshot that it has copied, of how many, while it does. */
  readonly fetching: { readonly done: number; readonly of: number } | null;
  /** What its server said of itself (see `ReplicatedLog.report`). */
  readonly facts: ServerFacts;
}

/** What a server tells the others about itself, through its log. */
export interface ServerFacts {
  readonly port: number;
  /** The chain's hash at `applied`, hexadecimal. */
  readonly fingerprint: string;
  readonly connections: number;
  readonly startedAt: number;
}

/** The cluster as this replica sees it now. */
export interface Topology {
  readonly cluster: string;
  readonly self: string;
  readonly epoch: number;
  /** Name of the primary, or null while nobody is known to be. */
  readonly primary: string | null;
  /** Why there is none, when that is known. */
  readonly waiting: string | null;
  /** Sorted by name; this replica is among them. */
  readonly replicas: readonly ReplicaView[];
}

/** Something that happened in the engine, for whoever watches. `at` is ms since 1970 on this machine's clock, with a fraction. */
export interface Trace {
  readonly at: number;
  readonly server: string;
  readonly epoch: number;
  readonly what:
    | 'sequenced' // the primary gave entries their indices: from..upto
    | 'sent' // entries from..upto went to `peer`
    | 'received' // entries from..upto came from `peer`, the primary
    | 'forwarded' // `count` commands of this server's clients went to `peer`, the primary
    | 'stored' // entries up to `upto` are on `peer`'s disk
    | 'committed' // everything up to `upto` is committed
    | 'primary-lost' // the link to the primary broke, or it was silent too long
    | 'primary-killed' // a hung primary was killed
    | 'released' // `peer`, the primary, hands its role over and has let the lock go
    | 'lock-gained'
    | 'promoted' // this replica is primary of `epoch`, durably; its own entries begin at `from`
    | 'following' // this replica follows `peer`
    | 'resynced' // `peer` has caught up and is in the in-sync set
    | 'dropped' // `peer` left the in-sync set
    | 'truncated' // an unacknowledged tail after `upto` was cut
    | 'completed-from' // an outsider's log was completed from `peer`'s disk
    | 'snapshotted' // a snapshot of everything up to `upto` is on this server's disk
    | 'installed' // this server's log begins at `upto` now, behind `peer`'s snapshot
    | 'trimmed' // the log's entries up to `upto` are gone: a snapshot has them
    | 'stepped-down'
    | 'halted';
  readonly peer?: string;
  readonly from?: Index;
  readonly upto?: Index;
  readonly count?: number;
  /** With `primary-lost`: how long ago its last sign of life was, ms. */
  readonly silentMs?: number;
  readonly reason?: string;
}

export type Unsubscribe = () => void;

/**
 * Replaces everything derived from the log by what a snapshot holds: the file at `path`, which stays the log's, written
 * as the log's owner wrote it when everything up to `upto` was applied.
 */
export type InstallSnapshot = (path: string, upto: Index) => Promise<void>;

/** What is wrong on purpose with a server's links and disk. */
export interface Faults {
  /** Servers to which its link is cut. */
  readonly cutFrom: readonly string[];
  /** What it sends to other servers leaves this much later. */
  readonly slowLinkMs: number;
  /** Each synced write of its log takes this much longer. */
  readonly slowDiskMs: number;
}

/** Breaks a server's links and disk on purpose, really. What is broken is whole again when the process ends. */
export interface FaultInjection {
  readonly faults: Faults;
  /** Drops the link to a server, both ways, and lets none be made until it is healed. */
  cutLink(peer: string): void;
  healLink(peer: string): void;
  /** @param ms at most `limits.faultDelayMaxMs`; 0 ends it */
  slowLinks(ms: number): void;
  /** @param ms at most `limits.faultDelayMaxMs`; 0 ends it */
  slowDisk(ms: number): void;
}

/** A replicated log, as one server holds it. */
export interface ReplicatedLog {
  /**
   * Names this replica's copy of the log. It changes when the copy was lost or damaged and the replica started over:
   * whatever was derived from a copy of another origin is to be thrown away.
   */
  readonly origin: string;
  /** The chain's hash at `index`, hexadecimal, or null when this replica has no committed entry there (any more). */
  fingerprintAt(index: Index): string | null;
  /**
   * Puts a command into the log. Resolves when it is committed, with the newest entry of that id. Rejects with an
   * `EstafetError`: `unknown` (it may or may not be committed: send it again with the same id), `unavailable` (it went
   * nowhere), `overloaded`, `too-large`, `shutting-down`. Survives a takeover: it is sent to the new primary by itself.
   */
  append(entry: NewEntry): Promise<Committed>;
  /**
   * Committed entries after `after`, contiguous, in order, in batches; goes on for ever, until the log is closed. When
   * what comes next is in the log no more, `install` is called with a snapshot first, and what follows it comes next.
   */
  follow(after: Index, install?: InstallSnapshot): AsyncIterable<readonly Committed[]>;
  /** Best effort to the other servers, at most `limits.castMaxBytes`; never stored, dropped when a link is busy or down. */
  cast(topic: string, body: Uint8Array): void;
  /** Casts of the other servers (never this one's own). */
  onCast(handler: (topic: string, body: Uint8Array, from: string) => void): Unsubscribe;
  /** How far this server has applied the log, and what else the others should know about it. */
  report(applied: Index, facts: ServerFacts): void;
  topology(): Topology;
  /**
   * False while nobody is known to take commands, or whoever does has not yet begun: in a takeover,
   * and on a server that is far behind. What can wait had then better wait, for everybody who writes does.
   */
  isSettled(): boolean;
  /** Called after each change of role, epoch, in-sync set or liveness, and about four times a second as figures move. */
  onTopology(handler: (topology: Topology, change: 'roles' | 'figures') => void): Unsubscribe;
  onTrace(handler: (trace: Trace) => void): Unsubscribe;
  /** How to break things on purpose; null when this engine does not know how. */
  readonly injection: FaultInjection | null;
  /** Hands the primary's role over to a backup, in order. Does nothing on a backup. Rejects with `unavailable` when nobody can take it. */
  stepDown(): Promise<void>;
  /**
   * Resolves when the log can no longer serve: with the reason after a failed write or sync (the process should say it
   * and exit), or with null after `close()`.
   */
  readonly closed: Promise<EngineFault | null>;
  close(): Promise<void>;
}

/** Why an engine stopped by itself. `exitCode` follows sysexits.h where it has a word for it. */
export interface EngineFault {
  readonly code:
    | 'disk-failed'
    | 'log-damaged'
    | 'other-cluster'
    | 'diverged'
    | 'manifest-lost'
    | 'data-in-use'
    | 'newer-version';
  readonly message: string;
  readonly exitCode: number;
}

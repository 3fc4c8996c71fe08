/**
 * What a replica is, whatever its role: its log, its epoch, what it knows to be committed, its peers and its clients'
 * commands. The roles act on this and on nothing else; everything they want done goes to `out`.
 */
import type { EngineFault, Index, NewEntry, Trace } from '../../log.ts';
import type { Manifest, Member, Now, Output, StoreOperation } from './effects.ts';
import { type Base, sameHash } from './entry.ts';
import type { LogWindow } from './log-window.ts';
import type { PeerMessage } from './messages.ts';
import { PendingCommands } from './pending.ts';

/** The numbers a replica works with; `protocol/limits.ts` says what each is for. Times in ms. */
export interface ReplicaConfig {
  readonly minInSync: number;
  /** Promote this replica with the log it has, whatever the manifest says. An operator's word, never a default. */
  readonly unsafePromote: boolean;
  readonly pendingCommandsMax: number;
  readonly appendDeadlineMs: number;
  readonly appendFrameMaxBytes: number;
  readonly appendFrameMaxEntries: number;
  readonly peerWindowEntries: number;
  readonly peerBufferMaxBytes: number;
  readonly tickIntervalMs: number;
  readonly lockRetryMs: number;
  readonly heartbeatIntervalMs: number;
  readonly memberSilenceMaxMs: number;
  readonly primarySilenceMaxMs: number;
  readonly joinMaxMs: number;
  readonly joinMaxLagEntries: number;
  readonly outsiderLockDelayMs: number;
  readonly stepDownMaxMs: number;
  readonly logKeepEntries: number;
  readonly trimSliceEntries: number;
  readonly snapshotRetryMs: number;
  readonly trimHoldMs: number;
}

/** What a replica finds on its disk when it starts. */
export interface Boot {
  readonly name: string;
  /** The cluster its log belongs to, or empty when it has never belonged to one. */
  readonly cluster: string;
  /** A cluster id to found a new cluster with. */
  readonly newCluster: string;
  readonly incarnation: string;
  /** Highest epoch stored. */
  readonly epoch: number;
  /** Known to be committed when it was last written. */
  readonly committed: Index;
  /** The newest snapshot on its disk. */
  readonly snapshot: Base | null;
  /** How long to leave the lock to others at the very start, so that the first server of a new cluster is its primary. */
  readonly patienceMs: number;
}

interface InFlight {
  upto: Index;
  /** The place behind which the log begins once this is durable, when that changes. */
  readonly installs: Base | null;
  /** Whether it only lets old entries go. */
  readonly trims: boolean;
  readonly role: Role;
  readonly then: () => void;
}

/** What each role does with what happens. A role's `then` of a store is dropped once the role has ended. */
export interface Role {
  readonly kind: 'seeking' | 'taking-over' | 'primary' | 'following' | 'halted';
  /** The primary's name as this role knows it. */
  readonly primary: string | null;
  /** Whether it is known who leads, and whoever leads has begun: no takeover is under way, as far as this role knows. */
  readonly isSettled: boolean;
  enter(): void;
  message(from: string, message: PeerMessage): void;
  linked(peer: string): void;
  unlinked(peer: string): void;
  tick(): void;
  /** There are new commands in `pending`. */
  dispatch(): void;
  stepDown(): void;
}

/** Makes the roles. Each leads to others, so none of them names another. */
export interface Roles {
  /** @param patienceMs how long to leave the lock to others first */
  seeking(patienceMs: number): Role;
  following(primary: string, lead: Extract<PeerMessage, { type: 'lead' }>): Role;
  /** @param found what the lock's file said; @param sources members to complete the log from first, if it needs that */
  takingOver(found: Manifest, sources: readonly Member[]): Role;
  primary(manifest: Manifest): Role;
}

export class Core {
  readonly roles: Roles;
  readonly name: string;
  readonly incarnation: string;
  readonly newCluster: string;
  readonly config: ReplicaConfig;
  readonly window: LogWindow;
  readonly pending: PendingCommands;
  /** Peers with a link to this replica, and the incarnations of their logs. */
  readonly linked = new Map<string, string>();
  cluster: string;
  /** Highest epoch seen; stored before anything is answered in it. */
  epoch: number;
  committed: Index;
  /** The newest snapshot on this disk that is one of this log. */
  #snapshot: Base | null = null;
  #held = { index: 0, untilMs: 0 };
  /** Names in the in-sync set, as far as this replica has been told. */
  inSync: readonly string[] = [];
  /** Why there is no primary, when this replica knows. */
  waiting: string | null = null;
  now: Now = { monotonicMs: 0, wallMs: 0 };
  out: Output[] = [];
  role!: Role;
  /** The newest word from another follower that it hears the primary. */
  vouched: { readonly epoch: number; readonly heardAtMs: number } | null = null;
  readonly #inFlight: InFlight[] = [];

  constructor(boot: Boot, window: LogWindow, config: ReplicaConfig, roles: Roles) {
    this.roles = roles;
    this.name = boot.name;
    this.cluster = boot.cluster;
    this.newCluster = boot.newCluster;
    this.incarnation = boot.incarnation;
    this.epoch = boot.epoch;
    this.committed = Math.max(window.base.index, Math.min(boot.committed, window.last.index));
    this.window = window;
    if (boot.snapshot !== null) this.#adopt(boot.snapshot);
    this.config = config;
    this.pending = new PendingCommands(config.pendingCommandsMax, config.peerBufferMaxBytes / 2);
  }

  /** Ends the present role and begins another. */
  become(role: Role): void {
    this.role = role;
    this.waiting = null;
    this.pending.requeueAll();
    role.enter();
    this.out.push({ type: 'changed' });
  }

  send(to: readonly string[], message: PeerMessage): void {
    const reachable = to.filter((peer) => this.linked.has(peer));
    if (reachable.length > 0) this.out.push({ type: 'send', to: reachable, message });
  }

  /** Writes to the log; `then` runs when it is durable, if the role is still the one that asked. */
  store(operation: StoreOperation, then: () => void): void {
    if (operation.truncateAfter !== undefined) {
      const cut = operation.truncateAfter;
      // What is still on its way to the disk and is now cut must not count as durable when the disk has done it.
      for (const flight of this.#inFlight) flight.upto = Math.min(flight.upto, cut);
      this.window.truncateAfter(cut);
    }
    const { trimTo, replaceWith } = operation;
    if (trimTo !== undefined) this.window.trimTo(trimTo);
    if (replaceWith !== undefined) {
      for (const flight of this.#inFlight) flight.upto = Math.min(flight.upto, replaceWith.index);
      this.window.reload({ base: replaceWith, last: null });
      this.committed = replaceWith.index;
    }
    this.window.append(operation.entries);
    const installs = replaceWith ?? null;
    const trims = trimTo !== undefined;
    this.#inFlight.push({ upto: this.window.last.index, installs, trims, role: this.role, then });
    this.out.push({ type: 'store', operation });
  }

  /** The oldest `count` stores are durable. */
  stored(count: number): void {
    const done = this.#inFlight.splice(0, count);
    if (done.length !== count) throw new Error(`${count} stores done, ${done.length} asked for`);
    for (const flight of done) {
      this.window.markDurable(flight.upto);
      if (flight.installs !== null) this.installed(flight.installs);
      if (flight.role === this.role) flight.then();
    }
  }

  /** Everything up to `upto` is committed; `upto` must be on this replica's disk. */
  commitTo(upto: Index): void {
    if (upto <= this.committed) return;
    if (upto > this.window.durable) throw new Error(`committing ${upto}, durable ${this.window.durable}`);
    if (this.pending.size > 0) {
      let from = this.committed + 1;
      while (from <= upto) {
        const entries = this.window.read(from, upto, 1024, 1 << 20);
        for (const entry of entries) if (entry.kind === 'command') this.pending.settle(entry.id);
        from += entries.length;
      }
    }
    this.committed = upto;
    this.out.push({ type: 'commit', upto });
  }

  /** Whether the log is being replaced: until that is durable, this replica has nothing to say of it. */
  get isInstalling(): boolean {
    return this.#inFlight.some((flight) => flight.installs !== null);
  }

  get snapshot(): Base | null {
    return this.#snapshot;
  }

  /** The snapshot that is here at the start. What is in one is committed, whether or not the log was told yet. */
  #adopt(snapshot: Base): void {
    const here = this.window.at(snapshot.index);
    if (here === null || !sameHash(here.hash, snapshot.hash)) return;
    this.committed = Math.max(this.committed, snapshot.index);
    this.snapshotStored(snapshot);
  }

  /** A snapshot is durable. One of another history, or of what is no longer in this log, is of no use. */
  snapshotStored(snapshot: Base): void {
    const here = this.window.at(snapshot.index);
    if (here === null || !sameHash(here.hash, snapshot.hash) || snapshot.index > this.committed) return;
    const { index, hash, epoch, at } = here;
    this.#snapshot = { index, hash, epoch, at };
  }

  /** What comes after `index` stays in the log for a while: somebody is copying the snapshot that reaches there. */
  hold(index: Index): void {
    this.#held = { index, untilMs: this.now.monotonicMs + this.config.trimHoldMs };
  }

  /** Rule 18: lets the oldest entries go, a slice at a time, when a durable snapshot has them; the newest ones stay. */
  trim(): void {
    // One slice at a time: what clients wait for must not wait behind many.
    if (this.#snapshot === null || this.#inFlight.some(({ trims }) => trims)) return;
    const { window, config } = this;
    const held = this.now.monotonicMs < this.#held.untilMs ? this.#held.index : Number.POSITIVE_INFINITY;
    const kept = Math.min(this.#snapshot.index - config.logKeepEntries, held);
    const upto = Math.min(kept, window.base.index + config.trimSliceEntries);
    if (upto <= window.base.index) return;
    const { index, hash, epoch, at } = window.at(upto)!;
    this.store({ trimTo: { index, hash, epoch, at }, entries: [] }, () => {});
    this.trace({ what: 'trimmed', upto });
  }

  /** The log begins behind a snapshot now: what it holds is committed. */
  installed(base: Base): void {
    this.committed = Math.max(this.committed, base.index);
    this.#snapshot = base;
    this.out.push({ type: 'installed', base });
    this.out.push({ type: 'changed' });
    // Some of what waits may be in the snapshot, unseen: it is given to the primary again, and applied once (rule 12).
    this.pending.requeueAll();
    this.role.dispatch();
  }

  trace(trace: Omit<Trace, 'at' | 'server' | 'epoch'>): void {
    this.out.push({ type: 'trace', trace: { epoch: this.epoch, ...trace } });
  }

  /** Stops for good: a rule of the log would be broken by going on. */
  halt(fault: EngineFault): void {
    this.trace({ what: 'halted', reason: fault.message });
    this.out.push({ type: 'halt', fault });
    this.become(halted);
  }

  /** Takes clients' commands, as far as there is room for them. */
  take(commands: readonly NewEntry[]): void {
    const refused = commands.filter((command) => !this.pending.add(command, this.now.monotonicMs));
    if (refused.length > 0) {
      this.out.push({ type: 'give-up', ids: refused.map((command) => command.id), code: 'overloaded' });
    }
    this.role.dispatch();
  }

  /** Gives up on commands that have waited too long. */
  expire(): void {
    const { unknown, unavailable } = this.pending.expire(this.now.monotonicMs, this.config.appendDeadlineMs);
    if (unknown.length > 0) this.out.push({ type: 'give-up', ids: unknown, code: 'unknown' });
    if (unavailable.length > 0) this.out.push({ type: 'give-up', ids: unavailable, code: 'unavailable' });
  }
}

const nothing = (): void => {};

/** The role of a replica that has stopped for good. */
export const halted: Role = {
  kind: 'halted',
  primary: null,
  isSettled: true,
  enter: nothing,
  message: nothing,
  linked: nothing,
  unlinked: nothing,
  tick: nothing,
  dispatch: nothing,
  stepDown: nothing,
};

/**
 * The replica: one `step` from what happened to what is to be done, without a clock, a timer, a disk or a socket inside.
 * The shell around it does the real things; the simulator does virtual ones, with this same logic.
 */
import type { Index } from '../../log.ts';
import { type Boot, Core, type ReplicaConfig, type Role } from './core.ts';
import type { Input, Now, Output } from './effects.ts';
import { Following } from './following.ts';
import type { LogWindow } from './log-window.ts';
import { Primary } from './primary.ts';
import { Seeking } from './seeking.ts';
import { TakingOver } from './taking-over.ts';

/** A replica's own account of itself. */
export interface ReplicaStatus {
  readonly role: Role['kind'];
  readonly cluster: string;
  readonly incarnation: string;
  readonly epoch: number;
  readonly primary: string | null;
  /** Whether no takeover is under way, as far as it knows. */
  readonly isSettled: boolean;
  /** Newest entry on its disk. */
  readonly last: Index;
  readonly committed: Index;
  /** Names in the in-sync set, as far as it knows. */
  readonly inSync: readonly string[];
  /** Why there is no primary, when it knows; null otherwise. */
  readonly waiting: string | null;
  /** Clients' commands that wait. */
  readonly pending: number;
}

export class Replica {
  readonly #core: Core;
  #tickedAtMs: number;

  constructor(boot: Boot, window: LogWindow, config: ReplicaConfig, now: Now) {
    const core = new Core(boot, window, config, {
      seeking: (patienceMs) => new Seeking(core, patienceMs),
      following: (primary, lead) => new Following(core, primary, lead),
      takingOver: (found, sources) => new TakingOver(core, found, sources),
      primary: (manifest) => new Primary(core, manifest),
    });
    this.#core = core;
    core.now = now;
    this.#tickedAtMs = now.monotonicMs;
    core.become(core.roles.seeking(boot.patienceMs));
  }

  get status(): ReplicaStatus {
    const { role, cluster, incarnation, epoch, window, committed, inSync, waiting, pending } = this.#core;
    return {
      role: role.kind,
      cluster,
      incarnation,
      epoch,
      primary: role.primary,
      isSettled: role.isSettled,
      last: window.durable,
      committed,
      inSync,
      waiting,
      pending: pending.size,
    };
  }

  /** What follows from `input`, in the order in which it is to be done. */
  step(input: Input, now: Now): readonly Output[] {
    const core = this.#core;
    core.now = now;
    this.#heedPause(input.type === 'tick');
    this.#take(input);
    const out = core.out;
    core.out = [];
    return out;
  }

  #take(input: Input): void {
    const core = this.#core;
    const { role } = core;
    switch (input.type) {
      case 'append':
        core.take(input.commands);
        break;
      case 'message':
        if (!core.linked.has(input.from)) break;
        if (input.message.type === 'vouch') this.#heed(input.message);
        else role.message(input.from, input.message);
        break;
      case 'linked':
        core.linked.set(input.peer, input.incarnation);
        role.linked(input.peer);
        break;
      case 'unlinked':
        core.linked.delete(input.peer);
        role.unlinked(input.peer);
        break;
      case 'stored':
        core.stored(input.count);
        break;
      case 'lock-gained':
        if (role instanceof Seeking) role.lockGained(input.manifest, input.fresh);
        // Meanwhile another leads, or this replica has stopped: the lock is of no use to it.
        else core.out.push({ type: 'release-lock' });
        break;
      case 'lock-busy':
        if (role instanceof Seeking) role.lockBusy();
        break;
      case 'manifest-stored':
        if (role instanceof TakingOver || role instanceof Primary) role.manifestStored();
        break;
      case 'completed':
        if (!(role instanceof TakingOver)) break;
        core.window.reload(input.log);
        if (input.log.base.index > core.committed) core.installed(input.log.base);
        role.completed(input.member, input.epoch);
        break;
      case 'not-completed':
        if (!(role instanceof TakingOver)) break;
        core.window.reload(input.log);
        if (input.log.base.index > core.committed) core.installed(input.log.base);
        role.notCompleted(input.member, input.reason);
        break;
      case 'snapshot-stored':
        core.snapshotStored(input.snapshot);
        break;
      case 'fetched':
        if (role instanceof Following) role.fetched(input.asked, input.found);
        break;
      case 'not-fetched':
        if (role instanceof Following) role.notFetched(input.asked, input.reason);
        break;
      case 'step-down':
        role.stepDown();
        break;
      case 'failed':
        core.halt(input.fault);
        break;
      case 'tick':
        this.#tick();
        break;
    }
  }

  /**
   * Long without a tick, this process was paused or busy: what others sent meanwhile waits unread, so their silence
   * proves nothing. That must be known before the first thing that is read, which may be any of it.
   */
  #heedPause(ticks: boolean): void {
    const { role, now, config } = this.#core;
    const sinceMs = now.monotonicMs - this.#tickedAtMs;
    const wasPaused = sinceMs > 5 * config.tickIntervalMs;
    if (ticks || wasPaused) this.#tickedAtMs = now.monotonicMs;
    const waits = role instanceof Following || role instanceof Primary || role instanceof Seeking;
    if (wasPaused && waits) role.excuse(sinceMs);
  }

  #tick(): void {
    const core = this.#core;
    const { role } = core;
    core.expire();
    // While a log is completed from a sibling's, it is the shell that writes it.
    if (role.kind !== 'taking-over' && role.kind !== 'halted') core.trim();
    core.role.tick();
  }

  #heed(vouch: { readonly epoch: number; readonly silentMs: number }): void {
    const core = this.#core;
    const heardAtMs = core.now.monotonicMs - vouch.silentMs;
    if (core.vouched === null || heardAtMs > core.vouched.heardAtMs) core.vouched = { epoch: vouch.epoch, heardAtMs };
  }
}

/**
 * A replica without a primary: it tries the lock, and listens for whoever has it. Gaining the lock is not enough to
 * serve: rule 7 asks for membership of the manifest's in-sync set, or a log completed from such a member's.
 */
import type { EngineFault } from '../../log.ts';
import type { Core, Role } from './core.ts';
import type { Manifest } from './effects.ts';
import type { PeerMessage } from './messages.ts';

/** How long the lock is tried at the fastest pace, and the pace after that. */
const eagerMs = 500;
const patientRetryMs = 20;

export class Seeking implements Role {
  readonly kind = 'seeking';
  readonly primary = null;
  readonly isSettled = false;
  readonly #core: Core;
  readonly #sinceMs: number;
  #nextTryAtMs: number;
  #asked = false;
  /** Since when this replica finds itself with the lock and outside the set. */
  #outsiderSinceMs: number | null = null;
  #killAtMs: number;

  constructor(core: Core, patienceMs: number) {
    this.#core = core;
    this.#sinceMs = core.now.monotonicMs;
    this.#nextTryAtMs = this.#sinceMs + patienceMs;
    this.#killAtMs = this.#sinceMs + 2 * core.config.primarySilenceMaxMs;
  }

  enter(): void {
    this.tick();
  }

  message(from: string, message: PeerMessage): void {
    if (message.type === 'lead' && message.epoch >= this.#core.epoch) {
      this.#core.become(this.#core.roles.following(from, message));
    }
  }

  linked(_peer: string): void {}
  unlinked(_peer: string): void {}
  dispatch(): void {}

  tick(): void {
    const core = this.#core;
    const now = core.now.monotonicMs;
    if (!this.#asked && now >= this.#nextTryAtMs) {
      this.#asked = true;
      core.out.push({ type: 'try-lock' });
    }
    if (now < this.#killAtMs) return;
    this.#killAtMs = now + core.config.primarySilenceMaxMs;
    const vouched = core.vouched;
    const heard = vouched !== null && now - vouched.heardAtMs < core.config.primarySilenceMaxMs;
    if (!heard && this.#outsiderSinceMs === null) core.out.push({ type: 'kill-holder', name: null, epoch: core.epoch });
  }

  /** The time of a pause of this very process does not count as the holder's silence; what came meanwhile is read first. */
  excuse(pausedMs: number): void {
    const { now, config } = this.#core;
    this.#killAtMs = Math.max(this.#killAtMs + pausedMs, now.monotonicMs + config.tickIntervalMs);
  }

  stepDown(): void {
    this.#core.out.push({ type: 'stepped-down', to: null });
  }

  lockBusy(): void {
    const now = this.#core.now.monotonicMs;
    this.#asked = false;
    // Somebody has taken the lock since it was here: only from now on can that one be silent.
    if (this.#outsiderSinceMs !== null) this.#killAtMs = now + 2 * this.#core.config.primarySilenceMaxMs;
    this.#outsiderSinceMs = null;
    const retryMs = now - this.#sinceMs < eagerMs ? this.#core.config.lockRetryMs : patientRetryMs;
    this.#nextTryAtMs = now + retryMs;
    this.#core.out.push({ type: 'wake', inMs: retryMs });
  }

  lockGained(manifest: Manifest | null, fresh: boolean): void {
    const core = this.#core;
    this.#asked = false;
    core.trace({ what: 'lock-gained' });
    const self = this.#self;
    const isMember = manifest?.inSync.some(
      ({ name, incarnation }) => name === self.name && incarnation === self.incarnation,
    );
    if (core.config.unsafePromote && isMember !== true) {
      const cluster = manifest?.cluster ?? (core.cluster === '' ? core.newCluster : core.cluster);
      const epoch = Math.max(manifest?.epoch ?? 0, core.epoch);
      core.become(core.roles.takingOver({ cluster, epoch, inSync: [self] }, []));
      return;
    }
    if (manifest === null) {
      this.#found(fresh);
      return;
    }
    if (core.cluster !== '' && core.cluster !== manifest.cluster) {
      this.#refuse(
        'other-cluster',
        `its log belongs to cluster ${core.cluster}, and the lock to cluster ${manifest.cluster}`,
      );
      return;
    }
    if (isMember === true) {
      core.become(core.roles.takingOver(manifest, []));
      return;
    }
    this.#outside(manifest);
  }

  /** There is no manifest: found a cluster, but only where there is nothing that one could lose. */
  #found(fresh: boolean): void {
    const core = this.#core;
    if (!fresh || core.cluster !== '' || core.window.last.index > 0) {
      this.#refuse(
        'manifest-lost',
        'lock.db names no in-sync set, and there are logs beside it: bring lock.db back, or promote one server by hand with estafet up --unsafe-promote <name>',
      );
      return;
    }
    core.become(core.roles.takingOver({ cluster: core.newCluster, epoch: core.epoch, inSync: [this.#self] }, []));
  }

  /** Rule 7: leave the lock to the set's members while one may come; then complete the log from one's disk. */
  #outside(manifest: Manifest): void {
    const core = this.#core;
    const now = core.now.monotonicMs;
    const memberHere = manifest.inSync.some((member) => core.linked.get(member.name) === member.incarnation);
    this.#outsiderSinceMs ??= now;
    const names = manifest.inSync.map(({ name }) => name).join(', ');
    core.waiting =
      names === core.name
        ? `only ${names} had everything that was acknowledged, and its log has been lost or damaged: bring the log back, or give up what was in it with estafet up --unsafe-promote ${names}`
        : `only ${names} had everything that was acknowledged: waiting for one of them, or for its disk`;
    if (memberHere || now - this.#outsiderSinceMs < core.config.outsiderLockDelayMs) {
      core.out.push({ type: 'release-lock' });
      // Unequal waits keep two outsiders from meeting at the lock again and again.
      const retryMs = core.config.outsiderLockDelayMs / 4 + (core.name.length % 3) * core.config.tickIntervalMs;
      this.#nextTryAtMs = now + retryMs;
      core.out.push({ type: 'wake', inMs: retryMs });
      return;
    }
    core.become(core.roles.takingOver(manifest, manifest.inSync));
  }

  get #self() {
    return { name: this.#core.name, incarnation: this.#core.incarnation };
  }

  #refuse(code: EngineFault['code'], why: string): void {
    this.#core.halt({ code, message: `${this.#core.name} will not be primary: ${why}`, exitCode: 65 });
  }
}

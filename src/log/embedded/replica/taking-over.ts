/**
 * Between the lock and the first service (rule 2): complete the log if this replica is an outsider (rule 7), make the
 * next epoch durable, then be primary.
 */
import type { Core, Role } from './core.ts';
import type { Manifest, Member } from './effects.ts';

export class TakingOver implements Role {
  readonly kind = 'taking-over';
  readonly primary = null;
  readonly isSettled = false;
  readonly #core: Core;
  readonly #found: Manifest;
  /** Members from whose log ours must be completed first; none when we are in the set. */
  readonly #sources: readonly Member[];
  #next: Manifest | null = null;

  /** @param found what the lock's file said; `sources` members to complete the log from, if it needs that */
  constructor(core: Core, found: Manifest, sources: readonly Member[]) {
    this.#core = core;
    this.#found = found;
    this.#sources = sources;
  }

  enter(): void {
    if (this.#sources.length === 0) this.#write(this.#core.epoch);
    else {
      const { cluster } = this.#found;
      const { committed } = this.#core;
      this.#core.out.push({ type: 'complete-from', cluster, committed, members: this.#sources });
    }
  }

  message(): void {}
  linked(): void {}
  unlinked(): void {}

  /** Completing a long log takes a while: the others must not take this replica for a hung one. */
  tick(): void {
    const core = this.#core;
    core.send([...core.linked.keys()], { type: 'vouch', epoch: core.epoch, silentMs: 0 });
  }

  dispatch(): void {}

  stepDown(): void {
    this.#core.out.push({ type: 'stepped-down', to: null });
  }

  completed(member: string, epoch: number): void {
    this.#core.trace({ what: 'completed-from', peer: member, upto: this.#core.window.last.index });
    this.#write(epoch);
  }

  notCompleted(member: string, reason: string): void {
    const core = this.#core;
    core.trace({ what: 'primary-lost', peer: member, reason });
    core.out.push({ type: 'release-lock' });
    core.become(core.roles.seeking(core.config.outsiderLockDelayMs));
  }

  manifestStored(): void {
    if (this.#next === null) throw new Error('a manifest was stored that nobody asked for');
    this.#core.become(this.#core.roles.primary(this.#next));
  }

  /** Rule 5: whoever is not here leaves the set before anything commits without it. */
  #write(knownEpoch: number): void {
    const core = this.#core;
    const self: Member = { name: core.name, incarnation: core.incarnation };
    const others =
      this.#sources.length > 0
        ? []
        : this.#found.inSync.filter(
            (member) => member.name !== core.name && core.linked.get(member.name) === member.incarnation,
          );
    this.#next = {
      cluster: this.#found.cluster,
      epoch: Math.max(this.#found.epoch, core.epoch, knownEpoch) + 1,
      inSync: [self, ...others],
    };
    core.out.push({ type: 'write-manifest', manifest: this.#next });
  }
}

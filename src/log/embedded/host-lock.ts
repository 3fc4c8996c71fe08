/**
 * The lock as a replica's shell uses it: tries it, tells the others who has it, writes the manifest that goes with it,
 * and kills a holder that is silent. What follows from an answer is the replica's to decide.
 */
import { join } from 'node:path';
import { limits } from '../../protocol/index.ts';
import { Arbiter } from './arbiter.ts';
import { announceHolder, lastHolder } from './lock-holder.ts';
import { mayBelongToCluster } from './log-disk.ts';
import { type Hello, siblings } from './mesh.ts';
import { killIfSame } from './process-identity.ts';
import type { Input, Manifest } from './replica/effects.ts';

export class HostLock {
  readonly #data: string;
  readonly #self: Hello;
  readonly #arbiter: Arbiter;

  /** @param self who takes the lock, when it does */
  constructor(data: string, self: Hello) {
    this.#data = data;
    this.#self = self;
    this.#arbiter = new Arbiter(join(data, 'lock.db'));
  }

  /** What a try came to, or null when it is held here. Throws when the lock's file cannot be used. */
  try(): Extract<Input, { type: 'lock-gained' | 'lock-busy' }> | null {
    // Gained already in this turn, by a role that has ended since; the answer is on its way to whichever is next.
    if (this.#arbiter.held) return null;
    const result = this.#arbiter.tryLock();
    if (!result.gained) return { type: 'lock-busy' };
    const { name, pid, identity } = this.#self;
    announceHolder(this.#data, { name, pid, identity, atMs: Date.now() });
    const fresh =
      result.manifest === null &&
      !siblings(this.#data, name).some((sibling) => mayBelongToCluster(join(this.#data, sibling, 'log.db')));
    return { type: 'lock-gained', manifest: result.manifest, fresh };
  }

  /** Makes the manifest durable. Throws when it cannot be written, or the lock is not held here. */
  write(manifest: Manifest): void {
    this.#arbiter.write(manifest);
  }

  release(): void {
    this.#arbiter.release();
  }

  /**
   * Kills the silent primary of that name, or, when a replica has never heard one, whoever took the lock last.
   * @param peers who has a link to this replica
   * @returns the killed process's id, or null when nobody was killed
   */
  killHolder(name: string | null, peers: ReadonlyMap<string, Hello>): number | null {
    // A link that is gone says that its primary may be, too: then whoever has the lock now is not the one who was silent.
    const holder = name === null ? lastHolder(this.#data, limits.primarySilenceMaxMs) : peers.get(name);
    return holder !== undefined && killIfSame(holder.pid, holder.identity) ? holder.pid : null;
  }
}

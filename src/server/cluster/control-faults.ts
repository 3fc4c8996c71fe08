/**
 * What is wrong on purpose with the links and disks of the servers: each has its own in its engine, and is asked, or
 * told, by its own address. What is known of the others is as old as the last time they were asked.
 */
import { EstafetError, type FaultsView } from '../../protocol/index.ts';
import { type Asking, askServer, tellServer, wasNotHeard } from './passing.ts';

/** What is to be wrong with one server's links and disk from now on. */
export type FaultChange =
  | { readonly fault: 'cut-link' | 'heal-link'; readonly peer: string }
  | { readonly fault: 'slow-link' | 'slow-disk'; readonly ms: number };

export const faultsPath = '/api/v1/cluster/faults';

export const noFaults: FaultsView = { cutFrom: [], slowLinkMs: 0, slowDiskMs: 0 };

const isWhole = ({ cutFrom, slowLinkMs, slowDiskMs }: FaultsView): boolean =>
  cutFrom.length === 0 && slowLinkMs === 0 && slowDiskMs === 0;

/** This server's own. */
export const ownFaults = ({ log }: Pick<Asking, 'log'>): FaultsView => {
  if (log.injection === null) return noFaults;
  const { cutFrom, slowLinkMs, slowDiskMs } = log.injection.faults;
  return { cutFrom: [...cutFrom], slowLinkMs, slowDiskMs };
};

/** Makes this server's own as asked, and gives them back. Throws `not-possible` where the engine does not know how. */
export const changeOwnFaults = ({ log, limits }: Pick<Asking, 'log' | 'limits'>, change: FaultChange): FaultsView => {
  const { injection } = log;
  if (injection === null) throw new EstafetError('not-possible', 'The engine of this server cannot be broken so.');
  switch (change.fault) {
    case 'cut-link':
      injection.cutLink(change.peer);
      break;
    case 'heal-link':
      injection.healLink(change.peer);
      break;
    default:
      if (change.ms > limits.faultDelayMaxMs) {
        throw new EstafetError('bad-request', `ms: at most ${limits.faultDelayMaxMs}.`);
      }
      if (change.fault === 'slow-link') injection.slowLinks(change.ms);
      else injection.slowDisk(change.ms);
  }
  return ownFaults({ log });
};

export class FaultBoard {
  readonly #asking: Asking;
  readonly #known = new Map<string, FaultsView>();

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** By server: those with a fault only. */
  get all(): Readonly<Record<string, FaultsView>> {
    this.#note(this.#self, ownFaults(this.#asking));
    return Object.fromEntries([...this.#known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Asks the other servers. One that does not answer stays as it was; one whose process is gone has nothing wrong. */
  async refresh(): Promise<void> {
    const names = this.#asking.log.topology().replicas.map(({ name }) => name);
    for (const name of this.#known.keys()) if (!names.includes(name)) this.#known.delete(name);
    await Promise.all(names.filter((name) => name !== this.#self).map((name) => this.#refreshOne(name)));
  }

  /** Makes a server's as asked. Rejects with `no-such-server`, `not-possible`, `bad-request`, or `action-failed`. */
  async change(server: string, change: FaultChange): Promise<void> {
    const faults =
      server === this.#self
        ? changeOwnFaults(this.#asking, change)
        : await tellServer<FaultsView>(this.#asking, server, { method: 'POST', path: faultsPath, body: change });
    this.#note(server, faults);
  }

  get #self(): string {
    return this.#asking.log.topology().self;
  }

  async #refreshOne(name: string): Promise<void> {
    try {
      this.#note(name, await askServer<FaultsView>(this.#asking, name, { method: 'GET', path: faultsPath }));
    } catch (error) {
      if (wasNotHeard(error)) this.#known.delete(name);
    }
  }

  #note(name: string, faults: FaultsView): void {
    if (isWhole(faults)) this.#known.delete(name);
    else this.#known.set(name, faults);
  }
}

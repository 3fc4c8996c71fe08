/**
 * The embedded engine behind the port: answers those who append, feeds those who follow, and knows the topology. The
 * log itself is the replica's, in `replica/`; what the replica wants done, `replica-host.ts` does.
 */
import { EstafetError, isCommandId, limits } from '../../protocol/index.ts';
import type {
  Committed,
  EngineFault,
  FaultInjection,
  Index,
  InstallSnapshot,
  NewEntry,
  ReplicatedLog,
  ServerFacts,
  Topology,
  Trace,
  Unsubscribe,
} from '../log.ts';
import type { EmbeddedOptions } from './host-options.ts';
import { injectionInto } from './injection.ts';
import { LogDamaged } from './log-disk.ts';
import { ReplicaHost } from './replica-host.ts';
import { SiblingFolders } from './sibling-folders.ts';
import { noFacts, SiblingStatuses, type Status, viewOf } from './sibling-status.ts';

interface Waiter {
  resolve(entry: Committed): void;
  reject(error: EstafetError): void;
}

/** Entries that `follow` hands out at once. */
const followBatchEntries = 1_024;

/** Opens this server's replica and joins the others of its data folder. Rejects when its log or its socket cannot be opened. */
export const openEmbeddedLog = async (options: EmbeddedOptions): Promise<ReplicatedLog> => {
  const log = new EmbeddedLog(options);
  await log.start();
  return log;
};

class EmbeddedLog implements ReplicatedLog {
  readonly origin: string;
  readonly injection: FaultInjection;
  readonly #folders: SiblingFolders;
  readonly #host: ReplicaHost;
  readonly #closed = Promise.withResolvers<EngineFault | null>();
  readonly #siblings = new SiblingStatuses();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #castHandlers = new Set<(topic: string, body: Uint8Array, from: string) => void>();
  readonly #topologyHandlers = new Set<(topology: Topology, change: 'roles' | 'figures') => void>();
  readonly #traceHandlers = new Set<(trace: Trace) => void>();
  #sleepers: (() => void)[] = [];
  #stepDowns: { resolve(): void; reject(error: EstafetError): void }[] = [];
  #teller: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  #committed: Index;
  #applied: Index = 0;
  #facts: ServerFacts = noFacts;
  #stopped = false;

  constructor(options: EmbeddedOptions) {
    this.#folders = new SiblingFolders(options.data, options.name);
    this.#host = new ReplicaHost(options, {
      committed: (upto) => this.#commit(upto),
      installed: ({ index }) => {
        this.#committed = index;
        this.#wakeSleepers();
      },
      gaveUp: (ids, code) => {
        for (const id of ids) this.#settle(id, (waiter) => waiter.reject(new EstafetError(code)));
      },
      steppedDown: (to) => this.#steppedDown(to),
      changed: () => this.#rolesChanged(),
      trace: (trace) => {
        for (const handler of this.#traceHandlers) handler(trace);
      },
      cast: (from, topic, body) => {
        for (const handler of this.#castHandlers) handler(topic, body, from);
      },
      status: (from, status) => {
        if (this.#siblings.heed(from, status as Status, performance.now())) this.#rolesChanged();
      },
      halted: (fault) => void this.#stop(fault),
    });
    this.origin = this.#host.incarnation;
    this.injection = injectionInto(this.#host.mesh, this.#host.slowDisk);
    this.#committed = this.#host.status.committed;
  }

  async start(): Promise<void> {
    await this.#host.start();
    this.#teller = setInterval(() => this.#tell('figures'), limits.statusIntervalMs);
  }

  get closed(): Promise<EngineFault | null> {
    return this.#closed.promise;
  }

  append(entry: NewEntry): Promise<Committed> {
    if (this.#stopped) return Promise.reject(new EstafetError('shutting-down'));
    if (!isCommandId(entry.id)) return Promise.reject(new EstafetError('bad-id'));
    const size = entry.body.length;
    if (size > limits.entryMaxBytes) {
      const detail = `a command of ${size} bytes; at most ${limits.entryMaxBytes}`;
      return Promise.reject(new EstafetError('too-large', detail));
    }
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(entry.id);
      if (waiters !== undefined) {
        waiters.push({ resolve, reject });
        return;
      }
      this.#waiters.set(entry.id, [{ resolve, reject }]);
      this.#host.append(entry);
    });
  }

  async *follow(after: Index, install?: InstallSnapshot): AsyncIterable<readonly Committed[]> {
    let next = after + 1;
    while (!this.#stopped) {
      if (next <= this.#host.window.base.index) {
        next = (await this.#install(install)) + 1;
        continue;
      }
      if (next > this.#committed) {
        await new Promise<void>((wake) => this.#sleepers.push(wake));
        continue;
      }
      const entries = this.#read(next);
      if (entries.length === 0) {
        // The log on the disk is being replaced, and its window does not know yet.
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      next += entries.length;
      yield entries;
    }
  }

  /** Gives the newest snapshot to whoever follows. One that is lost or damaged makes this copy of the log worthless. */
  async #install(install: InstallSnapshot | undefined): Promise<Index> {
    if (install === undefined)
      throw new Error('what comes next is in the log no more, and a snapshot is not asked for');
    const { base } = this.#host.window;
    const snapshot = await this.#host.snapshotter.handOut(base.index, install);
    if (snapshot !== null) return snapshot.index;
    const lost = new LogDamaged(`it begins at ${base.index}, and its snapshot of what came before is lost or damaged`);
    this.#host.damaged(lost);
    throw lost;
  }

  #read(from: Index): readonly Committed[] {
    try {
      return this.#host.window.read(from, this.#committed, followBatchEntries, limits.appendFrameMaxBytes);
    } catch (error) {
      this.#host.damaged(error);
      throw error;
    }
  }

  cast(topic: string, body: Uint8Array): void {
    if (body.length > limits.castMaxBytes) throw new EstafetError('too-large', `a cast of ${body.length} bytes`);
    if (!this.#stopped) this.#host.mesh.cast(topic, body);
  }

  onCast(handler: (topic: string, body: Uint8Array, from: string) => void): Unsubscribe {
    this.#castHandlers.add(handler);
    return () => this.#castHandlers.delete(handler);
  }

  report(applied: Index, facts: ServerFacts): void {
    this.#applied = applied;
    this.#facts = facts;
    this.#host.snapshotter.considerAt(applied);
  }

  fingerprintAt(index: Index): string | null {
    if (index > this.#committed) return null;
    const at = this.#host.window.at(index);
    return at === null ? null : Buffer.from(at.hash).toString('hex');
  }

  topology(): Topology {
    const { cluster, epoch, primary, inSync, waiting } = this.#host.status;
    const { name: self, peers } = this.#host;
    const nowMs = performance.now();
    const replicas = this.#folders.names(this.#siblings.names, nowMs).map((name) => {
      const { status, stale } = this.#siblings.of(name, nowMs);
      return viewOf(name, status, { away: stale || !peers.has(name), epoch, inSync });
    });
    replicas.push(viewOf(self, this.#status(), { away: false, epoch, inSync }));
    replicas.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { cluster, self, epoch, primary, waiting, replicas };
  }

  isSettled(): boolean {
    return this.#host.status.isSettled;
  }

  onTopology(handler: (topology: Topology, change: 'roles' | 'figures') => void): Unsubscribe {
    this.#topologyHandlers.add(handler);
    return () => this.#topologyHandlers.delete(handler);
  }

  onTrace(handler: (trace: Trace) => void): Unsubscribe {
    this.#traceHandlers.add(handler);
    return () => this.#traceHandlers.delete(handler);
  }

  stepDown(): Promise<void> {
    if (this.#stopped) return Promise.reject(new EstafetError('shutting-down'));
    return new Promise((resolve, reject) => {
      this.#stepDowns.push({ resolve, reject });
      this.#host.input({ type: 'step-down' });
    });
  }

  close(): Promise<void> {
    return this.#stop(null);
  }

  #commit(upto: Index): void {
    let from = this.#committed + 1;
    while (this.#waiters.size > 0 && from <= upto) {
      const entries = this.#host.window.read(from, upto, followBatchEntries, limits.appendFrameMaxBytes);
      for (const entry of entries) this.#settle(entry.id, (waiter) => waiter.resolve(entry));
      from += entries.length;
    }
    this.#committed = upto;
    this.#wakeSleepers();
  }

  #settle(id: string, how: (waiter: Waiter) => void): void {
    const waiters = this.#waiters.get(id);
    if (waiters === undefined) return;
    this.#waiters.delete(id);
    for (const waiter of waiters) how(waiter);
  }

  #wakeSleepers(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }

  #steppedDown(to: string | null): void {
    const waiting = this.#stepDowns;
    this.#stepDowns = [];
    for (const { resolve, reject } of waiting) {
      if (to === null) reject(new EstafetError('unavailable', 'No backup can take the primary’s role over now.'));
      else resolve();
    }
  }

  #status(): Status {
    const { role, epoch, last, committed } = this.#host.status;
    const leads = role === 'primary';
    const { progress: fetching } = this.#host.snapshotter;
    return { pid: process.pid, leads, epoch, last, committed, applied: this.#applied, fetching, facts: this.#facts };
  }

  /** A takeover is several changes within few milliseconds, and has more urgent things to do than to tell each. */
  #rolesChanged(): void {
    if (this.#host.status.isSettled) this.#tellRoles();
    else this.#settling ??= setTimeout(() => this.#tellRoles(), limits.rolesSettleMs);
  }

  #tellRoles(): void {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = null;
    this.#tell('roles');
  }

  #tell(change: 'roles' | 'figures'): void {
    if (this.#stopped) return;
    this.#host.mesh.status(this.#status());
    this.#tellTopology(change);
  }

  #tellTopology(change: 'roles' | 'figures'): void {
    if (this.#stopped || this.#topologyHandlers.size === 0) return;
    const topology = this.topology();
    for (const handler of this.#topologyHandlers) handler(topology, change);
  }

  async #stop(fault: EngineFault | null): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#teller !== null) clearInterval(this.#teller);
    if (this.#settling !== null) clearTimeout(this.#settling);
    const error = new EstafetError(fault === null ? 'shutting-down' : 'unknown');
    for (const id of [...this.#waiters.keys()]) this.#settle(id, (waiter) => waiter.reject(error));
    for (const waiting of this.#stepDowns) waiting.reject(error);
    this.#wakeSleepers();
    // Rule 16: the reason is not kept waiting by a snapshot that is being written.
    if (fault !== null) this.#closed.resolve(fault);
    await this.#host.close();
    this.#closed.resolve(null);
  }
}

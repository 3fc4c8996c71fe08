/**
 * The embedded engine: the shell around a replica's logic. It gives the logic what happens (commands, frames, time, the
 * disk's answers) and does what the logic says, in order; it decides nothing about the log itself.
 *
 * Inputs of one turn of the event loop are taken together: their frames leave before the disk is waited for, and all
 * they store is one transaction (group commit).
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EstafetError, isCommandId, limits } from '../../protocol/index.ts';
import type {
  Committed,
  EngineFault,
  Index,
  NewEntry,
  ReplicatedLog,
  ReplicaView,
  ServerFacts,
  Topology,
  Trace,
  Unsubscribe,
} from '../log.ts';
import { Arbiter } from './arbiter.ts';
import { belongsToCluster, type LogDisk, type LogState, openLogDisk } from './log-disk.ts';
import { type Hello, Mesh, siblings } from './mesh.ts';
import { killIfSame, processIdentity } from './process-identity.ts';
import type { Input, Output, StoreOperation } from './replica/effects.ts';
import { LogWindow } from './replica/log-window.ts';
import { Replica } from './replica/replica.ts';

/** What an engine needs to know. */
export interface EmbeddedOptions {
  /** This server's name: its folder under `data`, and its place among the others. */
  readonly name: string;
  /** The cluster's data folder, on a file system of this machine. */
  readonly data: string;
  /** Members that the in-sync set needs for anything to be committed. 1 unless said otherwise. */
  readonly minInSync?: number;
  /** Promote this server with the log it has, whatever the manifest says: an operator's last resort. */
  readonly unsafePromote?: boolean;
  readonly logger?: { warn(message: string): void; info(message: string): void };
}

interface Waiter {
  resolve(entry: Committed): void;
  reject(error: EstafetError): void;
}

/** What a server tells its siblings about itself four times a second. */
interface Status {
  readonly pid: number;
  readonly leads: boolean;
  readonly epoch: number;
  readonly last: Index;
  readonly committed: Index;
  readonly applied: Index;
  readonly facts: ServerFacts;
}

const noFacts: ServerFacts = { port: 0, fingerprint: '', connections: 0, startedAt: 0 };
/** Positions that `follow` hands out at once. */
const followBatchEntries = 1_024;
/** At the very first start, each server leaves the lock this long to the one before it in the alphabet. */
const foundingPatienceMs = 150;

/** Opens this server's replica and joins the others of its data folder. Rejects with a fault's sentence when it cannot. */
export const openEmbeddedLog = async (options: EmbeddedOptions): Promise<ReplicatedLog> => {
  const log = new EmbeddedLog(options);
  await log.start();
  return log;
};

class EmbeddedLog implements ReplicatedLog {
  readonly closed: Promise<EngineFault | null>;
  readonly origin: string;
  readonly #options: EmbeddedOptions;
  readonly #disk: LogDisk;
  readonly #arbiter: Arbiter;
  readonly #window: LogWindow;
  readonly #replica: Replica;
  readonly #mesh: Mesh;
  readonly #peers = new Map<string, Hello>();
  readonly #statuses = new Map<string, { readonly status: Status; readonly atMs: number }>();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #castHandlers = new Set<(topic: string, body: Uint8Array, from: string) => void>();
  readonly #topologyHandlers = new Set<(topology: Topology, change: 'roles' | 'figures') => void>();
  readonly #traceHandlers = new Set<(trace: Trace) => void>();
  readonly #wakeFollowers = new Set<() => void>();
  readonly #stepDowns: { resolve(): void; reject(error: EstafetError): void }[] = [];
  #settleClosed!: (fault: EngineFault | null) => void;
  #inputs: Input[] = [];
  #commands: NewEntry[] = [];
  #pumping = false;
  #timers: NodeJS.Timeout[] = [];
  #committed: Index;
  #applied: Index = 0;
  #facts: ServerFacts = noFacts;
  #stopped = false;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    const folder = join(options.data, options.name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { disk, damage } = openLogDisk(folder);
    if (damage !== null) options.logger?.warn(`the log was damaged, and starts over: ${damage}`);
    this.#disk = disk;
    const { state, last } = disk;
    this.origin = state.incarnation;
    this.#arbiter = new Arbiter(join(options.data, 'lock.db'));
    this.#window = new LogWindow(disk, { maxEntries: limits.entryCacheMax, maxBytes: limits.entryCacheMaxBytes }, last);
    this.#committed = state.committed;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#replica = this.#boot(state);
    const hello: Hello = {
      protocol: 1,
      name: options.name,
      incarnation: state.incarnation,
      pid: process.pid,
      identity: processIdentity(process.pid),
    };
    this.#mesh = new Mesh(options.data, hello, {
      linked: (peer) => {
        this.#peers.set(peer.name, peer);
        this.#input({ type: 'linked', peer: peer.name, incarnation: peer.incarnation });
        this.#mesh.status(this.#status());
      },
      unlinked: (peer) => {
        this.#peers.delete(peer);
        this.#input({ type: 'unlinked', peer });
        this.#tellTopology('roles');
      },
      message: (from, message) => this.#input({ type: 'message', from, message }),
      cast: (from, topic, body) => {
        for (const handler of this.#castHandlers) handler(topic, body, from);
      },
      status: (peer, status) => this.#heed(peer, status as Status),
      broken: (peer, error) => options.logger?.warn(`link to ${peer} cut: ${error}`),
    });
  }

  #boot(state: LogState): Replica {
    const { name, data, minInSync = 1, unsafePromote = false } = this.#options;
    const rank = siblings(data, name).filter((sibling) => sibling < name).length;
    const nameRank = Math.max(rank, Number(/\d+$/.exec(name)?.[0] ?? 1) - 1);
    const boot = {
      name,
      ...state,
      newCluster: randomUUID(),
      patienceMs: Math.min(nameRank, limits.replicasMax) * foundingPatienceMs,
    };
    return new Replica(boot, this.#window, { ...limits, minInSync, unsafePromote }, this.#now());
  }

  async start(): Promise<void> {
    await this.#mesh.start();
    this.#timers = [
      setInterval(() => this.#input({ type: 'tick' }), limits.tickIntervalMs),
      setInterval(() => {
        this.#mesh.status(this.#status());
        this.#tellTopology('figures');
      }, limits.statusIntervalMs),
    ];
    this.#input({ type: 'tick' });
  }

  // The port.

  append(entry: NewEntry): Promise<Committed> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) reject(new EstafetError('shutting-down'));
      else if (!isCommandId(entry.id)) reject(new EstafetError('bad-id'));
      else if (entry.body.length > limits.commandMaxBytes) {
        reject(
          new EstafetError('too-large', `a command of ${entry.body.length} bytes; at most ${limits.commandMaxBytes}`),
        );
      } else {
        const waiters = this.#waiters.get(entry.id);
        if (waiters !== undefined) {
          waiters.push({ resolve, reject });
          return;
        }
        this.#waiters.set(entry.id, [{ resolve, reject }]);
        this.#commands.push(entry);
        this.#schedule();
      }
    });
  }

  async *follow(after: Index): AsyncIterable<readonly Committed[]> {
    let next = after + 1;
    while (!this.#stopped) {
      if (next > this.#committed) {
        await new Promise<void>((wake) => this.#wakeFollowers.add(wake));
        continue;
      }
      const entries = this.#window.read(next, this.#committed, followBatchEntries, limits.appendFrameMaxBytes);
      next += entries.length;
      yield entries;
    }
  }

  cast(topic: string, body: Uint8Array): void {
    if (body.length > limits.castMaxBytes) throw new EstafetError('too-large', `a cast of ${body.length} bytes`);
    if (!this.#stopped) this.#mesh.cast(topic, body);
  }

  onCast(handler: (topic: string, body: Uint8Array, from: string) => void): Unsubscribe {
    this.#castHandlers.add(handler);
    return () => this.#castHandlers.delete(handler);
  }

  report(applied: Index, facts: ServerFacts): void {
    this.#applied = applied;
    this.#facts = facts;
  }

  fingerprintAt(index: Index): string | null {
    if (index > this.#committed) return null;
    const at = this.#window.at(index);
    return at === null ? null : Buffer.from(at.hash).toString('hex');
  }

  topology(): Topology {
    const { cluster, epoch, primary, inSync, waiting } = this.#replica.status;
    const { name, data } = this.#options;
    const views = [this.#view(name, this.#status(), false)];
    for (const peer of new Set([...this.#statuses.keys(), ...siblings(data, name)])) {
      const heard = this.#statuses.get(peer);
      const away =
        !this.#peers.has(peer) || heard === undefined || performance.now() - heard.atMs > limits.statusMaxAgeMs;
      views.push(this.#view(peer, heard?.status ?? null, away));
    }
    const replicas = views
      .map((view): ReplicaView => ({ ...view, inSync: inSync.includes(view.name) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { cluster, self: name, epoch, primary, waiting, replicas };
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
    return new Promise((resolve, reject) => {
      this.#stepDowns.push({ resolve, reject });
      this.#input({ type: 'step-down' });
    });
  }

  async close(): Promise<void> {
    await this.#stop(null);
  }

  // Inputs.

  #now() {
    return { monotonicMs: performance.now(), wallMs: Date.now() };
  }

  #input(input: Input): void {
    if (this.#stopped) return;
    this.#inputs.push(input);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#pumping = false;
    while (!this.#stopped && (this.#inputs.length > 0 || this.#commands.length > 0)) {
      const inputs = this.#inputs;
      this.#inputs = [];
      if (this.#commands.length > 0) {
        inputs.push({ type: 'append', commands: this.#commands });
        this.#commands = [];
      }
      const stores: StoreOperation[] = [];
      for (const input of inputs) {
        for (const output of this.#replica.step(input, this.#now())) this.#perform(output, stores);
      }
      this.#store(stores);
    }
  }

  /** Puts what this turn stores on disk, after what it sends is on the wire: backups store while this disk does. */
  #store(operations: readonly StoreOperation[]): void {
    if (operations.length === 0 || this.#stopped) return;
    this.#mesh.flush();
    try {
      this.#disk.store(operations, this.#replica.status.committed);
      this.#inputs.push({ type: 'stored', count: operations.length });
    } catch (error) {
      this.#diskFailed('the log', error);
    }
  }

  #diskFailed(what: string, error: unknown): void {
    const message = `${this.#options.name} could not write ${what}: ${error instanceof Error ? error.message : error}. Nothing unwritten was acknowledged; free or mend the disk and start it again`;
    this.#inputs.push({ type: 'failed', fault: { code: 'disk-failed', message, exitCode: 74 } });
    this.#schedule();
  }

  // Outputs.

  #perform(output: Output, stores: StoreOperation[]): void {
    switch (output.type) {
      case 'send':
        this.#mesh.send(output.to, output.message);
        break;
      case 'store':
        stores.push(output.operation);
        break;
      case 'commit':
        this.#commit(output.upto);
        break;
      case 'try-lock':
        this.#tryLock();
        break;
      case 'release-lock':
        this.#arbiter.release();
        break;
      case 'write-manifest':
        this.#mesh.flush();
        try {
          this.#arbiter.write(output.manifest);
          this.#inputs.push({ type: 'manifest-stored' });
        } catch (error) {
          this.#diskFailed('lock.db', error);
        }
        break;
      case 'complete-from':
        void this.#completeFrom(output);
        break;
      case 'kill-holder':
        this.#killHolder(output.name);
        break;
      case 'give-up':
        for (const id of output.ids) this.#settle(id, (waiter) => waiter.reject(new EstafetError(output.code)));
        break;
      case 'stepped-down':
        for (const waiting of this.#stepDowns.splice(0)) {
          if (output.to === null)
            waiting.reject(new EstafetError('unavailable', 'no backup can take the primary’s role'));
          else waiting.resolve();
        }
        break;
      case 'wake':
        setTimeout(() => this.#input({ type: 'tick' }), output.inMs);
        break;
      case 'changed':
        this.#mesh.status(this.#status());
        this.#tellTopology('roles');
        break;
      case 'trace': {
        const trace = { at: Date.now(), server: this.#options.name, ...output.trace };
        for (const handler of this.#traceHandlers) handler(trace);
        break;
      }
      case 'halt':
        void this.#stop(output.fault);
        break;
    }
  }

  #commit(upto: Index): void {
    if (this.#waiters.size > 0) {
      let from = this.#committed + 1;
      while (from <= upto) {
        const entries = this.#window.read(from, upto, followBatchEntries, limits.appendFrameMaxBytes);
        for (const entry of entries) this.#settle(entry.id, (waiter) => waiter.resolve(entry));
        from += entries.length;
      }
    }
    this.#committed = upto;
    this.#wake();
  }

  #settle(id: string, how: (waiter: Waiter) => void): void {
    const waiters = this.#waiters.get(id);
    if (waiters === undefined) return;
    this.#waiters.delete(id);
    for (const waiter of waiters) how(waiter);
  }

  #wake(): void {
    const sleepers = [...this.#wakeFollowers];
    this.#wakeFollowers.clear();
    for (const wake of sleepers) wake();
  }

  #tryLock(): void {
    try {
      const result = this.#arbiter.tryLock();
      if (!result.gained) {
        this.#inputs.push({ type: 'lock-busy' });
        return;
      }
      const { name, data } = this.#options;
      // For the others to know whom to kill should this process hang; it proves nothing and nobody trusts it for more.
      writeFileSync(
        join(data, 'primary.json'),
        JSON.stringify({ name, pid: process.pid, identity: processIdentity(process.pid) }),
      );
      const fresh = result.manifest === null && !siblings(data, name).some((sibling) => this.#hasHistory(sibling));
      this.#inputs.push({ type: 'lock-gained', manifest: result.manifest, fresh });
    } catch (error) {
      this.#diskFailed('lock.db', error);
    }
  }

  #hasHistory(sibling: string): boolean {
    try {
      return belongsToCluster(join(this.#options.data, sibling, 'log.db'));
    } catch {
      return true;
    }
  }

  async #completeFrom(output: Extract<Output, { type: 'complete-from' }>): Promise<void> {
    const reasons: string[] = [];
    for (const { name, incarnation } of output.members) {
      try {
        const path = join(this.#options.data, name, 'log.db');
        const result = await this.#disk.completeFrom(path, output.cluster, incarnation);
        if (typeof result === 'number') {
          this.#input({ type: 'completed', member: name, epoch: result, last: this.#disk.last });
          return;
        }
        reasons.push(`${name}: ${result}`);
      } catch (error) {
        reasons.push(`${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    this.#input({
      type: 'not-completed',
      member: output.members.map((member) => member.name).join(),
      reason: reasons.join('; '),
    });
  }

  #killHolder(name: string | null): void {
    const known = name === null ? undefined : this.#peers.get(name);
    let holder: { pid: number; identity: string | null } | undefined = known;
    if (holder === undefined) {
      try {
        holder = JSON.parse(readFileSync(join(this.#options.data, 'primary.json'), 'utf8')) as typeof holder;
      } catch {
        return;
      }
    }
    if (holder === undefined || !killIfSame(holder.pid, holder.identity)) return;
    this.#options.logger?.warn(
      `${name ?? 'the lock’s holder'} (pid ${holder.pid}) gave no sign of life and was killed`,
    );
    const trace: Trace = {
      at: Date.now(),
      server: this.#options.name,
      epoch: this.#replica.status.epoch,
      what: 'primary-killed',
      ...(name === null ? {} : { peer: name }),
    };
    for (const handler of this.#traceHandlers) handler(trace);
  }

  // What is told about this replica.

  #status(): Status {
    const { role, epoch, last, committed } = this.#replica.status;
    return {
      pid: process.pid,
      leads: role === 'primary',
      epoch,
      last,
      committed,
      applied: this.#applied,
      facts: this.#facts,
    };
  }

  #heed(peer: string, status: Status): void {
    const before = this.#statuses.get(peer)?.status;
    this.#statuses.set(peer, { status, atMs: performance.now() });
    const changed = before === undefined || before.leads !== status.leads || before.facts.port !== status.facts.port;
    if (changed) this.#tellTopology('roles');
  }

  #view(name: string, status: Status | null, away: boolean): Omit<ReplicaView, 'inSync'> {
    const { pid = 0, leads = false, epoch = 0, last = 0, committed = 0, applied = 0, facts = noFacts } = status ?? {};
    const leading = leads && epoch >= this.#replica.status.epoch;
    return { name, role: away ? 'down' : leading ? 'primary' : 'backup', pid, epoch, last, committed, applied, facts };
  }

  #tellTopology(change: 'roles' | 'figures'): void {
    if (this.#stopped || this.#topologyHandlers.size === 0) return;
    const topology = this.topology();
    for (const handler of this.#topologyHandlers) handler(topology, change);
  }

  async #stop(fault: EngineFault | null): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#arbiter.release();
    const code = fault === null ? 'shutting-down' : 'unknown';
    for (const id of [...this.#waiters.keys()]) this.#settle(id, (waiter) => waiter.reject(new EstafetError(code)));
    for (const waiting of this.#stepDowns.splice(0)) waiting.reject(new EstafetError('shutting-down'));
    this.#wake();
    await this.#mesh.close();
    this.#disk.close();
    this.#settleClosed(fault);
  }
}

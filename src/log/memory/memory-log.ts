/**
 * The log in memory: the port in one process, for tests of the rooms above. Entries get an order and a chained hash and
 * are handed to followers as in an engine, but nothing is stored, nothing fails, and the first member stays primary.
 * The members of `openMemoryLogs` share one log, as the servers of a cluster do.
 */
import { createHash } from 'node:crypto';
import { EstafetError, isCommandId, limits } from '../../protocol/index.ts';
import type { Committed, EngineFault, NewEntry, ReplicatedLog, ReplicaView, ServerFacts, Topology } from '../log.ts';

type TopologyHandler = Parameters<ReplicatedLog['onTopology']>[0];
type CastHandler = Parameters<ReplicatedLog['onCast']>[0];

const epoch = 1;
const noFacts: ServerFacts = { port: 0, fingerprint: '', connections: 0, startedAt: 0 };

/** The chain: SHA-256 over the previous hash, the entry's place and time, its id and its body. */
const chain = (previous: Uint8Array, index: number, at: number, entry: NewEntry): Uint8Array =>
  createHash('sha256').update(previous).update(`${index} ${epoch} ${at} ${entry.id}\n`).update(entry.body).digest();

/** What all members share: the entries, and who is there. */
class MemoryCluster {
  readonly entries: Committed[] = [];
  readonly members: MemoryLog[] = [];
  #waiting: { readonly entry: NewEntry; readonly commit: (entry: Committed) => void }[] = [];
  #lastAt = 0;

  /** Entries of one turn of the event loop are committed together in the next, as a batch of an engine is. */
  append(entry: NewEntry): Promise<Committed> {
    const { promise, resolve } = Promise.withResolvers<Committed>();
    if (this.#waiting.length === 0) setImmediate(() => this.#commit());
    this.#waiting.push({ entry: { id: entry.id, body: entry.body.slice() }, commit: resolve });
    return promise;
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#lastAt = Math.max(this.#lastAt, Date.now());
    for (const { entry, commit } of batch) {
      const index = this.entries.length + 1;
      const previous = this.entries.at(-1)?.hash ?? new Uint8Array(32);
      const hash = chain(previous, index, this.#lastAt, entry);
      const committed: Committed = { ...entry, index, epoch, at: this.#lastAt, hash, kind: 'command' };
      this.entries.push(committed);
      commit(committed);
    }
    for (const member of this.members) member.wake();
  }

  topology(self: string): Topology {
    const last = this.entries.length;
    const replicas = this.members.map(
      (member): ReplicaView => ({
        name: member.name,
        role: member.isClosed ? 'down' : member === this.members[0] ? 'primary' : 'backup',
        pid: process.pid,
        epoch,
        last,
        committed: last,
        applied: member.applied,
        fetching: null,
        inSync: !member.isClosed,
        facts: member.facts,
      }),
    );
    const primary = this.members[0]?.isClosed === false ? this.members[0].name : null;
    return { cluster: 'memory', self, epoch, primary, waiting: null, replicas };
  }

  changed(change: 'roles' | 'figures'): void {
    for (const member of this.members) {
      for (const handler of member.topologyHandlers) handler(this.topology(member.name), change);
    }
  }
}

class MemoryLog implements ReplicatedLog {
  readonly name: string;
  readonly origin = 'memory';
  readonly injection = null;
  readonly topologyHandlers = new Set<TopologyHandler>();
  readonly castHandlers = new Set<CastHandler>();
  applied = 0;
  facts = noFacts;
  isClosed = false;
  readonly #cluster: MemoryCluster;
  readonly #closed = Promise.withResolvers<EngineFault | null>();
  #wakers: (() => void)[] = [];

  constructor(name: string, cluster: MemoryCluster) {
    this.name = name;
    this.#cluster = cluster;
  }

  get closed(): Promise<EngineFault | null> {
    return this.#closed.promise;
  }

  fingerprintAt(index: number): string | null {
    const entry = this.#cluster.entries[index - 1];
    return entry === undefined ? null : Buffer.from(entry.hash).toString('hex');
  }

  async append(entry: NewEntry): Promise<Committed> {
    if (this.isClosed) throw new EstafetError('shutting-down');
    if (!isCommandId(entry.id)) throw new EstafetError('bad-id');
    if (entry.body.length > limits.entryMaxBytes) throw new EstafetError('too-large');
    if (this.#cluster.members[0]?.isClosed !== false) throw new EstafetError('unavailable');
    return this.#cluster.append(entry);
  }

  async *follow(after: number): AsyncGenerator<readonly Committed[]> {
    for (let at = after; !this.isClosed; ) {
      const batch = this.#cluster.entries.slice(at, at + limits.applySliceEntries);
      at += batch.length;
      if (batch.length > 0) yield batch;
      else await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }

  wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }

  cast(topic: string, body: Uint8Array): void {
    const copy = body.slice();
    setImmediate(() => {
      for (const member of this.#cluster.members) {
        if (member !== this) for (const handler of member.castHandlers) handler(topic, copy, this.name);
      }
    });
  }

  onCast(handler: CastHandler): () => void {
    this.castHandlers.add(handler);
    return () => this.castHandlers.delete(handler);
  }

  report(applied: number, facts: ServerFacts): void {
    this.applied = applied;
    this.facts = facts;
    setImmediate(() => this.#cluster.changed('figures'));
  }

  isSettled(): boolean {
    return this.topology().primary !== null;
  }

  topology(): Topology {
    return this.#cluster.topology(this.name);
  }

  onTopology(handler: TopologyHandler): () => void {
    this.topologyHandlers.add(handler);
    return () => this.topologyHandlers.delete(handler);
  }

  onTrace(): () => void {
    return () => {};
  }

  async stepDown(): Promise<void> {
    throw new EstafetError('unavailable', 'The log in memory keeps its primary.');
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    this.#closed.resolve(null);
    this.#cluster.changed('roles');
  }
}

/** The logs of a cluster within this process, one a name; the first is the primary. */
export const openMemoryLogs = (names: readonly string[]): readonly ReplicatedLog[] => {
  const cluster = new MemoryCluster();
  for (const name of names) cluster.members.push(new MemoryLog(name, cluster));
  return cluster.members;
};

/** The log of a cluster of one. */
export const openMemoryLog = (options: { readonly name: string }): ReplicatedLog => {
  const [log] = openMemoryLogs([options.name]);
  if (log === undefined) throw new Error('A cluster of one has one log.');
  return log;
};

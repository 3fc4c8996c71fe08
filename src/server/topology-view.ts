/** The cluster as clients see it: the log's topology with addresses on the host name that the client used. */
import type { Chat } from '../chat/index.ts';
import type { ReplicatedLog, ReplicaView, Topology } from '../log/index.ts';
import { type ClusterBrief, limits, type ServerView, type TopologyView } from '../protocol/index.ts';

/** What of this server the topology does not know as freshly as the server itself. */
export interface SelfFacts {
  readonly port: number;
  readonly startedAt: number;
  readonly connections: number;
}

const urlOf = (hostname: string, port: number): string => (port === 0 ? '' : `http://${hostname}:${port}`);

export class ClusterView {
  readonly #log: ReplicatedLog;
  readonly #chat: Chat;
  readonly #frontPort: number | null;
  readonly #self: () => SelfFacts;
  #ports: ReadonlySet<number> = new Set();
  #stored = 1;
  /** Until it is known how far the others are, this server may have nothing to show. */
  #isBehind = true;

  constructor(log: ReplicatedLog, chat: Chat, frontPort: number | null, self: () => SelfFacts) {
    this.#log = log;
    this.#chat = chat;
    this.#frontPort = frontPort;
    this.#self = self;
  }

  /** For `welcome` and `servers` frames. */
  brief(hostname: string): ClusterBrief {
    const { epoch, primary, self, replicas } = this.#log.topology();
    const own = this.#self();
    return {
      epoch,
      primary,
      front: this.#frontPort === null ? null : urlOf(hostname, this.#frontPort),
      servers: replicas.map(({ name, role, inSync, last, facts }) => {
        const url = urlOf(hostname, name === self ? own.port : facts.port);
        return { name, url, role, inSync, last };
      }),
    };
  }

  /** For `GET /topology`. */
  full(hostname: string): TopologyView {
    const { cluster, epoch, primary, self, replicas } = this.#log.topology();
    return {
      cluster,
      epoch,
      primary,
      you: self,
      servers: replicas.map((replica) => this.#server(replica, replica.name === self, hostname)),
    };
  }

  /** Whether this server has so much to catch up with that another one should serve its clients. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Takes note of a changed topology. */
  refresh({ replicas, primary, self }: Topology): void {
    this.#isBehind = this.#lags(replicas, primary, self);
    this.#stored = Math.max(1, replicas.filter(({ inSync }) => inSync).length);
    const ports = new Set([this.#self().port, this.#frontPort ?? 0, ...replicas.map(({ facts }) => facts.port)]);
    ports.delete(0);
    this.#ports = ports;
  }

  /** Ports on which pages of this cluster are served. */
  get ports(): ReadonlySet<number> {
    return this.#ports;
  }

  /** On how many servers' disks everything committed is. */
  get stored(): number {
    return this.#stored;
  }

  /** Without a primary it stays as it was: a server that has caught up goes on serving through a takeover. */
  #lags(replicas: readonly ReplicaView[], primary: string | null, self: string): boolean {
    const leader = replicas.find(({ name }) => name === primary);
    const own = replicas.find(({ name }) => name === self);
    if (leader === undefined || own === undefined) return this.#isBehind;
    if (own.inSync || leader === own) return false;
    if (own.fetching !== null) return true;
    // A primary that has said nothing of itself yet may be anywhere.
    if (leader.facts.startedAt === 0) return this.#isBehind;
    return leader.committed - this.#chat.position.index > limits.servingLagEntries;
  }

  #server(replica: ReplicaView, isSelf: boolean, hostname: string): ServerView {
    const { name, role, pid, epoch, last, committed, inSync } = replica;
    const { index, hash } = this.#chat.position;
    const facts = isSelf ? { ...this.#self(), fingerprint: hash } : replica.facts;
    const isUp = role !== 'down' && facts.startedAt > 0;
    return {
      name,
      url: urlOf(hostname, facts.port),
      pid,
      role,
      epoch,
      last,
      committed,
      applied: isSelf ? index : replica.applied,
      inSync,
      fetching: replica.fetching,
      fingerprint: facts.fingerprint,
      connections: role === 'down' ? 0 : facts.connections,
      uptimeMs: isUp ? Math.max(0, Date.now() - facts.startedAt) : 0,
    };
  }
}

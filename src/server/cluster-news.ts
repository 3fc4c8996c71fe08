/**
 * Watches the topology and tells the sockets: a change of roles at once, moving figures now and then, and never the
 * same thing twice.
 */
import type { ReplicatedLog, Topology } from '../log/index.ts';
import type { EdgeLimits } from './options.ts';
import type { Presence } from './presence.ts';
import type { Sockets } from './socket/sockets.ts';
import type { ClusterView } from './topology-view.ts';

/** With more sockets than this, moving figures are sent less often in proportion. */
const socketsAtFullRate = 500;

export class ClusterNews {
  readonly #cluster: ClusterView;
  readonly #sockets: Sockets;
  readonly #presence: Presence;
  readonly #limits: EdgeLimits;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | null = null;
  #toldAtMs = 0;
  #told = '';

  constructor(log: ReplicatedLog, cluster: ClusterView, sockets: Sockets, presence: Presence, limits: EdgeLimits) {
    this.#cluster = cluster;
    this.#sockets = sockets;
    this.#presence = presence;
    this.#limits = limits;
    this.#unsubscribe = log.onTopology((topology, change) => this.#changed(topology, change));
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer ?? undefined);
  }

  #changed(topology: Topology, change: 'roles' | 'figures'): void {
    this.#cluster.refresh(topology);
    if (change === 'roles') {
      for (const { name, role } of topology.replicas) if (role === 'down') this.#presence.forget(name);
      this.#tell();
      return;
    }
    const { serversDebounceMs, serversFiguresIntervalMs } = this.#limits;
    const intervalMs = serversFiguresIntervalMs * Math.max(1, this.#sockets.count / socketsAtFullRate);
    const waitMs = Math.max(serversDebounceMs, this.#toldAtMs + intervalMs - performance.now());
    this.#timer ??= setTimeout(() => this.#tell(), waitMs).unref();
  }

  #tell(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    const now = JSON.stringify(this.#cluster.brief(''));
    if (now === this.#told) return;
    this.#told = now;
    this.#toldAtMs = performance.now();
    this.#sockets.tellServers((hostname) => this.#cluster.brief(hostname));
  }
}

/**
 * The last ten minutes of the cluster, as this server knows them: events, and the topology at each change and about
 * every second while figures move. It is kept whether somebody watches or not, in memory, within bounds. A server that
 * has just started asks another one for what was before.
 */
import { type ReplicatedLog, type Unsubscribe, wallMs } from '../../log/index.ts';
import type { ClusterEvent, ClusterHistory, TopologyView } from '../../protocol/index.ts';
import type { EdgeLimits, Logger } from '../options.ts';
import type { ClusterView } from '../topology-view.ts';
import type { EventBoard } from './event-board.ts';

type Moment = ClusterHistory['topologies'][number];

interface Charge {
  readonly log: ReplicatedLog;
  readonly board: EventBoard;
  readonly view: ClusterView;
  readonly limits: EdgeLimits;
  readonly logger: Logger;
  /** Asks a server for its history. */
  readonly ask: (server: string) => Promise<ClusterHistory>;
}

/** What it is in a picture: how long servers have been up alone is no change. */
const essence = ({ servers, ...rest }: TopologyView): string =>
  JSON.stringify([rest, servers.map((server) => ({ ...server, uptimeMs: 0 }))]);

/** The newest of a list that are not older than `oldest`. */
const recent = <T extends { readonly at: number }>(list: readonly T[], oldest: number, most: number): T[] =>
  list.filter(({ at }) => at >= oldest).slice(-most);

export class History {
  readonly #charge: Charge;
  readonly #ends: readonly Unsubscribe[];
  #events: ClusterEvent[] = [];
  #topologies: Moment[] = [];
  #told = '';
  #asked = 0;
  /** Events that another one's history brought: some of them are still on their way here as casts. */
  #brought: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | null = null;
  #figures: NodeJS.Timeout | null = null;

  constructor(charge: Charge) {
    this.#charge = charge;
    const { log, board, limits } = charge;
    this.#ends = [
      board.onEvents((events) => this.#heard(events)),
      log.onTopology((_, change) => {
        if (change === 'roles') this.#picture();
        else this.#figures ??= setTimeout(() => this.#picture(), limits.clusterHistoryIntervalMs).unref();
      }),
    ];
    this.#timer = setTimeout(() => void this.#fetch(), limits.clusterHistoryRetryMs).unref();
  }

  /** Events of the last ten minutes, in the order in which they happened; the newest `most` of them. */
  events(most = this.#charge.limits.clusterHistoryEventsMax): readonly ClusterEvent[] {
    const { clusterHistoryMs } = this.#charge.limits;
    return recent(this.#events, wallMs() - clusterHistoryMs, this.#events.length)
      .sort((a, b) => a.at - b.at)
      .slice(-most);
  }

  topologies(): readonly Moment[] {
    const { clusterHistoryMs, clusterHistoryTopologiesMax } = this.#charge.limits;
    return recent(this.#topologies, wallMs() - clusterHistoryMs, clusterHistoryTopologiesMax);
  }

  stop(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#timer ?? undefined);
    clearTimeout(this.#figures ?? undefined);
  }

  #heard(events: readonly ClusterEvent[]): void {
    this.#events.push(...(this.#brought.size === 0 ? events : events.filter(({ id }) => !this.#brought.has(id))));
    const { clusterHistoryEventsMax, clusterHistoryMs } = this.#charge.limits;
    // Now and then, not each time: what is too old is not given out anyway.
    if (this.#events.length <= clusterHistoryEventsMax * 1.25) return;
    this.#events = recent(this.#events, wallMs() - clusterHistoryMs, clusterHistoryEventsMax);
  }

  #picture(): void {
    clearTimeout(this.#figures ?? undefined);
    this.#figures = null;
    const { view, limits } = this.#charge;
    const topology = view.full('');
    const now = essence(topology);
    if (now === this.#told) return;
    this.#told = now;
    this.#topologies.push({ at: wallMs(), topology });
    if (this.#topologies.length <= limits.clusterHistoryTopologiesMax * 1.25) return;
    this.#topologies = recent(this.#topologies, wallMs() - limits.clusterHistoryMs, limits.clusterHistoryTopologiesMax);
  }

  /** From whichever other server is up: the one that leads, if there is one, has been for longest as a rule. */
  async #fetch(): Promise<void> {
    const { log, limits, ask, logger } = this.#charge;
    const { self, primary, replicas } = log.topology();
    const others = replicas.filter(({ name, role, facts }) => name !== self && role !== 'down' && facts.port > 0);
    const other = others.find(({ name }) => name === primary) ?? others[this.#asked % (others.length || 1)];
    this.#asked++;
    try {
      if (other !== undefined) {
        this.#take(await ask(other.name));
        return;
      }
    } catch (error) {
      logger.debug({ err: error, from: other?.name }, 'a history could not be had');
    }
    if (this.#asked < limits.clusterHistoryTriesMax)
      this.#timer = setTimeout(() => void this.#fetch(), limits.clusterHistoryRetryMs).unref();
  }

  /** What another one has, before and beside what there is here. */
  #take({ events, topologies }: ClusterHistory): void {
    this.#brought = new Set(events.map(({ id }) => id));
    const known = new Set(this.#events.map(({ id }) => id));
    this.#events = [...events.filter(({ id }) => !known.has(id)), ...this.#events];
    this.#timer = setTimeout(() => {
      this.#brought = new Set();
    }, this.#charge.limits.clusterHistoryDeadlineMs).unref();
    const first = this.#topologies[0]?.at ?? Number.POSITIVE_INFINITY;
    this.#topologies = [...topologies.filter(({ at }) => at < first), ...this.#topologies];
  }
}

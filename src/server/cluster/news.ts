/**
 * The channel `cluster`: what happens between the servers, told about ten times a second to whoever watches here, while
 * there is something to tell. Who begins to watch is told the whole; so is who could not be told for a while, as soon as
 * there is room again, with how much they have missed.
 */
import type { Chat } from '../../chat/index.ts';
import { type ReplicatedLog, type Unsubscribe, wallMs } from '../../log/index.ts';
import type { ClusterEvent, ClusterNews, TakeoverView } from '../../protocol/index.ts';
import type { EdgeLimits } from '../options.ts';
import type { Channel, Watcher } from '../socket/channels.ts';
import { encodeFrame } from '../socket/text-frame.ts';
import type { ClusterView } from '../topology-view.ts';
import type { Control } from './control.ts';
import type { EventBoard } from './event-board.ts';
import { FlowCounts } from './flows.ts';
import type { History } from './history.ts';

interface Charge {
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly view: ClusterView;
  readonly control: Control;
  readonly board: EventBoard;
  readonly history: History;
  readonly chaos: boolean;
  readonly limits: EdgeLimits;
}

/** News without the topology, whose addresses are another client's each time. */
type Body = Omit<ClusterNews, 'topology'>;

/** How a watcher stands: `missed` events while it took nothing, and is tried again at `retryAtMs`. */
interface Standing {
  missed: number;
  retryAtMs: number | null;
}

export class ClusterNewsChannel implements Channel {
  readonly #charge: Charge;
  readonly #watchers = new Map<Watcher, Standing>();
  readonly #flows = new FlowCounts();
  #ends: readonly Unsubscribe[] = [];
  #timer: NodeJS.Timeout | null = null;
  #events: ClusterEvent[] = [];
  #leftOut = 0;
  #topologyChanged = false;
  #controlChanged = false;
  /** Requests up to this index have been told. */
  #toldIndex = 0;
  #toldTakeover = '';

  constructor(charge: Charge) {
    this.#charge = charge;
  }

  enter(watcher: Watcher): void {
    if (this.#watchers.size === 0) this.#begin();
    const standing: Standing = { missed: 0, retryAtMs: null };
    this.#watchers.set(watcher, standing);
    this.#tellWhole(watcher, standing);
  }

  leave(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size === 0) this.stop();
  }

  /** Nothing is to be said on this channel: what is to be done is asked for over HTTP. */
  said(): void {}

  stop(): void {
    clearInterval(this.#timer ?? undefined);
    this.#timer = null;
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#charge.board.watched.here(false);
    this.#charge.control.watch(false);
  }

  #begin(): void {
    const { log, chat, board, control, limits } = this.#charge;
    this.#events = [];
    this.#leftOut = 0;
    this.#flows.take();
    this.#toldIndex = chat.position.index;
    this.#toldTakeover = JSON.stringify(chat.takeovers(1));
    this.#ends = [
      log.onTopology(() => {
        this.#topologyChanged = true;
      }),
      control.onChange(() => {
        this.#controlChanged = true;
      }),
      board.onEvents((events, leftOut) => this.#heard(events, leftOut)),
      board.onFlows((flows) => {
        for (const { from, to, what, count } of flows) this.#flows.add(from, to, what, count);
      }),
    ];
    board.watched.here(true);
    control.watch(true);
    this.#timer = setInterval(() => this.#tick(), limits.clusterNewsIntervalMs).unref();
  }

  #heard(events: readonly ClusterEvent[], leftOut: number): void {
    this.#events.push(...events);
    this.#leftOut += leftOut;
    const surplus = this.#events.length - this.#charge.limits.clusterNewsEventsMax;
    if (surplus <= 0) return;
    this.#events = this.#events.slice(surplus);
    this.#leftOut += surplus;
  }

  #tick(): void {
    const hasTopology = this.#topologyChanged;
    const body = this.#changes();
    const told = (body?.events?.length ?? 0) + (body?.eventsLeftOut ?? 0);
    const frames = new Map<string, Buffer>();
    const frameFor = (hostname: string, news: Body): Buffer => {
      const known = frames.get(hostname);
      if (known !== undefined) return known;
      const frame = this.#frame(hasTopology ? this.#withTopology(news, hostname) : news);
      frames.set(hostname, frame);
      return frame;
    };
    const nowMs = performance.now();
    for (const [watcher, standing] of this.#watchers) {
      if (standing.retryAtMs !== null) {
        standing.missed += told;
        if (nowMs >= standing.retryAtMs) this.#tellWhole(watcher, standing);
      } else if (body !== null && !watcher.tell(frameFor(hasTopology ? watcher.hostname : '', body))) {
        standing.missed += told;
        standing.retryAtMs = nowMs + this.#charge.limits.clusterNewsRetryMs;
      }
    }
  }

  /** What is new since the last time, or null when nothing is. */
  #changes(): Body | null {
    const { chat, limits } = this.#charge;
    const flows = this.#flows.take();
    const [events, leftOut] = [this.#events, this.#leftOut];
    const takeovers = this.#newTakeovers();
    const { index } = chat.position;
    // A takeover says who processed what came before it was known who leads.
    const requests =
      takeovers.length > 0
        ? this.#newestRequests()
        : index > this.#toldIndex
          ? chat.requestsAfter(this.#toldIndex, limits.clusterNewsRequestsMax + 1)
          : [];
    const hasControl = this.#controlChanged;
    const isNothing =
      events.length + leftOut + flows.length + takeovers.length + requests.length === 0 &&
      !hasControl &&
      !this.#topologyChanged;
    this.#toldIndex = index;
    if (isNothing) return null;
    this.#events = [];
    this.#leftOut = 0;
    this.#topologyChanged = false;
    this.#controlChanged = false;
    const isTooMany = requests.length > limits.clusterNewsRequestsMax;
    return {
      ...this.#head(),
      ...(hasControl ? this.#control() : {}),
      ...(events.length === 0 ? {} : { events }),
      ...(leftOut === 0 ? {} : { eventsLeftOut: leftOut }),
      ...(flows.length === 0 ? {} : { flows }),
      ...(requests.length === 0 ? {} : { requests: isTooMany ? this.#newestRequests() : requests }),
      ...(takeovers.length === 0 ? {} : { takeovers }),
    };
  }

  #newTakeovers(): readonly TakeoverView[] {
    const { chat, limits } = this.#charge;
    const newest = JSON.stringify(chat.takeovers(1));
    if (newest === this.#toldTakeover) return [];
    this.#toldTakeover = newest;
    // The one before may have got its times meanwhile.
    return chat.takeovers(limits.replicasMax).toReversed();
  }

  #newestRequests() {
    const { chat, limits } = this.#charge;
    return chat.requests({ limit: limits.clusterNewsRequestsMax }).toReversed();
  }

  #head(): Body {
    const { log, chaos } = this.#charge;
    return { at: wallMs(), server: log.topology().self, chaos };
  }

  #control(): Pick<Body, 'supervisor' | 'faults'> {
    const { control } = this.#charge;
    return { supervisor: control.supervisor(), faults: control.faults() };
  }

  #tellWhole(watcher: Watcher, standing: Standing): void {
    const { chat, history, limits } = this.#charge;
    const events = history.events(limits.clusterNewsEventsMax);
    const leftOut = Math.max(0, standing.missed - events.length);
    const whole: Body = {
      ...this.#head(),
      ...this.#control(),
      events,
      ...(leftOut === 0 ? {} : { eventsLeftOut: leftOut }),
      requests: this.#newestRequests(),
      takeovers: chat.takeovers(limits.clusterNewsTakeoversMax).toReversed(),
    };
    if (watcher.tell(this.#frame(this.#withTopology(whole, watcher.hostname)))) {
      standing.missed = 0;
      standing.retryAtMs = null;
    } else standing.retryAtMs = performance.now() + limits.clusterNewsRetryMs;
  }

  #withTopology(news: Body, hostname: string): ClusterNews {
    return { ...news, topology: this.#charge.view.full(hostname) };
  }

  #frame(news: ClusterNews): Buffer {
    return encodeFrame({ type: 'news', channel: 'cluster', body: news });
  }
}

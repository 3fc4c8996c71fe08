/**
 * The one place where the page meets the channel `cluster`: it hears the news, keeps the model, and knows what is chosen
 * on the page. It draws nothing, and asks nothing of the servers by itself but their history, when somebody wants to see
 * it. Each page has one, made and started by `ClusterPage`.
 *
 * In components (`hooks.ts`; `select` must give the same object for the same state):
 *
 *   const servers = useCluster((state) => state.shown.topology?.servers);  // what is to be shown: now, or the past
 *   const selected = useCluster((state) => state.selected);                // name of the chosen server, or null
 *   const why = useActing().processes;    // null: may kill, pause…; else the reason, in words: t(`acting.${why}`)
 *   const store = useClusterStore();
 *
 * The store:
 *
 *   store.state                  ClusterState: `live` and `shown` models, `at`, `history`, `selected`, `online`
 *   store.select(name | null)    chooses a server, everywhere on the page
 *   store.rewind(at | null)      shows the moment `at` (ms on the servers' clock) instead of the present; null: the present.
 *                                Fetches the history when it has none that reaches as far. Rejects with an EstafetError.
 *   store.loadHistory()          the last ten minutes, anew, and kept in `state.history`
 *   store.onNews(handler)        each piece of news as it comes, for pictures that move; returns how to stop
 *   store.now()                  the servers' clock, ms since 1970
 *   store.act(action, options)   POST /api/v1/cluster/actions; rejects with an EstafetError
 *   store.request(method, path, body)   any other address of the API
 *   store.desk                   sends numbered requests, and knows what became of those without an answer
 *   store.player                 plays scenarios on the servers
 *   store.sdk                    the SDK, for what has a function of its own there
 */
import type { Chat, Unsubscribe } from '../../client/index.ts';
import type {
  ClusterAction,
  ClusterActionResult,
  ClusterHistory,
  ClusterNews,
  TopologyView,
} from '../../protocol/index.ts';
import { type ClusterModel, emptyModel, reduce } from './model.ts';
import { momentOf } from './moment.ts';
import { RequestDesk } from './request-desk.ts';
import { ScenarioPlayer } from './scenario-player.ts';

export interface ClusterState {
  /** The present. */
  readonly live: ClusterModel;
  /** What the page shows: the present, or the moment `at`. */
  readonly shown: ClusterModel;
  /** The moment that is shown, on the servers' clock; null for the present. */
  readonly at: number | null;
  /** The last ten minutes as they were when last asked for. */
  readonly history: ClusterHistory | null;
  /** The chosen server's name. */
  readonly selected: string | null;
  /** Whether a server answers at the moment. */
  readonly online: boolean;
}

/** What an action may need besides its name. */
export interface ActionOptions {
  readonly server?: string;
  readonly peer?: string;
  readonly ms?: number;
}

export class ClusterStore {
  readonly sdk: Chat;
  /** The numbered requests that this page sends. */
  readonly desk: RequestDesk;
  /** Plays scenarios on the servers, whichever part of the page is in sight. */
  readonly player: ScenarioPlayer;
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(news: ClusterNews) => void>();
  #state: ClusterState;
  /** How far the servers' clock is ahead of this one. The news say it oftener than the welcome does. */
  #ahead: number;
  /** Up to when the history that is there reaches. */
  #historyUpTo = 0;

  constructor(sdk: Chat) {
    this.sdk = sdk;
    this.desk = new RequestDesk({
      newId: () => sdk.newId(),
      send: (id, fail) => sdk.request('POST', '/api/v1/cluster/requests', { id, ...(fail ? { fail } : {}) }),
      now: () => this.now(),
      later: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    });
    this.player = new ScenarioPlayer({
      now: () => this.#state.live,
      send: (fail) => this.desk.send(1, fail)[0] ?? '',
      act: (action, server) => this.act(action, server === undefined ? {} : { server }),
    });
    this.#ahead = sdk.clockOffsetMs;
    const online = sdk.state.kind === 'online';
    this.#state = { live: emptyModel, shown: emptyModel, at: null, history: null, selected: null, online };
  }

  /** Watches until what is returned is called. */
  start(): Unsubscribe {
    const stops = [
      this.sdk.watch('cluster', (news) => this.#hear(news)),
      this.sdk.on('state', ({ kind }) => this.#set({ ...this.#state, online: kind === 'online' })),
      this.onNews(() => this.player.look()),
      this.desk.subscribe(() => this.#lookAtDesk()),
      () => this.desk.setRate(0),
      () => this.player.stop(),
    ];
    void this.#ask();
    return () => {
      for (const stop of stops) stop();
    };
  }

  readonly subscribe = (listener: () => void): Unsubscribe => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get state(): ClusterState {
    return this.#state;
  }

  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Hears each piece of news, after the state has it. */
  onNews(hearer: (news: ClusterNews) => void): Unsubscribe {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  }

  select(selected: string | null): void {
    if (selected !== this.#state.selected) this.#set({ ...this.#state, selected });
  }

  /** The last ten minutes, anew. Rejects with an `EstafetError`. */
  async loadHistory(): Promise<ClusterHistory> {
    const asked = this.now();
    const history = (await this.sdk.request('GET', '/api/v1/cluster/history')) as ClusterHistory;
    this.#historyUpTo = asked;
    this.#set({ ...this.#state, history });
    return history;
  }

  /** Shows a moment, or with null the present. Rejects with an `EstafetError` when the past cannot be had. */
  async rewind(at: number | null): Promise<void> {
    if (at === null) {
      this.#set({ ...this.#state, at, shown: this.#state.live });
      return;
    }
    const known = this.#state.history;
    const history = known !== null && this.#historyUpTo >= at ? known : await this.loadHistory();
    this.#set({ ...this.#state, at, shown: momentOf(history, this.#state.live, at) });
  }

  /** Does something to the servers. Rejects with an `EstafetError` when it is refused. */
  async act(action: ClusterAction, options: ActionOptions = {}): Promise<ClusterActionResult> {
    const body = { action, ...options };
    return (await this.sdk.request('POST', '/api/v1/cluster/actions', body)) as ClusterActionResult;
  }

  request(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.sdk.request(method, path, body);
  }

  /** What the servers are, for as long as no news has come: they come only when there is something to say. */
  async #ask(): Promise<void> {
    try {
      const topology = (await this.sdk.request('GET', '/api/v1/topology')) as TopologyView;
      if (this.#state.live.topology !== null) return;
      const live = { ...this.#state.live, topology };
      this.#set({ ...this.#state, live, shown: this.#state.at === null ? live : this.#state.shown });
    } catch {
      // No server answers: the news will say it all when one does.
    }
  }

  /** A request that was refused will never be seen in the log: whoever waits for it is told. */
  #lookAtDesk(): void {
    const state = this.player.get();
    if (state.kind !== 'playing') return;
    const code = this.desk.get().open.find(({ id, state: is }) => id === state.notes.request && is === 'refused')?.code;
    if (code) this.player.fail(code);
  }

  #hear(news: ClusterNews): void {
    this.#ahead = news.at - Date.now();
    const live = reduce(this.#state.live, news);
    this.#set({ ...this.#state, live, shown: this.#state.at === null ? live : this.#state.shown });
    for (const hear of [...this.#hearers]) hear(news);
  }

  #set(state: ClusterState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * What the page knows of the cluster: the news of the channel `cluster`, gathered. Pure and bounded: `reduce` takes one
 * piece of news in and forgets what is too old or too much. Whatever is shown is read from here, be it the present or,
 * through `moment.ts`, a moment of the past.
 */
import type {
  ClusterEvent,
  ClusterNews,
  FaultsView,
  Flow,
  RequestView,
  ServerView,
  SupervisedView,
  SupervisorView,
  TakeoverView,
  TopologyView,
} from '../../protocol/index.ts';

/** How much is kept. */
export const kept = {
  /** Events as old as this are forgotten, */
  eventsMs: 600_000,
  /** and the oldest beyond so many. */
  events: 6_000,
  requests: 2_000,
  takeovers: 200,
  flowsMs: 1_000,
} as const;

/** What passed between the servers since the news before it. */
export interface FlowsAt {
  readonly at: number;
  readonly flows: readonly Flow[];
}

export interface ClusterModel {
  /** Of when this is: ms since 1970 on the servers' clock; 0 before the first news. */
  readonly at: number;
  /** The server that told it. */
  readonly server: string | null;
  /** Whether making things fail is allowed on these servers at all (`--no-chaos`). */
  readonly chaos: boolean;
  readonly topology: TopologyView | null;
  /** Null: nobody runs the servers who could be asked to do something to them. */
  readonly supervisor: SupervisorView | null;
  readonly faults: Readonly<Record<string, FaultsView>>;
  /** In the order of `at`, each once. */
  readonly events: readonly ClusterEvent[];
  /** How many events there were too many of to be told one by one, since this page watches. */
  readonly eventsLeftOut: number;
  /** In the order of the log, each once. */
  readonly requests: readonly RequestView[];
  /** In the order of their epochs, each once. */
  readonly takeovers: readonly TakeoverView[];
  /** Of the last second. */
  readonly flows: readonly FlowsAt[];
}

export const emptyModel: ClusterModel = {
  at: 0,
  server: null,
  chaos: false,
  topology: null,
  supervisor: null,
  faults: {},
  events: [],
  eventsLeftOut: 0,
  requests: [],
  takeovers: [],
  flows: [],
};

/**
 * Two lists in the order of `place`, as one, in which what is in both is there once: as the newer list has it. Nothing
 * changes its place. News mostly follow on what is known, which costs no search.
 */
export const merged = <T>(
  known: readonly T[],
  news: readonly T[],
  key: (item: T) => string | number,
  place: (item: T) => number,
): readonly T[] => {
  if (news.length === 0) return known;
  const last = known.at(-1);
  const follows = last === undefined || news.every((item) => place(item) > place(last));
  const changed = new Map<string | number, T>();
  if (!follows) for (const item of known) changed.set(key(item), item);
  for (const item of news) changed.set(key(item), item);
  // A sort is stable: what has the same place stays in the order in which it came.
  const sorted = [...changed.values()].sort((a, b) => place(a) - place(b));
  return follows ? [...known, ...sorted] : sorted;
};

const newest = <T>(list: readonly T[], most: number): readonly T[] => (list.length > most ? list.slice(-most) : list);

const eventsOf = (known: readonly ClusterEvent[], news: ClusterNews): readonly ClusterEvent[] => {
  const all = merged(
    known,
    news.events ?? [],
    (event) => event.id,
    (event) => event.at,
  );
  const oldest = news.at - kept.eventsMs;
  const gone = all.findIndex((event) => event.at >= oldest);
  const recent = gone > 0 ? all.slice(gone) : gone < 0 ? [] : all;
  return newest(recent, kept.events);
};

const flowsOf = (known: readonly FlowsAt[], { at, flows }: ClusterNews): readonly FlowsAt[] => {
  const recent = known.filter((one) => one.at > at - kept.flowsMs && one.at <= at);
  if (flows === undefined || flows.length === 0) return recent.length === known.length ? known : recent;
  return [...recent, { at, flows }];
};

/** The model with one piece of news taken in. */
export const reduce = (model: ClusterModel, news: ClusterNews): ClusterModel => ({
  at: Math.max(model.at, news.at),
  server: news.server,
  chaos: news.chaos,
  topology: news.topology ?? model.topology,
  supervisor: news.supervisor === undefined ? model.supervisor : news.supervisor,
  faults: news.faults ?? model.faults,
  events: eventsOf(model.events, news),
  eventsLeftOut: model.eventsLeftOut + (news.eventsLeftOut ?? 0),
  requests: newest(
    merged(
      model.requests,
      news.requests ?? [],
      (request) => request.id,
      (request) => request.index,
    ),
    kept.requests,
  ),
  takeovers: newest(
    merged(
      model.takeovers,
      news.takeovers ?? [],
      (takeover) => takeover.epoch,
      (takeover) => takeover.epoch,
    ),
    kept.takeovers,
  ),
  flows: flowsOf(model.flows, news),
});

/** A server by its name, as the cluster says it is. */
export const serverNamed = (model: ClusterModel, name: string | null): ServerView | null =>
  model.topology?.servers.find((server) => server.name === name) ?? null;

/** What the supervisor knows of a server's process. */
export const processOf = (model: ClusterModel, name: string): SupervisedView | null =>
  model.supervisor?.servers.find((server) => server.name === name) ?? null;

/** How a server is shown. `behind`: it lives and is catching up, so nothing waits for its disk yet. */
export const conditions = ['primary', 'backup', 'behind', 'paused', 'down'] as const;
export type Condition = (typeof conditions)[number];

/**
 * How a server is to be shown: what its process does weighs more than what the others last heard of it. `isCut`: a link
 * of its was cut on purpose, so that whoever hears nothing of it does not know that it is dead.
 */
export const conditionOf = (server: ServerView | null, process: SupervisedView | null, isCut = false): Condition => {
  if (process?.state === 'paused') return 'paused';
  if (server === null || process?.state === 'waiting') return 'down';
  if (server.role === 'down') return isCut && process?.state !== 'starting' ? 'behind' : 'down';
  if (server.role === 'primary') return 'primary';
  return server.inSync ? 'backup' : 'behind';
};

/** A server with everything that is known of it. */
export interface ShownServer {
  readonly name: string;
  readonly condition: Condition;
  /** Null when only its supervisor knows of it yet. */
  readonly server: ServerView | null;
  readonly process: SupervisedView | null;
  readonly faults: FaultsView | null;
}

/** `s2` before `s10`. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

/** Whether a link of a server is cut, from either end. */
export const isCutOff = (faults: Readonly<Record<string, FaultsView>>, name: string): boolean =>
  Object.entries(faults).some(([from, { cutFrom }]) => (from === name ? cutFrom.length > 0 : cutFrom.includes(name)));

/** All servers there are, by name: those of the cluster, and those that were added and have not spoken yet. */
export const serversOf = ({ topology, supervisor, faults }: ClusterModel): readonly ShownServer[] => {
  const servers = new Map(topology?.servers.map((server) => [server.name, server]));
  const processes = new Map(supervisor?.servers.map((process) => [process.name, process]));
  return [...new Set([...servers.keys(), ...processes.keys()])].sort(byName).map((name) => {
    const server = servers.get(name) ?? null;
    const process = processes.get(name) ?? null;
    const condition = conditionOf(server, process, isCutOff(faults, name));
    return { name, server, process, condition, faults: faults[name] ?? null };
  });
};

/** The last index that any server has. */
export const newestIndex = ({ topology }: ClusterModel): number =>
  Math.max(0, ...(topology?.servers ?? []).filter(({ role }) => role !== 'down').map(({ last }) => last));

/** Whether a server has a request in its own database. */
export const isSynchronised = (server: ServerView, request: RequestView): boolean => server.applied >= request.index;

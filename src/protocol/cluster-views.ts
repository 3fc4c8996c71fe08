/**
 * What is shown of the cluster at work: requests, takeovers, what happens between the servers, and what can be done to
 * them. Times are milliseconds since 1970 on the clock of the servers' machine, with a fraction where it matters.
 */
import { type Static, Type } from 'typebox';
import { TakeoverCause } from './commands.ts';
import { ServerView, TopologyView } from './views.ts';

const Index = Type.Integer({ minimum: 0, description: 'A position in the replicated log.' });
const At = Type.Number({ description: 'Milliseconds since 1970, UTC.' });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const ServerName = Type.String({ description: 'A server’s name.' });

/** A numbered request: a command that asks for nothing but to be processed. */
export const RequestView = Type.Object({
  id: Type.String({ description: 'The command’s id.' }),
  label: Type.String({ description: '`data-1`, `data-2`, … in the order of the log.' }),
  index: Index,
  epoch: Type.Integer({ description: 'The epoch in which it was processed.' }),
  at: At,
  by: Type.String({ description: 'Whose request it is: a person’s id.' }),
  processedBy: OrNull(ServerName),
  failed: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The epoch whose primary was to die of it, or null.',
  }),
});
export type RequestView = Static<typeof RequestView>;

/** The stopwatch of one takeover, measured on the server that took over. A time that was not measured is null. */
export const TakeoverView = Type.Object({
  epoch: Type.Integer(),
  primary: ServerName,
  previous: OrNull(ServerName),
  cause: TakeoverCause,
  index: Index,
  lastSignAt: OrNull(At),
  detectedAt: OrNull(At),
  lockedAt: OrNull(At),
  durableAt: OrNull(At),
  acknowledgedAt: OrNull(At),
});
export type TakeoverView = Static<typeof TakeoverView>;

/** What a server’s process is doing, as far as whoever runs it knows. */
export const ProcessState = Type.Union([
  Type.Literal('running'),
  Type.Literal('paused', { description: 'Stopped by SIGSTOP: it is there and does nothing.' }),
  Type.Literal('waiting', { description: 'It died, and is started again at `startsAt`, or when told to.' }),
  Type.Literal('starting', { description: 'Its process is there and not ready yet.' }),
]);
export type ProcessState = Static<typeof ProcessState>;

/** A server as its supervisor knows it. */
export const SupervisedView = Type.Object({
  name: ServerName,
  port: Type.Integer(),
  pid: OrNull(Type.Integer()),
  state: ProcessState,
  startsAt: OrNull(At),
  added: Type.Boolean({ description: 'Whether it was added while the cluster ran.' }),
});
export type SupervisedView = Static<typeof SupervisedView>;

/** What is wrong on purpose with one server’s links and disk. */
export const FaultsView = Type.Object({
  cutFrom: Type.Array(ServerName, { description: 'Servers to which its link is cut.' }),
  slowLinkMs: Type.Integer({ description: 'What it sends to other servers leaves this much later.' }),
  slowDiskMs: Type.Integer({ description: 'Each of its synced writes takes this much longer.' }),
});
export type FaultsView = Static<typeof FaultsView>;

/** What can be done to a server or to the cluster. */
export const clusterActions = [
  'kill',
  'pause',
  'resume',
  'restart',
  'cut-link',
  'heal-link',
  'slow-link',
  'slow-disk',
  'wipe',
  'add',
  'remove',
  'step-down',
  'roll',
] as const;
export type ClusterAction = (typeof clusterActions)[number];

/** `POST /cluster/actions`. Which of the fields an action takes is said in docs/cluster.md; one too many is refused. */
export const ClusterActionRequest = Type.Object(
  {
    action: Type.Union(clusterActions.map((action) => Type.Literal(action))),
    server: Type.Optional(ServerName),
    peer: Type.Optional(
      Type.String({ description: 'With `cut-link` and `heal-link`: the other end. Without it: the primary, or all.' }),
    ),
    ms: Type.Optional(
      Type.Integer({ minimum: 0, description: 'With `slow-link` and `slow-disk`: how much slower; 0 ends it.' }),
    ),
  },
  { additionalProperties: false },
);
export type ClusterActionRequest = Omit<Static<typeof ClusterActionRequest>, 'action'> & {
  readonly action: ClusterAction;
};

/** What was begun. It is over when the news show it; whoever waits for more watches them. */
export const ClusterActionResult = Type.Object({
  action: Type.Union(clusterActions.map((action) => Type.Literal(action))),
  server: OrNull(Type.String({ description: 'To whom it was done: of `add`, the new server.' })),
});
export type ClusterActionResult = Omit<Static<typeof ClusterActionResult>, 'action'> & {
  readonly action: ClusterAction;
};

/** How the audit stands: the same that `estafet audit` prints. */
export const AuditPanelView = Type.Object({
  state: Type.Union([Type.Literal('running'), Type.Literal('stopped'), Type.Literal('starting')]),
  acknowledged: Type.Integer(),
  found: Type.Record(Type.String(), Type.Integer(), { description: 'Of these, how many each server’s history shows.' }),
  lost: Type.Integer(),
  doubled: Type.Integer(),
  outOfOrder: Type.Integer(),
  strange: Type.Integer({ description: 'Messages that nobody acknowledged in this form.' }),
  servers: Type.Record(Type.String(), Type.String(), { description: '`up`, `down` or `behind`.' }),
  fingerprints: OrNull(
    Type.Object({
      index: Index,
      byServer: Type.Record(Type.String(), OrNull(Type.String())),
      equal: Type.Boolean(),
    }),
  ),
  holds: Type.Boolean({ description: 'Whether everything that was looked for is as it must be.' }),
  seconds: Type.Number(),
  notices: Type.Array(Type.Object({ at: At, text: Type.String() })),
});
export type AuditPanelView = Static<typeof AuditPanelView>;

/** What whoever runs the servers says; null in the news when nobody does. */
export const SupervisorView = Type.Object({
  pid: Type.Integer(),
  servers: Type.Array(SupervisedView),
  doing: OrNull(Type.String({ description: 'The action that is under way.' })),
  audit: OrNull(AuditPanelView),
});
export type SupervisorView = Static<typeof SupervisorView>;

/** What happened, in the order of `at`. The first group are the engine’s own traces. */
export const clusterEventKinds = [
  'sequenced',
  'sent',
  'received',
  'stored',
  'committed',
  'primary-lost',
  'primary-killed',
  'lock-gained',
  'promoted',
  'following',
  'resynced',
  'dropped',
  'truncated',
  'completed-from',
  'snapshotted',
  'installed',
  'trimmed',
  'stepped-down',
  'halted',
  // Requests.
  'request-taken',
  'request-applied',
  'request-answered',
  'dying',
  // Servers.
  'server-up',
  'server-down',
  'acted',
] as const;
export type ClusterEventKind = (typeof clusterEventKinds)[number];

/** One thing that happened. `id` is the server’s name and a number that grows; nothing has the same id twice. */
export const ClusterEvent = Type.Object({
  id: Type.String(),
  at: At,
  server: ServerName,
  epoch: Type.Integer(),
  what: Type.Union(clusterEventKinds.map((kind) => Type.Literal(kind))),
  peer: Type.Optional(ServerName),
  from: Type.Optional(Index),
  upto: Type.Optional(Index),
  reason: Type.Optional(Type.String()),
  label: Type.Optional(Type.String({ description: 'Of a request.' })),
  request: Type.Optional(Type.String({ description: 'The id of a request’s command.' })),
  by: Type.Optional(Type.String({ description: 'Who sent the request or acted: a person’s id.' })),
  action: Type.Optional(Type.String({ description: 'What was done, when somebody acted.' })),
});
export type ClusterEvent = Omit<Static<typeof ClusterEvent>, 'what'> & { readonly what: ClusterEventKind };

/** What passes between two servers. */
export const flowKinds = ['append', 'stored', 'committed', 'cast', 'forward'] as const;
export type FlowKind = (typeof flowKinds)[number];

/** So many messages of one kind went from one server to another since the last news. */
export const Flow = Type.Object({
  from: ServerName,
  to: ServerName,
  what: Type.Union(flowKinds.map((kind) => Type.Literal(kind))),
  count: Type.Integer({ minimum: 1 }),
});
export type Flow = Omit<Static<typeof Flow>, 'what'> & { readonly what: FlowKind };

/** A server, asked itself. When it does not answer, what the others last knew of it, and `askedItself` is false. */
export const ServerDetails = Type.Object({
  ...ServerView.properties,
  askedItself: Type.Boolean(),
  host: Type.String(),
  startedAt: OrNull(At),
  processed: Type.Array(Type.String(), {
    description: 'Labels of the requests that it processed as primary, the newest 500, in the order of the log.',
  }),
  synchronised: Type.Array(Type.String(), {
    description: 'Labels of the requests that it has from other primaries, the newest 500, in the order of the log.',
  }),
  processedCount: Type.Integer(),
  synchronisedCount: Type.Integer(),
  memory: OrNull(Type.Object({ rssBytes: Type.Integer(), heapBytes: Type.Integer() })),
  disk: OrNull(
    Type.Object({
      logBytes: Type.Integer(),
      chatBytes: Type.Integer(),
      filesBytes: Type.Integer(),
      freeBytes: Type.Integer(),
    }),
  ),
  eventLoopDelayMs: OrNull(
    Type.Object(
      { mean: Type.Number(), p99: Type.Number(), max: Type.Number() },
      {
        description: 'Over about the last 5 s.',
      },
    ),
  ),
  faults: OrNull(FaultsView),
  process: OrNull(SupervisedView),
});
export type ServerDetails = Static<typeof ServerDetails>;

/** The last ten minutes, for scrubbing back. `topologies` are at each change, and about every second. */
export const ClusterHistory = Type.Object({
  server: ServerName,
  events: Type.Array(ClusterEvent),
  topologies: Type.Array(Type.Object({ at: At, topology: TopologyView })),
  requests: Type.Array(RequestView),
});
export type ClusterHistory = Omit<Static<typeof ClusterHistory>, 'events'> & {
  readonly events: readonly ClusterEvent[];
};

/** What the channel `cluster` says, about ten times a second while there is something to say. */
export interface ClusterNews {
  readonly at: number;
  /** The server that says it. */
  readonly server: string;
  /** Whether people who may not act are told apart here: acting is off with `--no-chaos`. */
  readonly chaos: boolean;
  readonly topology?: TopologyView;
  /** Null: nobody runs the servers, so nobody would start them again. Absent: as before. */
  readonly supervisor?: SupervisorView | null;
  readonly faults?: Readonly<Record<string, FaultsView>>;
  readonly events?: readonly ClusterEvent[];
  /** How many events of the same kinds as `events` were left out, because they were too many. */
  readonly eventsLeftOut?: number;
  readonly flows?: readonly Flow[];
  readonly requests?: readonly RequestView[];
  readonly takeovers?: readonly TakeoverView[];
}

/** What the addresses under `/api/v1/lab` take and answer: experiments that are not played on live nodes. */
import { type Static, Type } from 'typebox';
import { LabDials, LabDialsChange, LabMethod } from './lab-words.ts';

const closed = { additionalProperties: false } as const;

const Count = Type.Integer({ minimum: 0 });
const MaybeNumber = Type.Union([Type.Number(), Type.Null()]);
const Range = Type.Union([Type.Object({ low: Type.Number(), high: Type.Number() }), Type.Null()]);
const Verdict = Type.Union([Type.Literal('consistent'), Type.Literal('not-consistent'), Type.Literal('too-few')]);
const Rates = { sentPerSecond: Type.Number(), goodPerSecond: Type.Number() } as const;

/** `POST /lab/batches`: an experiment, or rows of one's own. */
export const LabBatchRequest = Type.Object(
  {
    experiment: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
    rows: Type.Optional(
      Type.Array(
        Type.Object(
          {
            method: LabMethod,
            settings: LabDialsChange,
            offeredPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
          },
          closed,
        ),
        { minItems: 1, maxItems: 500, description: 'What is not named in `settings` is as in experiment 1.' },
      ),
    ),
    messages: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Of each row.' }),
    seed: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    change: Type.Optional(LabDialsChange),
  },
  closed,
);
export type LabBatchRequest = Static<typeof LabBatchRequest>;

export const LabHistogramView = Type.Object(
  {
    fromMs: Type.Number(),
    stepMs: Type.Number(),
    counts: Type.Array(Count),
    beyond: Type.Integer({ description: 'Above the last step.' }),
  },
  { description: 'How many took how long.' },
);
export type LabHistogramView = Static<typeof LabHistogramView>;

/** A row as `estafet lab run --json` prints it, with intervals and, for charts, histograms. */
export const LabRow = Type.Object({
  experiment: Type.Integer({ description: '0 of rows of one’s own.' }),
  seed: Type.Integer(),
  method: LabMethod,
  settings: Type.Omit(LabDials, ['deduplicate']),
  sent: Count,
  delivered: Count,
  confirmed: Count,
  duplicates: Count,
  attempts: Count,
  latencyMs: Type.Object({ mean: MaybeNumber, p50: MaybeNumber, p95: MaybeNumber }),
  throughput: Type.Optional(Type.Object({ offeredPerSecond: Type.Number(), ...Rates })),
  theory: Type.Object({
    delivered: Type.Number(),
    confirmed: Type.Number(),
    attempts: Type.Number(),
    duplicates: Type.Number(),
    latencyMs: MaybeNumber,
    throughput: Type.Optional(Type.Object(Rates)),
  }),
  verdict: Verdict,
  judged: Type.Array(
    Type.Object({
      quantity: Type.Union([
        Type.Literal('delivered'),
        Type.Literal('confirmed'),
        Type.Literal('attempts'),
        Type.Literal('duplicates'),
        Type.Literal('latency'),
        Type.Literal('throughput'),
      ]),
      measured: MaybeNumber,
      interval: Range,
      theory: MaybeNumber,
      verdict: Verdict,
    }),
  ),
  latencies: LabHistogramView,
  confirmations: LabHistogramView,
});
export type LabRow = Static<typeof LabRow>;

const JobState = Type.Union([
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('cancelled'),
  Type.Literal('failed'),
]);

export const LabBatchView = Type.Object({
  id: Type.String(),
  state: JobState,
  done: Type.Integer({ description: 'Messages played so far, of all rows.' }),
  of: Count,
  startedAt: Type.Number(),
  endedAt: MaybeNumber,
  seed: Type.Integer(),
  messages: Count,
  version: Type.String({ description: 'The program’s version, for reports.' }),
  rows: Type.Array(LabRow, { description: 'Those that are done, in their order, once the batch is.' }),
  error: Type.Union([Type.String(), Type.Null()]),
});
export type LabBatchView = Static<typeof LabBatchView>;

/** `POST /lab/threads`: experiment 5. */
export const LabThreadsRequest = Type.Object(
  {
    messages: Type.Integer({ minimum: 1_000, maximum: 20_000_000, description: 'All threads together.' }),
    threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 8, description: 'Most threads; all from 1 are run.' })),
    seed: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  closed,
);
export type LabThreadsRequest = Static<typeof LabThreadsRequest>;

export const LabThreadsRow = Type.Object({
  threads: Type.Integer(),
  atomic: Type.Boolean(),
  messages: Count,
  counted: Type.Integer({ description: 'What the shared counter says when all threads are done.' }),
  delivered: Type.Integer({ description: 'What it must say: deliveries, counted by each thread for itself.' }),
  lostUpdates: Type.Integer(),
  ms: Type.Number(),
  cpuMs: Type.Number({
    description:
      'What the threads ran together. Far below threads · ms: they waited for the machine, and speed-up is low.',
  }),
  perSecond: Type.Number(),
  speedUp: Type.Number({ description: 'Against one thread of the same kind.' }),
});
export type LabThreadsRow = Static<typeof LabThreadsRow>;

export const LabThreadsView = Type.Object({
  id: Type.String(),
  state: JobState,
  done: Type.Integer({ description: 'Runs that are done: each row has `rounds`.' }),
  of: Count,
  startedAt: Type.Number(),
  endedAt: MaybeNumber,
  rounds: Type.Integer({ description: 'How often each row is run; the quickest run is the row.' }),
  cores: Type.Integer({ description: 'That this machine lets the program use: no speed-up goes beyond them.' }),
  version: Type.String(),
  seed: Type.Integer(),
  rows: Type.Array(LabThreadsRow),
  fits: Type.Array(
    Type.Object({
      atomic: Type.Boolean(),
      serialShare: Type.Number({ description: 'Amdahl’s: the part that does not get quicker, 0 to 1, fitted.' }),
      mostSpeedUp: MaybeNumber,
    }),
  ),
  error: Type.Union([Type.String(), Type.Null()]),
});
export type LabThreadsView = Static<typeof LabThreadsView>;

/** `POST /lab/failovers`: experiment 6. */
export const LabFailoverRequest = Type.Object(
  {
    perSecond: Type.Integer({ minimum: 1, maximum: 200, description: 'Of each method.' }),
    seconds: Type.Integer({ minimum: 3, maximum: 30 }),
    killAfterMs: Type.Optional(Type.Integer({ minimum: 500, maximum: 29_000 })),
  },
  closed,
);
export type LabFailoverRequest = Static<typeof LabFailoverRequest>;

export const LabFailoverMethod = Type.Object({
  sent: Count,
  delivered: Type.Integer({ description: 'Direct: came through the primary. PubSub: acknowledged, and in the log.' }),
  lost: Type.Integer({ description: 'Direct: sent and never came. PubSub: acknowledged and not in the log.' }),
  unacknowledged: Type.Integer({ description: 'PubSub: neither acknowledged nor refused by the end.' }),
  doubled: Type.Integer({
    description: 'Direct: arrived more than once. PubSub: took effect more than once; a copy in the log takes none.',
  }),
  retried: Type.Integer({ description: 'Sent again with the same id, at least once.' }),
  gapMs: Type.Union([Type.Number(), Type.Null()], {
    description: 'The longest time without a delivery that spans the kill.',
  }),
});
export type LabFailoverMethod = Static<typeof LabFailoverMethod>;

export const LabFailoverView = Type.Object({
  id: Type.String(),
  state: JobState,
  /** The backup that sends, and lives on. */
  server: Type.String(),
  startedAt: Type.Number(),
  endedAt: MaybeNumber,
  version: Type.String(),
  killed: Type.Union([Type.String(), Type.Null()]),
  killedAt: MaybeNumber,
  primaryAfter: Type.Union([Type.String(), Type.Null()]),
  perSecond: Type.Integer(),
  seconds: Type.Integer(),
  direct: LabFailoverMethod,
  pubsub: LabFailoverMethod,
  /** Deliveries a tenth of a second, from the start, for the chart. */
  directByTenth: Type.Array(Count),
  pubsubByTenth: Type.Array(Count),
  error: Type.Union([Type.String(), Type.Null()]),
});
export type LabFailoverView = Static<typeof LabFailoverView>;

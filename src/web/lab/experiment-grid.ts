/** A sweep of one's own: which values of which settings are crossed, and the rows that this comes to. Pure. */
import { type Method, methods, settingBounds } from '../../lab/index.ts';
import type { LabBatchRequest } from '../../protocol/index.ts';
import { numberIn } from './experiment-form.ts';
import { boundsOf, percentOf, shareOf } from './experiment-kinds.ts';

/** The most rows and messages that a server takes of one batch. */
export const sweepRowsMax = 500;
export const sweepMessagesMax = 20_000_000;

export interface SweepSetup {
  readonly kind: 'sweep';
  readonly messages: number;
  readonly seed: number;
  readonly methods: readonly Method[];
  readonly loss: readonly number[];
  readonly latency: readonly (readonly [number, number])[];
  readonly retries: readonly number[];
  readonly timeout: readonly number[];
}

export const sweepFields = ['loss', 'latency', 'retries', 'timeout', 'messages', 'seed'] as const;
export type SweepField = (typeof sweepFields)[number];
/** As it stands in the form: values parted by commas or spaces; loss in percent, latencies as `50-250`. */
export type SweepForm = Readonly<Record<SweepField, string>> & { readonly methods: readonly Method[] };

export interface SweepProblem {
  readonly field: SweepField | 'methods' | 'all';
  readonly reason:
    | 'not-a-number'
    | 'not-whole'
    | 'too-small'
    | 'too-large'
    | 'min-above-max'
    | 'none'
    | 'too-many-rows'
    | 'too-many-messages';
  readonly bound: number;
}
export type SweepReading = { readonly setup: SweepSetup } | { readonly problems: readonly SweepProblem[] };

/** Numbers of a list; its parts may be parted by commas, semicolons or spaces, so decimals have a point. */
const partsOf = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((part) => part !== '');

type Limits = { readonly min: number; readonly max: number; readonly whole?: boolean };

const checked = (field: SweepField, value: number, { min, max, whole }: Limits): SweepProblem | null => {
  if (Number.isNaN(value)) return { field, reason: 'not-a-number', bound: 0 };
  if (value < min) return { field, reason: 'too-small', bound: min };
  if (value > max) return { field, reason: 'too-large', bound: max };
  return whole && !Number.isInteger(value) ? { field, reason: 'not-whole', bound: 0 } : null;
};

const different = <T>(values: readonly T[], key: (value: T) => string = String): readonly T[] => [
  ...new Map(values.map((value) => [key(value), value])).values(),
];

/** What the form means, or what is wrong with it. */
export const readSweep = (form: SweepForm): SweepReading => {
  const problems: SweepProblem[] = [];
  const list = (field: SweepField, limits: Limits): readonly number[] => {
    const values = partsOf(form[field]).map(numberIn);
    if (values.length === 0) problems.push({ field, reason: 'none', bound: 0 });
    for (const value of values) {
      const problem = checked(field, value, limits);
      if (problem !== null) problems.push(problem);
    }
    return different(values);
  };
  const latencies = partsOf(form.latency).map((part): readonly [number, number] => {
    const [from = '', to = from] = part.split('-');
    return [numberIn(from), numberIn(to)];
  });
  if (latencies.length === 0) problems.push({ field: 'latency', reason: 'none', bound: 0 });
  for (const [from, to] of latencies) {
    const wrong = [from, to].map((value) => checked('latency', value, settingBounds.latencyMaxMs)).find(Boolean);
    if (wrong) problems.push(wrong);
    else if (from > to) problems.push({ field: 'latency', reason: 'min-above-max', bound: to });
  }
  const loss = list('loss', boundsOf(1, 'loss')).map(shareOf);
  const retries = list('retries', boundsOf(1, 'retries'));
  const timeout = list('timeout', boundsOf(1, 'timeout'));
  const [messages = 0] = list('messages', boundsOf(1, 'messages'));
  const [seed = 0] = list('seed', boundsOf(1, 'seed'));
  if (form.methods.length === 0) problems.push({ field: 'methods', reason: 'none', bound: 0 });
  if (problems.length > 0) return { problems };
  const latency = different(latencies, ([from, to]) => `${from}-${to}`);
  const setup: SweepSetup = { kind: 'sweep', messages, seed, methods: form.methods, loss, latency, retries, timeout };
  const rows = rowsOf(setup).length;
  if (rows > sweepRowsMax) return { problems: [{ field: 'all', reason: 'too-many-rows', bound: sweepRowsMax }] };
  if (rows * messages > sweepMessagesMax) {
    return {
      problems: [{ field: 'messages', reason: 'too-many-messages', bound: Math.floor(sweepMessagesMax / rows) }],
    };
  }
  return { setup };
};

export const sweepFormOf = (setup: SweepSetup): SweepForm => ({
  loss: setup.loss.map(percentOf).join(', '),
  latency: setup.latency.map(([from, to]) => `${from}-${to}`).join(', '),
  retries: setup.retries.join(', '),
  timeout: setup.timeout.join(', '),
  messages: String(setup.messages),
  seed: String(setup.seed),
  methods: setup.methods,
});

/** What the sweep's form begins with: 4 × 3 × 4 settings. */
export const startSweep = (seed: number): SweepForm => ({
  loss: '1, 10, 30, 50',
  latency: '50-250',
  retries: '0, 1, 2, 5',
  timeout: '300, 600, 1000',
  messages: '20000',
  seed: String(seed),
  methods: ['pubsub'],
});

type SweepRow = NonNullable<LabBatchRequest['rows']>[number];

/** The rows of a sweep. Direct knows neither retries nor timeout: it has one row for each of its links. */
export const rowsOf = ({ loss, latency, retries, timeout, methods: by }: SweepSetup): SweepRow[] => {
  const links = loss.flatMap((share) =>
    latency.map(([latencyMinMs, latencyMaxMs]) => ({ loss: share, latencyMinMs, latencyMaxMs })),
  );
  const patience = retries.flatMap((maxRetries) => timeout.map((ackTimeoutMs) => ({ maxRetries, ackTimeoutMs })));
  return by.flatMap((method): SweepRow[] =>
    links.flatMap((link): SweepRow[] =>
      method === 'direct'
        ? [{ method, settings: link }]
        : patience.map((patient) => ({ method, settings: { ...link, ...patient } })),
    ),
  );
};

export const sweepPath = '/lab/experiments/sweep';

/** The address at which a sweep is filled in as it was. */
export const sweepLink = (setup: SweepSetup): string => {
  const query = new URLSearchParams({
    seed: String(setup.seed),
    messages: String(setup.messages),
    loss: setup.loss.join(' '),
    latency: setup.latency.map(([from, to]) => `${from}-${to}`).join(' '),
    retries: setup.retries.join(' '),
    timeout: setup.timeout.join(' '),
    methods: setup.methods.join(' '),
  });
  return `${sweepPath}?${query}`;
};

/** The form that an address asks for. */
export const sweepIn = (search: string, seed: number): SweepForm => {
  const query = new URLSearchParams(search);
  const start = startSweep(seed);
  const asked = Object.fromEntries(sweepFields.map((field) => [field, query.get(field) ?? start[field]])) as Record<
    SweepField,
    string
  >;
  const loss = query.get('loss');
  if (loss !== null) {
    asked.loss = partsOf(loss)
      .map((part) => (Number.isNaN(numberIn(part)) ? part : String(percentOf(numberIn(part)))))
      .join(', ');
  }
  const named = query.get('methods')?.split(/[\s,]+/);
  const chosen = methods.filter((method) => named?.includes(method));
  return { ...asked, methods: named === undefined ? start.methods : chosen };
};

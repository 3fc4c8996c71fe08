/** What came out of what was asked before a run, and how far beside it a prediction was. Pure. */
import { contains, type Interval, type Judged } from '../../lab/index.ts';
import type { LabRow } from '../../protocol/index.ts';
import { type Question, type QuestionId, questionsOf } from './experiment-questions.ts';
import type { Report } from './report.ts';

/** What came out, where a question can be answered. `interval` is null where what was measured is simply so. */
export type Outcome =
  | { readonly kind: 'number'; readonly value: number; readonly interval: Interval | null }
  | { readonly kind: 'choice'; readonly value: string };
export type Outcomes = Readonly<Partial<Record<QuestionId, Outcome>>>;

const judgedIn = (row: LabRow | undefined, quantity: Judged['quantity']): Outcome | undefined => {
  const found = row?.judged.find((one) => one.quantity === quantity);
  if (found === undefined || found.measured === null) return undefined;
  return { kind: 'number', value: found.measured, interval: found.interval };
};

/** How many times as many a second over the quick links as over the slow ones. */
const factorOf = (rows: readonly LabRow[], method: LabRow['method']): Outcome | undefined => {
  const [quick, slow] = rows
    .filter((row) => row.method === method)
    .map((row) => row.judged.find(({ quantity }) => quantity === 'throughput'));
  if (!quick?.measured || !slow?.measured) return undefined;
  const bounds =
    quick.interval === null || slow.interval === null || slow.interval.low <= 0
      ? null
      : { low: quick.interval.low / slow.interval.high, high: quick.interval.high / slow.interval.low };
  return { kind: 'number', value: quick.measured / slow.measured, interval: bounds };
};

/** The share that counts as reliable in experiment 4. */
export const reliableShare = 0.99;

const fewestRetries = (rows: readonly LabRow[]): Outcome => {
  const sums = new Map<number, { sent: number; delivered: number }>();
  for (const { settings, sent, delivered } of rows) {
    const before = sums.get(settings.maxRetries) ?? { sent: 0, delivered: 0 };
    sums.set(settings.maxRetries, { sent: before.sent + sent, delivered: before.delivered + delivered });
  }
  const enough = [...sums]
    .filter(([, { sent, delivered }]) => delivered >= reliableShare * sent)
    .map(([retries]) => retries);
  return { kind: 'choice', value: enough.length === 0 ? 'none' : String(Math.min(...enough)) };
};

const apart = (one: Interval | null | undefined, other: Interval | null | undefined): boolean =>
  Boolean(one && other) && (one!.high < other!.low || other!.high < one!.low);

/** What a shorter timeout changes: the shortest held against the longest, where there are most retries. */
const timeoutChanges = (rows: readonly LabRow[]): Outcome | undefined => {
  const most = Math.max(...rows.map(({ settings }) => settings.maxRetries));
  const compared = rows
    .filter(({ settings }) => settings.maxRetries === most)
    .sort((one, other) => one.settings.ackTimeoutMs - other.settings.ackTimeoutMs);
  const [short, long] = [compared[0], compared.at(-1)];
  if (!short || !long || short === long) return undefined;
  const intervalOf = (row: LabRow, quantity: Judged['quantity']) =>
    row.judged.find((one) => one.quantity === quantity)?.interval;
  const more = apart(intervalOf(short, 'delivered'), intervalOf(long, 'delivered'));
  const sooner = apart(intervalOf(short, 'latency'), intervalOf(long, 'latency'));
  return { kind: 'choice', value: more ? (sooner ? 'both' : 'more') : sooner ? 'sooner' : 'neither' };
};

/** Of the updates of the shared counter, more than this share is many. */
const manyLost = 0.01;

const known = (outcomes: Readonly<Partial<Record<QuestionId, Outcome | undefined>>>): Outcomes =>
  Object.fromEntries(Object.entries(outcomes).filter(([, outcome]) => outcome !== undefined));

const exactly = (value: number | null): Outcome | undefined =>
  value === null ? undefined : { kind: 'number', value, interval: null };

/** What came out of a run, by question. */
export const outcomesOf = (report: Report): Outcomes => {
  if (report.kind === 'threads') {
    const last = (atomic: boolean) => report.result.rows.filter((row) => row.atomic === atomic).at(-1);
    const [safe, racing] = [last(true), last(false)];
    const lost = racing === undefined ? undefined : racing.lostUpdates / Math.max(1, racing.delivered);
    return known({
      speedUp: exactly(safe?.speedUp ?? null),
      lostUpdates:
        lost === undefined
          ? undefined
          : { kind: 'choice', value: lost === 0 ? 'none' : lost > manyLost ? 'many' : 'few' },
    });
  }
  if (report.kind === 'failover') {
    const { direct, pubsub } = report.result;
    return known({ directLost: exactly(direct.lost), pubsubLost: exactly(pubsub.lost), gap: exactly(pubsub.gapMs) });
  }
  const { rows } = report.result;
  if (report.kind === 'sweep' || rows.length === 0) return {};
  if (report.setup.experiment === 3) {
    return known({ directFactor: factorOf(rows, 'direct'), pubsubFactor: factorOf(rows, 'pubsub') });
  }
  if (report.setup.experiment === 4) return known({ retries: fewestRetries(rows), timeout: timeoutChanges(rows) });
  const of = (method: LabRow['method']) => rows.find((row) => row.method === method);
  return known({
    direct: judgedIn(of('direct'), 'delivered'),
    pubsub: judgedIn(of('pubsub'), 'delivered'),
    attempts: judgedIn(of('pubsub'), 'attempts'),
  });
};

/** A prediction beside what came out: `right` within the interval, or the very thing; else how far beside. */
export interface Compared {
  readonly question: Question;
  readonly predicted: number | string;
  readonly outcome: Outcome;
  readonly right: boolean;
  /** Predicted minus measured; null of choices. */
  readonly off: number | null;
}

export const compare = (report: Report): readonly Compared[] => {
  if (report.kind === 'sweep' || report.prediction === null) return [];
  const { answers } = report.prediction;
  const outcomes = outcomesOf(report);
  return questionsOf(report.setup.experiment).flatMap((question): Compared[] => {
    const [predicted, outcome] = [answers[question.id], outcomes[question.id]];
    if (predicted === undefined || outcome === undefined) return [];
    if (outcome.kind === 'choice') {
      return [{ question, predicted, outcome, right: predicted === outcome.value, off: null }];
    }
    const off = Number(predicted) - outcome.value;
    const right = outcome.interval === null ? off === 0 : contains(outcome.interval, Number(predicted));
    return [{ question, predicted, outcome, right, off }];
  });
};

/** What stands in the form of an experiment, and what it means: numbers within their bounds, or what is wrong. Pure. */
import type { LabSettings, NumericSetting } from '../../lab/index.ts';
import {
  boundsOf,
  type ExperimentNumber,
  type Field,
  fieldsOf,
  isLinkNumber,
  type LinkNumber,
  percentOf,
  shareOf,
  startOf,
} from './experiment-kinds.ts';

/** What is to be run, complete: the same setup gives the same figures again (but for 5 and 6, which the machine decides). */
export type Setup =
  | {
      readonly kind: 'links';
      readonly experiment: LinkNumber;
      readonly messages: number;
      readonly seed: number;
      /** In the place of the experiment's own settings. */
      readonly change: Partial<LabSettings>;
    }
  | {
      readonly kind: 'threads';
      readonly experiment: 5;
      readonly messages: number;
      readonly threads: number;
      readonly seed: number;
    }
  | {
      readonly kind: 'failover';
      readonly experiment: 6;
      readonly perSecond: number;
      readonly seconds: number;
      readonly killAfterMs: number;
    };

/** The text of each field. */
export type Form = Readonly<Partial<Record<Field, string>>>;

export interface FormProblem {
  readonly field: Field;
  readonly reason: 'not-a-number' | 'not-whole' | 'too-small' | 'too-large' | 'min-above-max' | 'kill-too-late';
  readonly bound: number;
}

export type FormReading = { readonly setup: Setup } | { readonly problems: readonly FormProblem[] };

/** A number as people write it: with a point or a comma. NaN of anything else. */
export const numberIn = (text: string): number => {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?\d+(\.\d*)?$|^[+-]?\.\d+$/.test(plain) ? Number(plain) : Number.NaN;
};

const problemOf = (experiment: ExperimentNumber, field: Field, value: number): FormProblem | null => {
  const { min, max, whole } = boundsOf(experiment, field);
  if (Number.isNaN(value)) return { field, reason: 'not-a-number', bound: 0 };
  if (value < min) return { field, reason: 'too-small', bound: min };
  if (value > max) return { field, reason: 'too-large', bound: max };
  return whole && !Number.isInteger(value) ? { field, reason: 'not-whole', bound: 0 } : null;
};

/** After the kill there must be time for the takeover, and for messages behind it. */
const afterKillMs = 500;

const acrossProblems = (values: ReadonlyMap<Field, number>): FormProblem[] => {
  const of = (field: Field): number => values.get(field) ?? Number.NaN;
  const problems: FormProblem[] = [];
  if (of('latencyMin') > of('latencyMax')) {
    problems.push({ field: 'latencyMin', reason: 'min-above-max', bound: of('latencyMax') });
  }
  const latest = 1_000 * of('seconds') - afterKillMs;
  if (of('killAfter') > latest) problems.push({ field: 'killAfter', reason: 'kill-too-late', bound: latest });
  return problems;
};

const changeOf = (values: ReadonlyMap<Field, number>): Partial<LabSettings> => {
  const change: { -readonly [Setting in NumericSetting]?: number } = {};
  for (const [field, value] of values) {
    if (field === 'loss') change.loss = shareOf(value);
    if (field === 'latencyMin') change.latencyMinMs = value;
    if (field === 'latencyMax') change.latencyMaxMs = value;
    if (field === 'retries') change.maxRetries = value;
    if (field === 'timeout') change.ackTimeoutMs = value;
    if (field === 'window') change.window = value;
  }
  return change;
};

/** What a form means. */
export const readForm = (experiment: ExperimentNumber, form: Form): FormReading => {
  const values = new Map(fieldsOf(experiment).map((field) => [field, numberIn(form[field] ?? '')]));
  const single = [...values].flatMap(([field, value]) => problemOf(experiment, field, value) ?? []);
  const problems = single.length > 0 ? single : acrossProblems(values);
  if (problems.length > 0) return { problems };
  const of = (field: Field): number => values.get(field)!;
  if (experiment === 6) {
    const [perSecond, seconds, killAfterMs] = [of('perSecond'), of('seconds'), of('killAfter')];
    return { setup: { kind: 'failover', experiment, perSecond, seconds, killAfterMs } };
  }
  const run = { messages: of('messages'), seed: of('seed') };
  if (experiment === 5) return { setup: { kind: 'threads', experiment, threads: of('threads'), ...run } };
  return { setup: { kind: 'links', experiment, ...run, change: changeOf(values) } };
};

/** The form that means a setup. */
export const formOf = (setup: Setup): Form => {
  const text = (values: Readonly<Partial<Record<Field, number | undefined>>>): Form =>
    Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)]])),
    );
  if (setup.kind === 'failover') {
    return text({ perSecond: setup.perSecond, seconds: setup.seconds, killAfter: setup.killAfterMs });
  }
  if (setup.kind === 'threads') return text({ messages: setup.messages, threads: setup.threads, seed: setup.seed });
  const { loss, latencyMinMs, latencyMaxMs, maxRetries, ackTimeoutMs, window } = setup.change;
  const all: Partial<Record<Field, number | undefined>> = {
    messages: setup.messages,
    seed: setup.seed,
    loss: loss === undefined ? undefined : percentOf(loss),
    latencyMin: latencyMinMs,
    latencyMax: latencyMaxMs,
    retries: maxRetries,
    timeout: ackTimeoutMs,
    window,
  };
  return text(Object.fromEntries(fieldsOf(setup.experiment).map((field) => [field, all[field]])));
};

/** The form that an experiment begins with. Experiment 3 sets the timeout, not what its links take. */
export const startForm = (experiment: ExperimentNumber, seed: number): Form => {
  const start: Readonly<Partial<Record<Field, number>>> = { ...startOf(experiment), seed };
  return Object.fromEntries(fieldsOf(experiment).map((field) => [field, String(start[field])]));
};

/** Whether the same setup gives the same figures: where the machine decides, it does not. */
export const isRepeatable = (experiment: ExperimentNumber): boolean => isLinkNumber(experiment);

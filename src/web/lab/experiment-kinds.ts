/** The six guided experiments: what each runs on, and what of it can be set, within which bounds. Pure. */
import { defaultSettings, settingBounds, variantsOf } from '../../lab/index.ts';

export const experimentNumbers = [1, 2, 3, 4, 5, 6] as const;
export type ExperimentNumber = (typeof experimentNumbers)[number];
/** Those that are played on virtual links, by the batches. */
export type LinkNumber = 1 | 2 | 3 | 4;

export const isLinkNumber = (number: ExperimentNumber): number is LinkNumber => number <= 4;

/** What can be set, as a form has it. Loss is in percent there; times are in milliseconds. */
export type Field =
  | 'messages'
  | 'seed'
  | 'loss'
  | 'latencyMin'
  | 'latencyMax'
  | 'retries'
  | 'timeout'
  | 'window'
  | 'threads'
  | 'perSecond'
  | 'seconds'
  | 'killAfter';

export interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const dial = (bounds: { readonly min: number; readonly max: number }, whole = false): Bounds => ({ ...bounds, whole });

const bounds: Readonly<Record<Field, Bounds>> = {
  messages: { min: 1, max: 1_000_000, whole: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true },
  loss: { min: 100 * settingBounds.loss.min, max: 100 * settingBounds.loss.max, whole: false },
  latencyMin: dial(settingBounds.latencyMinMs),
  latencyMax: dial(settingBounds.latencyMaxMs),
  retries: dial(settingBounds.maxRetries, true),
  timeout: dial(settingBounds.ackTimeoutMs),
  window: dial(settingBounds.window, true),
  threads: { min: 1, max: 8, whole: true },
  perSecond: { min: 1, max: 200, whole: true },
  seconds: { min: 3, max: 30, whole: true },
  killAfter: { min: 500, max: 29_000, whole: true },
};

/** Experiment 5 counts what all its threads deliver together: fewer would be over before the threads have begun. */
const threadsMessages: Bounds = { min: 1_000, max: 20_000_000, whole: true };

export const boundsOf = (experiment: ExperimentNumber, field: Field): Bounds =>
  experiment === 5 && field === 'messages' ? threadsMessages : bounds[field];

const fields: Readonly<Record<ExperimentNumber, readonly Field[]>> = {
  1: ['messages', 'loss', 'latencyMin', 'latencyMax', 'retries', 'timeout', 'seed'],
  2: ['messages', 'loss', 'latencyMin', 'latencyMax', 'retries', 'timeout', 'seed'],
  3: ['messages', 'loss', 'window', 'retries', 'timeout', 'seed'],
  4: ['messages', 'loss', 'latencyMin', 'latencyMax', 'seed'],
  5: ['messages', 'threads', 'seed'],
  6: ['perSecond', 'seconds', 'killAfter'],
};

/** What can be set in an experiment, in the order of its form. */
export const fieldsOf = (experiment: ExperimentNumber): readonly Field[] => fields[experiment];

/** Hundredths without what binary fractions leave behind: 0.07 is 7, not 7.000000000000001. */
export const percentOf = (share: number): number => Number((100 * share).toPrecision(12));
export const shareOf = (percent: number): number => Number((percent / 100).toPrecision(12));

/** As many as each experiment's own settings need for a verdict. */
const fewest: Readonly<Record<LinkNumber, number>> = { 1: 1_000, 2: 1_000, 3: 5_000, 4: 2_000 };

/** What an experiment begins with, without a seed. */
export const startOf = (experiment: ExperimentNumber): Readonly<Partial<Record<Field, number>>> => {
  if (experiment === 5) return { messages: 1_000_000, threads: 4 };
  if (experiment === 6) return { perSecond: 50, seconds: 8, killAfter: 2_500 };
  const settings = variantsOf(experiment)[0]?.settings ?? defaultSettings;
  return {
    messages: fewest[experiment],
    loss: percentOf(settings.loss),
    latencyMin: settings.latencyMinMs,
    latencyMax: settings.latencyMaxMs,
    retries: settings.maxRetries,
    timeout: settings.ackTimeoutMs,
    window: settings.window,
  };
};

/**
 * The guided experiments that run on the links alone: which settings each of them compares, and the row that is reported
 * of each. A row is one method under one setting; it holds what was measured beside what theory expects.
 */
import { playPart } from './batch.ts';
import type { LabSettings } from './settings.ts';
import { defaultSettings } from './settings.ts';
import { summarise, type Totals } from './tally.ts';
import { type Expected, type ExpectedRate, expected, expectedRate, type Method, methods } from './theory.ts';
import { type BurstRates, burstRates } from './throughput.ts';
import { type JudgedRate, type Judgement, judge } from './verdict.ts';

/** One run of an experiment: a method under a setting. `offeredPerSecond` only where throughput is the question. */
export interface Variant {
  readonly method: Method;
  readonly settings: LabSettings;
  readonly offeredPerSecond: number | null;
}

export const linkExperiments = [1, 2, 3, 4] as const;
export type LinkExperiment = (typeof linkExperiments)[number];

/** More than any window lets through: bursts are what throughput is measured with. */
const burstPerSecond = 10_000;
const retriesCompared = [0, 1, 2, 5];
const timeoutsComparedMs = [300, 600, 1_000];

const both = (settings: LabSettings, offeredPerSecond: number | null = null): readonly Variant[] =>
  methods.map((method) => ({ method, settings, offeredPerSecond }));

/** What an experiment compares. `change` replaces settings in all of its variants, its own choices included. */
export const variantsOf = (experiment: LinkExperiment, change: Partial<LabSettings> = {}): readonly Variant[] => {
  const lab = (own: Partial<LabSettings>): LabSettings => ({ ...defaultSettings, ...own, ...change });
  switch (experiment) {
    case 1:
      return both(lab({ loss: 0.1 }));
    case 2:
      return both(lab({ loss: 0.5 }));
    case 3:
      return [
        ...both(lab({ window: 8, latencyMinMs: 10, latencyMaxMs: 50, ackTimeoutMs: 1_200 }), burstPerSecond),
        ...both(lab({ window: 8, latencyMinMs: 200, latencyMaxMs: 500, ackTimeoutMs: 1_200 }), burstPerSecond),
      ];
    case 4: {
      const grid = retriesCompared.flatMap((maxRetries) =>
        timeoutsComparedMs.map((ackTimeoutMs) => lab({ loss: 0.3, maxRetries, ackTimeoutMs })),
      );
      // What is given from outside leaves fewer settings to compare, not the same one several times.
      const different = new Map(grid.map((settings) => [JSON.stringify(settings), settings]));
      return [...different.values()].map((settings) => ({ method: 'pubsub', settings, offeredPerSecond: null }));
    }
  }
};

/** A row of an experiment's result. Counts are totals over all messages; theory's are a message. Latency to arrival. */
export interface Row {
  readonly experiment: number;
  readonly seed: number;
  readonly method: Method;
  readonly settings: Omit<LabSettings, 'deduplicate'>;
  readonly sent: number;
  readonly delivered: number;
  readonly confirmed: number;
  readonly duplicates: number;
  readonly attempts: number;
  readonly latencyMs: { readonly mean: number | null; readonly p50: number | null; readonly p95: number | null };
  readonly throughput?: ExpectedRate & { readonly offeredPerSecond: number };
  readonly theory: Pick<Expected, 'delivered' | 'confirmed' | 'attempts' | 'duplicates' | 'latencyMs'> & {
    readonly throughput?: ExpectedRate;
  };
  readonly verdict: Judgement['verdict'];
}

/** What is known of a variant once its messages have been played. */
export interface Played {
  readonly row: Row;
  readonly totals: Totals;
  readonly judgement: Judgement;
}

const rateOf = (burst: BurstRates): ExpectedRate => ({
  sentPerSecond: burst.sentPerSecond ?? 0,
  goodPerSecond: burst.goodPerSecond ?? 0,
});

const judgedRateOf = (burst: BurstRates, theory: ExpectedRate, window: number): JudgedRate => ({
  measured: burst.sentPerSecond,
  theory: theory.sentPerSecond,
  window,
});

/** Holds what came of a variant's messages against theory. */
export const playedOf = (experiment: number, variant: Variant, seed: number, totals: Totals): Played => {
  const { method, settings, offeredPerSecond } = variant;
  const theory = expected(method, settings);
  const burst = burstRates(method, settings, totals, offeredPerSecond ?? burstPerSecond);
  const rate =
    offeredPerSecond === null
      ? null
      : { measured: rateOf(burst), theory: expectedRate(method, settings, offeredPerSecond) };
  const judgement = judge(method, totals, theory, rate && judgedRateOf(burst, rate.theory, settings.window));
  const { mean, p50, p95 } = summarise(totals.latenciesMs);
  const { deduplicate: _, ...shown } = settings;
  const { delivered, confirmed, attempts, duplicates, latencyMs } = theory;
  const row: Row = {
    experiment,
    seed,
    method,
    settings: shown,
    sent: totals.sent,
    delivered: totals.delivered,
    confirmed: totals.confirmed,
    duplicates: totals.duplicates,
    attempts: totals.attempts,
    latencyMs: { mean, p50, p95 },
    ...(rate === null
      ? {}
      : { throughput: { offeredPerSecond: offeredPerSecond ?? burstPerSecond, ...rate.measured } }),
    theory: {
      delivered,
      confirmed,
      attempts,
      duplicates,
      latencyMs,
      ...(rate === null ? {} : { throughput: rate.theory }),
    },
    verdict: judgement.verdict,
  };
  return { row, totals, judgement };
};

/** Plays a variant's messages, numbers 0 to `count` − 1, on virtual time, and holds the result against theory. */
export const playVariant = (experiment: number, variant: Variant, seed: number, count: number): Played => {
  const { method, settings } = variant;
  return playedOf(experiment, variant, seed, playPart({ method, settings, seed, from: 0, count }));
};

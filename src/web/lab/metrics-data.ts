/** What each live chart shows of the samples: which figure, of which methods, on which axis. Pure. */
import type { LabFigure, LabMethod, LabMethodSample, LabSample } from '../../protocol/index.ts';
import type { ChartBreak, ChartPoint, ChartSeries } from './chart-geometry.ts';
import type { Formats } from './formats.ts';
import { samplesShown, type Turn } from './model.ts';

export type Quantile = 'p50' | 'p95';
export type Metric = 'latency' | 'confirmed' | 'delivery' | 'throughput' | 'loss' | 'retries' | 'duplicates' | 'own';

export interface MetricKind {
  readonly metric: Metric;
  /** Whose figure means something: Direct confirms, resends and doubles nothing. */
  readonly methods: readonly LabMethod[];
  readonly unit: Exclude<keyof Formats, 'count' | 'time'>;
  /** The end of the axis where it is fixed. */
  readonly top?: number;
  readonly least: number;
}

const both = ['direct', 'pubsub'] as const;
export const metricKinds: readonly MetricKind[] = [
  { metric: 'latency', methods: both, unit: 'ms', least: 10 },
  { metric: 'delivery', methods: both, unit: 'share', top: 1, least: 1 },
  { metric: 'throughput', methods: both, unit: 'rate', least: 1 },
  { metric: 'confirmed', methods: ['pubsub'], unit: 'ms', least: 10 },
  { metric: 'loss', methods: both, unit: 'share', top: 1, least: 1 },
  { metric: 'retries', methods: ['pubsub'], unit: 'mean', least: 1 },
  { metric: 'duplicates', methods: ['pubsub'], unit: 'mean', least: 1 },
];
/** The lab's own share of what was measured, shown apart: it is no part of the experiment. */
export const ownKind: MetricKind = { metric: 'own', methods: both, unit: 'ms', least: 10 };

const latencies = {
  latency: { p50: 'latencyP50', p95: 'latencyP95' },
  confirmed: { p50: 'confirmedP50', p95: 'confirmedP95' },
} as const;

/** One figure of one method in one sample. */
export const figureOf = (metric: Metric, quantile: Quantile, sample: LabMethodSample): LabFigure => {
  if (metric === 'own') return sample.ownMs;
  return metric === 'latency' || metric === 'confirmed' ? sample[latencies[metric][quantile]] : sample[metric];
};

const pointOf = (at: number, { value, theory, band }: LabFigure): ChartPoint => ({
  at,
  value,
  theory,
  low: band?.low ?? null,
  high: band?.high ?? null,
});

/** The series of a chart, by method. `names` are what they are called. */
export const seriesOf = (
  { metric, methods }: MetricKind,
  quantile: Quantile,
  samples: readonly LabSample[],
  names: Readonly<Record<LabMethod, string>>,
): readonly ChartSeries[] =>
  methods.map((method) => ({
    id: method,
    name: names[method],
    look: method,
    points: samples.map((sample) => pointOf(sample.at, figureOf(metric, quantile, sample[method]))),
  }));

/** Where the dials were changed while the samples came. A beginning before the first of them is none of theirs. */
export const breaksOf = (
  turns: readonly Turn[],
  samples: readonly LabSample[],
  label: (segment: number) => string,
): readonly ChartBreak[] => {
  const first = samples[0]?.at ?? Number.POSITIVE_INFINITY;
  return turns.filter(({ at }) => at > first).map(({ at, segment }) => ({ at, label: label(segment) }));
};

/** The samples that a table tells: those that a chart shows, the newest first. */
export const tableSamples = (samples: readonly LabSample[]): readonly LabSample[] =>
  samples.slice(-samplesShown).reverse();

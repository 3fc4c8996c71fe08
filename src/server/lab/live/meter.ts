/**
 * What one interval of half a second shows, by method, each figure beside what theory says of it. Rates and losses are of
 * what happened in the interval; everything else is of the messages that were settled in it.
 */
import { type Bands, type Happening, type Method, quantile, zOf } from '../../../lab/index.ts';
import type { LabFigure, LabMethodSample, LabRange } from '../../../protocol/index.ts';
import type { Counting } from './accounts.ts';
import { Arrivals } from './arrivals.ts';
import { figure, rangeOf } from './figures.ts';

/** What an interval has gathered so far. */
interface Interval {
  sent: number;
  arrived: number;
  crossings: number;
  lost: number;
  readonly ownMs: number[];
  readonly settled: Counting[];
}

const nothing = (): Interval => ({ sent: 0, arrived: 0, crossings: 0, lost: 0, ownMs: [], settled: [] });
const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export class Meter {
  readonly #method: Method;
  readonly #arrivals: Arrivals;
  #interval = nothing();

  constructor(method: Method) {
    this.#method = method;
    this.#arrivals = new Arrivals(method);
  }

  /** Whether anything has happened in this interval. */
  get isQuiet(): boolean {
    const { sent, arrived, crossings, settled } = this.#interval;
    return sent + arrived + crossings + settled.length === 0;
  }

  /** The dials have changed: what is held against theory begins anew. */
  newSegment(): void {
    const { sent, arrived, ownMs } = this.#interval;
    this.#interval = { ...nothing(), sent, arrived, ownMs };
  }

  /** `isPresent` says whether the message was sent under the present dials: of others no crossing is counted. */
  happened(happening: Happening, isPresent: boolean): void {
    const interval = this.#interval;
    const crossing = isPresent ? 1 : 0;
    switch (happening.what) {
      case 'sent':
        interval.crossings += crossing;
        if (happening.attempt.data.lost) interval.lost += crossing;
        if (happening.attempt.attempt === 0) {
          interval.sent++;
          this.#arrivals.sent(happening.story);
        }
        return;
      case 'seen':
        interval.ownMs.push(happening.ownMs);
        if (!happening.attempt.isCopy) interval.arrived++;
        // The ACK's crossing is decided with it; whether it is lost comes next.
        if (this.#method === 'pubsub') interval.crossings += crossing;
        return;
      case 'ack-lost':
        interval.lost += crossing;
    }
  }

  /** A message to one node has been settled that was sent under the present dials. */
  settled(pair: Counting): void {
    this.#interval.settled.push(pair);
  }

  /** The interval's figures; the next one begins. `theory` and `loss` are of the present dials. */
  take(theory: Bands, loss: number, fromMs: number, toMs: number): LabMethodSample {
    const { sent, arrived, crossings, lost, ownMs, settled } = this.#interval;
    this.#interval = nothing();
    const { expected } = theory;
    const isPubSub = this.#method === 'pubsub';
    const count = settled.length;
    const share = (some: number): number | null => (count === 0 ? null : some / count);
    const latencies = ascending(settled.flatMap(({ latencyMs }) => latencyMs ?? []));
    const confirmations = ascending(settled.flatMap(({ confirmedMs }) => confirmedMs ?? []));
    const latency = (q: number): LabFigure =>
      figure(quantile(latencies, q), latencies.length, theory.latency(q), (n) => theory.latencyBand(q, n));
    const confirmed = (q: number): LabFigure =>
      figure(quantile(confirmations, q), confirmations.length, theory.confirmed(q), (n) => theory.confirmedBand(q, n));
    const copies = share(sum(settled.map(({ duplicates }) => duplicates)));
    const resent = share(sum(settled.map(({ attempts }) => attempts - 1)));
    return {
      sent,
      arrived,
      latencyP50: latency(0.5),
      latencyP95: latency(0.95),
      confirmedP50: confirmed(0.5),
      confirmedP95: confirmed(0.95),
      throughput: this.#throughput(arrived, fromMs, toMs),
      delivery: figure(share(latencies.length), count, expected.delivered, (n) => theory.deliveryBand(n)),
      confirmation: isPubSub
        ? figure(share(confirmations.length), count, expected.confirmed, (n) => theory.confirmationBand(n))
        : figure(null, 0),
      duplicates: figure(copies, count, expected.duplicates, (n) => theory.duplicatesBand(n)),
      retries: figure(resent, count, expected.attempts - 1, (n) => theory.retriesBand(n)),
      loss: figure(crossings === 0 ? null : lost / crossings, crossings, loss, (n) => theory.lossBand(n)),
      ownMs: figure(quantile(ascending(ownMs), 0.5), ownMs.length),
    };
  }

  #throughput(arrived: number, fromMs: number, toMs: number): LabFigure {
    const perSecond = 1_000 / (toMs - fromMs);
    const expectation = this.#arrivals.between(fromMs, toMs);
    if (expectation === null) return figure(arrived * perSecond, arrived);
    const { mean, variance, most } = expectation;
    const half = zOf(0.95) * Math.sqrt(variance);
    const band: LabRange | null = rangeOf({
      low: Math.max(0, mean - half) * perSecond,
      high: Math.min(most, mean + half) * perSecond,
    });
    return { ...figure(arrived * perSecond, arrived, mean * perSecond), band };
  }
}

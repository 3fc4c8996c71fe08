/**
 * Adds up what has been settled, by method and by sender, and holds it against theory: of a segment, or of a run. Takes
 * so much memory however many messages there are.
 */
import {
  type Bands,
  type Interval,
  judgeCounted,
  type Method,
  meanInterval,
  Running,
  type SettledPair,
  wilson,
} from '../../../lab/index.ts';
import type { LabDevice, LabEstimate, LabTotals } from '../../../protocol/index.ts';
import { rangeOf, roundedOrNull } from './figures.ts';

/** A settled message to one node that counts. */
export type Counting = Extract<SettledPair, { readonly leftOut: false }>;

interface Counts {
  messages: number;
  delivered: number;
  confirmed: number;
  duplicates: number;
  attempts: number;
}

const none = (): Counts => ({ messages: 0, delivered: 0, confirmed: 0, duplicates: 0, attempts: 0 });

const count = (counts: Counts, { latencyMs, confirmedMs, duplicates, attempts }: Counting): void => {
  counts.messages++;
  if (latencyMs !== null) counts.delivered++;
  if (confirmedMs !== null) counts.confirmed++;
  counts.duplicates += duplicates;
  counts.attempts += attempts;
};

class Account {
  readonly counts = none();
  readonly #latency = new Running();
  readonly #attempts = new Running();
  readonly #duplicates = new Running();

  add(pair: Counting): void {
    count(this.counts, pair);
    if (pair.latencyMs !== null) this.#latency.add(pair.latencyMs);
    this.#attempts.add(pair.attempts);
    this.#duplicates.add(pair.duplicates);
  }

  totals(method: Method, { expected }: Bands): LabTotals {
    const { messages, delivered, confirmed } = this.counts;
    const counted = {
      sent: messages,
      delivered,
      confirmed,
      latency: this.#latency,
      attemptsEach: this.#attempts,
      duplicatesEach: this.#duplicates,
    };
    return {
      ...this.counts,
      deliveryShare: shareOf(delivered, messages, expected.delivered),
      confirmationShare: method === 'direct' ? unknown : shareOf(confirmed, messages, expected.confirmed),
      latencyMeanMs: meanOf(this.#latency, expected.latencyMs),
      attemptsMean: meanOf(this.#attempts, expected.attempts),
      duplicatesMean: meanOf(this.#duplicates, expected.duplicates),
      verdict: judgeCounted(method, counted, expected).verdict,
    };
  }
}

/** Of Direct its sender never knows. */
const unknown: LabEstimate = { value: null, interval: null, theory: null };

const estimate = (value: number | null, interval: Interval | null, theory: number | null): LabEstimate => ({
  value: roundedOrNull(value),
  interval: rangeOf(interval),
  theory: roundedOrNull(theory),
});

const shareOf = (some: number, all: number, theory: number): LabEstimate =>
  all === 0 ? estimate(null, null, theory) : estimate(some / all, wilson(some, all), theory);

const meanOf = (running: Running, theory: number | null): LabEstimate =>
  estimate(running.count === 0 ? null : running.mean, meanInterval(running), theory);

interface Device {
  readonly node: string;
  readonly method: Method;
  readonly name: string;
  readonly counts: Counts;
}

export class Accounts {
  readonly #methods = { direct: new Account(), pubsub: new Account() };
  readonly #devices = new Map<string, Device>();
  readonly #changed = new Set<Device>();
  readonly #devicesMax: number;

  /** `devicesMax` bounds how many senders are told apart, by method; later ones count in the whole only. */
  constructor(devicesMax: number) {
    this.#devicesMax = devicesMax;
  }

  /** `name` is what the sender is called. */
  add(method: Method, sender: string, name: string, pair: Counting): void {
    this.#methods[method].add(pair);
    const key = `${method} ${sender}`;
    let device = this.#devices.get(key);
    if (device === undefined) {
      if (this.#devices.size >= this.#devicesMax) return;
      device = { node: sender, method, name, counts: none() };
      this.#devices.set(key, device);
    }
    count(device.counts, pair);
    this.#changed.add(device);
  }

  totals(method: Method, theory: Bands): LabTotals {
    return this.#methods[method].totals(method, theory);
  }

  devices(): readonly LabDevice[] {
    return [...this.#devices.values()].map(deviceView);
  }

  /** Those that have changed since they were last taken. */
  takeChanged(): readonly LabDevice[] {
    const changed = [...this.#changed].map(deviceView);
    this.#changed.clear();
    return changed;
  }
}

const deviceView = ({ node, name, method, counts }: Device): LabDevice => ({ node, name, method, ...counts });

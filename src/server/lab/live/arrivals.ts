/**
 * How many first arrivals theory expects between two moments, given when messages were sent: that is what throughput is
 * held against, so that it holds for bursts, for windows and for single messages alike, and across a change of the dials.
 */
import { type LabSettings, type LiveStory, type Method, settlingMs, undeliveredAt } from '../../../lab/index.ts';

/** Messages of about the same time count as sent at their mean time. */
const batches = 200;

interface Batch {
  readonly settings: LabSettings;
  readonly fromMs: number;
  readonly widthMs: number;
  /** From here on nothing more comes of it. */
  overMs: number;
  count: number;
  sumMs: number;
}

export interface Expectation {
  readonly mean: number;
  readonly variance: number;
  /** More cannot come. */
  readonly most: number;
}

export class Arrivals {
  readonly #method: Method;
  #batches: Batch[] = [];

  constructor(method: Method) {
    this.#method = method;
  }

  sent({ settings, sentAtMs }: LiveStory): void {
    const last = this.#batches.at(-1);
    if (last?.settings === settings && sentAtMs < last.fromMs + last.widthMs) {
      last.count++;
      last.sumMs += sentAtMs - last.fromMs;
      last.overMs = sentAtMs + settlingMs(this.#method, settings);
      return;
    }
    const spanMs = settlingMs(this.#method, settings);
    const batch = { settings, fromMs: sentAtMs, widthMs: spanMs / batches, overMs: sentAtMs + spanMs };
    this.#batches.push({ ...batch, count: 1, sumMs: 0 });
  }

  /** Null when nothing is on its way. Nobody asks for what was before `toMs` again. */
  between(fromMs: number, toMs: number): Expectation | null {
    let [mean, variance, most] = [0, 0, 0];
    for (const { settings, count, fromMs: baseMs, sumMs } of this.#batches) {
      const sentAtMs = baseMs + sumMs / count;
      const arrived = this.#method === 'direct' ? { ...settings, maxRetries: 0 } : settings;
      const by = (atMs: number): number => (atMs < sentAtMs ? 0 : 1 - undeliveredAt(arrived, atMs - sentAtMs));
      const share = Math.max(0, by(toMs) - by(fromMs));
      mean += count * share;
      variance += count * share * (1 - share);
      most += count;
    }
    const isEmpty = this.#batches.length === 0;
    this.#batches = this.#batches.filter(({ overMs }) => overMs > toMs);
    return isEmpty ? null : { mean, variance, most };
  }
}

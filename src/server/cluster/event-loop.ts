/** How long the event loop of this process keeps what is due waiting, over about the last seconds. */
import { monitorEventLoopDelay, type RecordableHistogram } from 'node:perf_hooks';

/** Milliseconds. */
export interface LoopDelay {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

const resolutionMs = 20;
const spanMs = 5_000;

/** The monitor counts from one look to the next; what is more than that is delay. */
const readingOf = (histogram: Pick<RecordableHistogram, 'mean' | 'max' | 'percentile'>): LoopDelay => {
  const msOf = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 10_000) / 100 - resolutionMs);
  return { mean: msOf(histogram.mean), p99: msOf(histogram.percentile(99)), max: msOf(histogram.max) };
};

export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timer: NodeJS.Timeout;
  #last: LoopDelay | null = null;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#last = readingOf(this.#histogram);
      this.#histogram.reset();
    }, spanMs).unref();
  }

  /** Of the last whole span; before the first, of what there is; null when there is nothing yet. */
  get reading(): LoopDelay | null {
    return this.#last ?? (this.#histogram.count > 0 ? readingOf(this.#histogram) : null);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }
}

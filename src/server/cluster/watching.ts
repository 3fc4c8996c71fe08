/** Whether anybody watches the cluster at work, at this server or at another: only then are ordinary messages counted. */
import type { ReplicatedLog } from '../../log/index.ts';
import type { EdgeLimits } from '../options.ts';

const topic = 'cluster.watching';
const nothing = new Uint8Array();

type Limits = Pick<EdgeLimits, 'clusterWatchingIntervalMs' | 'clusterWatchingMaxAgeMs'>;

export class WatchedAnywhere {
  readonly #log: Pick<ReplicatedLog, 'cast' | 'onCast'>;
  readonly #limits: Limits;
  readonly #unsubscribe: () => void;
  #untilMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(log: Pick<ReplicatedLog, 'cast' | 'onCast'>, limits: Limits) {
    this.#log = log;
    this.#limits = limits;
    this.#unsubscribe = log.onCast((of) => {
      if (of === topic) this.#untilMs = performance.now() + limits.clusterWatchingMaxAgeMs;
    });
  }

  get is(): boolean {
    return this.#timer !== null || performance.now() < this.#untilMs;
  }

  /** Somebody watches here, or nobody any more. */
  here(on: boolean): void {
    if (on === (this.#timer !== null)) return;
    if (on) {
      this.#say();
      this.#timer = setInterval(() => this.#say(), this.#limits.clusterWatchingIntervalMs).unref();
    } else {
      clearInterval(this.#timer ?? undefined);
      this.#timer = null;
    }
  }

  stop(): void {
    this.here(false);
    this.#unsubscribe();
  }

  #say(): void {
    this.#log.cast(topic, nothing);
  }
}

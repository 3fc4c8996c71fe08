/**
 * The stopwatch of takeovers: reads from this server's own traces when the primary gave its last sign of life, when that
 * was noticed, when the lock was gained, when the epoch was durable, and when the first write after that was
 * acknowledged. It knows no clock: all times are those of the traces.
 */
import type { Trace } from '../../log/index.ts';
import { type CommandBody, limits, type TakeoverCause } from '../../protocol/index.ts';

/** What a takeover's commands say. */
export type Begun = CommandBody<'takeover.begun'>;
export type Timed = CommandBody<'takeover.timed'>;

interface Leader {
  readonly name: string;
  readonly epoch: number;
}

/** How a primary was lost. */
interface Loss {
  readonly cause: TakeoverCause;
  readonly lastSignAt: number;
  readonly detectedAt: number;
}

/** What a trace came to, when it was one of those that matter. */
export type Reading =
  | { readonly kind: 'begun'; readonly begun: Begun }
  | { readonly kind: 'timed'; readonly timed: Timed };

export class TakeoverClock {
  readonly #self: string;
  #leader: Leader | null = null;
  #loss: Loss | null = null;
  #lockedAt: number | null = null;
  /** This server leads, and nothing that it acknowledged came after its mark yet. */
  #running: { readonly begun: Begun; readonly timed: Timed; readonly mark: number; isSaid: boolean } | null = null;

  constructor(self: string) {
    this.#self = self;
  }

  /**
   * What a trace comes to. That a takeover has begun is said when its mark is committed, and whatever was waiting for it
   * with that: before, it would only be in the way.
   */
  heed(trace: Trace): readonly Reading[] {
    switch (trace.what) {
      case 'following':
        this.#leader = { name: trace.peer ?? '', epoch: trace.epoch };
        this.#loss = null;
        this.#lockedAt = null;
        this.#running = null;
        return [];
      case 'primary-lost':
        if (trace.peer === this.#leader?.name) this.#loss = lossOf(trace);
        return [];
      case 'released':
      case 'stepped-down':
        this.#loss = { cause: 'handed-over', lastSignAt: trace.at, detectedAt: trace.at };
        this.#running = null;
        return [];
      case 'lock-gained':
        this.#lockedAt = trace.at;
        return [];
      case 'promoted':
        this.#promoted(trace);
        return [];
      case 'committed':
        return this.#committed(trace);
      default:
        return [];
    }
  }

  #promoted({ at, epoch, from = 0 }: Trace): void {
    const [leader, loss] = [this.#leader, this.#loss];
    const { lastSignAt = null, detectedAt = null } = loss ?? {};
    const cause = loss?.cause ?? (from === 1 ? 'founded' : 'started');
    const before = leader === null ? { previous: null } : { previous: leader.name, previousEpoch: leader.epoch };
    this.#running = {
      begun: { epoch, server: this.#self, cause, ...before },
      isSaid: false,
      timed: { epoch, lastSignAt, detectedAt, lockedAt: this.#lockedAt, durableAt: at, acknowledgedAt: null },
      mark: from,
    };
    this.#leader = { name: this.#self, epoch };
    this.#loss = null;
    this.#lockedAt = null;
  }

  #committed({ at, epoch, upto = 0 }: Trace): readonly Reading[] {
    const running = this.#running;
    if (running === null || running.begun.epoch !== epoch || upto < running.mark) return [];
    const begun: readonly Reading[] = running.isSaid ? [] : [{ kind: 'begun', begun: running.begun }];
    running.isSaid = true;
    if (upto === running.mark) return begun;
    this.#running = null;
    return [...begun, { kind: 'timed', timed: { ...running.timed, acknowledgedAt: at } }];
  }
}

/** A primary says something every `heartbeatIntervalMs`: one that was silent for long before its link broke had hung. */
const lossOf = ({ at, silentMs = 0 }: Trace): Loss => ({
  cause: silentMs >= limits.memberSilenceMaxMs ? 'hung' : 'died',
  lastSignAt: at - silentMs,
  detectedAt: at,
});

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
  /** This server leads, and nothing that it acknowledged came after this entry yet. */
  #running: { readonly timed: Timed; readonly mark: number } | null = null;

  constructor(self: string) {
    this.#self = self;
  }

  heed(trace: Trace): Reading | null {
    switch (trace.what) {
      case 'following':
        this.#leader = { name: trace.peer ?? '', epoch: trace.epoch };
        this.#loss = null;
        this.#lockedAt = null;
        this.#running = null;
        return null;
      case 'primary-lost':
        if (trace.peer === this.#leader?.name) this.#loss = lossOf(trace);
        return null;
      case 'released':
      case 'stepped-down':
        this.#loss = { cause: 'handed-over', lastSignAt: trace.at, detectedAt: trace.at };
        this.#running = null;
        return null;
      case 'lock-gained':
        this.#lockedAt = trace.at;
        return null;
      case 'promoted':
        return { kind: 'begun', begun: this.#promoted(trace) };
      case 'committed':
        return this.#committed(trace);
      default:
        return null;
    }
  }

  #promoted({ at, epoch, from = 0 }: Trace): Begun {
    const [leader, loss] = [this.#leader, this.#loss];
    const { lastSignAt = null, detectedAt = null } = loss ?? {};
    this.#running = {
      timed: { epoch, lastSignAt, detectedAt, lockedAt: this.#lockedAt, durableAt: at, acknowledgedAt: null },
      mark: from,
    };
    this.#leader = { name: this.#self, epoch };
    this.#loss = null;
    this.#lockedAt = null;
    const cause = loss?.cause ?? (from === 1 ? 'founded' : 'started');
    const before = leader === null ? { previous: null } : { previous: leader.name, previousEpoch: leader.epoch };
    return { epoch, server: this.#self, cause, ...before };
  }

  #committed({ at, epoch, upto = 0 }: Trace): Reading | null {
    if (this.#running === null || this.#running.timed.epoch !== epoch || upto <= this.#running.mark) return null;
    const timed = { ...this.#running.timed, acknowledgedAt: at };
    this.#running = null;
    return { kind: 'timed', timed };
  }
}

/** A primary says something every `heartbeatIntervalMs`: one that was silent for long before its link broke had hung. */
const lossOf = ({ at, silentMs = 0 }: Trace): Loss => ({
  cause: silentMs >= limits.memberSilenceMaxMs ? 'hung' : 'died',
  lastSignAt: at - silentMs,
  detectedAt: at,
});

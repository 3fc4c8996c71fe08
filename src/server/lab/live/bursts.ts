/**
 * What is to be sent and has to wait: for its time (a burst has a rate), for a slot (its sender has a window), and for
 * its turn (the lab as a whole has a pace, so that the chat beside it has the machine). Single messages are bursts of one.
 */
import type { Exchange, Publication, Refusal } from '../../../lab/index.ts';
import type { EdgeLimits } from '../../options.ts';

export interface Burst extends Publication {
  /** What the page calls what it said. */
  readonly ref: string | undefined;
  readonly count: number;
  /** The first one’s time, */
  readonly startMs: number;
  /** and from one to the next; 0 when all are to be sent at once. */
  readonly everyMs: number;
}

/** What is left of the pace when the machine was late, and what of the full pace comes back each second. */
const slowedTo = 0.7;
const recoveredPerSecond = 0.1;

interface Waiting extends Burst {
  sent: number;
}

export interface BurstHandlers {
  sent(burst: Burst, message: number, atMs: number): void;
  /** What is left of it is not sent. */
  ended(burst: Burst, left: number, why: Refusal | 'stopped', atMs: number): void;
}

export class Bursts {
  readonly #exchange: Exchange;
  readonly #limits: EdgeLimits;
  readonly #handlers: BurstHandlers;
  readonly #bursts = new Set<Waiting>();
  /** Messages that may be sent at once, each counted once for each node that it goes to. */
  #tokens: number;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  /** The pace now: how many a second. */
  #perSecond: number;
  #slowedAtMs = Number.NEGATIVE_INFINITY;
  #messages = 0;

  constructor(exchange: Exchange, limits: EdgeLimits, handlers: BurstHandlers) {
    this.#exchange = exchange;
    this.#limits = limits;
    this.#handlers = handlers;
    this.#perSecond = limits.labPairsPerSecondMax;
    this.#tokens = this.#perSecond;
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#messages;
  }

  /** A timer was so late: when that is much, the machine has other work, which goes first. */
  late(lateMs: number, nowMs: number): void {
    const { labLateMs, labSlowDownMs, labPairsPerSecondMin } = this.#limits;
    if (lateMs <= labLateMs || nowMs < this.#slowedAtMs + labSlowDownMs) return;
    this.#slowedAtMs = nowMs;
    this.#perSecond = Math.max(labPairsPerSecondMin, this.#perSecond * slowedTo);
    this.#tokens = Math.min(this.#tokens, this.#perSecond);
  }

  /** Whether so many more can wait. */
  hasRoom(count: number, bursts = 1): boolean {
    const { labWaitingMax, labBurstsMax } = this.#limits;
    return this.#messages + count <= labWaitingMax && this.#bursts.size + bursts <= labBurstsMax;
  }

  add(burst: Burst): void {
    this.#bursts.add({ ...burst, sent: 0 });
    this.#messages += burst.count;
  }

  /** Ends those that fit; what has not been sent is not sent. */
  stop(fits: (burst: Burst) => boolean, nowMs: number): void {
    for (const burst of this.#bursts) if (fits(burst)) this.#end(burst, 'stopped', nowMs);
  }

  /** When one may be sent; null when nothing waits. Slots come free by what the exchange does. */
  nextDueMs(nowMs: number): number | null {
    let next: number | null = null;
    for (const burst of this.#bursts) {
      const atMs = dueAt(burst);
      if (atMs <= nowMs && !this.#hasSlot(burst)) continue;
      if (next === null || atMs < next) next = atMs;
    }
    if (next === null || this.#tokens >= 1) return next;
    const paceMs = this.#countedAtMs + ((1 - this.#tokens) * 1_000) / this.#perSecond;
    return Math.max(next, paceMs);
  }

  /** Sends what may be sent by now, the bursts in turn. */
  due(nowMs: number): void {
    this.#refill(nowMs);
    for (const burst of this.#bursts) {
      if (this.#tokens < 1) return;
      if (dueAt(burst) > nowMs || !this.#hasSlot(burst) || !this.#send(burst, nowMs)) continue;
      // Behind the others: this walk comes to it again, and the next one begins with who has waited longest.
      this.#bursts.delete(burst);
      this.#bursts.add(burst);
    }
  }

  /** Whether one was sent, and more are left. */
  #send(burst: Waiting, nowMs: number): boolean {
    const { from, method, to, text, run } = burst;
    const published = this.#exchange.publish({ from, method, to, text, run }, nowMs);
    if ('refusal' in published) {
      // There is room again when others are settled: in a twentieth of a second it is worth another look.
      if (published.refusal === 'too-many-messages') this.#tokens = -this.#perSecond / 20;
      else this.#end(burst, published.refusal, nowMs);
      return false;
    }
    this.#tokens -= this.#exchange.story(published.message)!.nodes.length;
    burst.sent++;
    this.#messages--;
    if (burst.sent === burst.count) this.#bursts.delete(burst);
    this.#handlers.sent(burst, published.message, nowMs);
    return burst.sent < burst.count;
  }

  #end(burst: Waiting, why: Refusal | 'stopped', atMs: number): void {
    const left = burst.count - burst.sent;
    this.#messages -= left;
    this.#bursts.delete(burst);
    this.#handlers.ended(burst, left, why, atMs);
  }

  #hasSlot({ from, method }: Waiting): boolean {
    const { window } = this.#exchange.settings;
    return window === 0 || this.#exchange.slotsTaken(from, method) < window;
  }

  #refill(nowMs: number): void {
    const most = this.#limits.labPairsPerSecondMax;
    const passed = Math.min(1, (nowMs - this.#countedAtMs) / 1_000);
    this.#perSecond = Math.min(most, this.#perSecond + passed * most * recoveredPerSecond);
    this.#tokens = Math.min(this.#perSecond, this.#tokens + passed * this.#perSecond);
    this.#countedAtMs = nowMs;
  }
}

const dueAt = ({ startMs, everyMs, sent }: Waiting): number => startMs + sent * everyMs;

/** The time from one message to the next, ms; 0 for as fast as may be. */
export const everyMsOf = (perSecond: number | undefined): number => (perSecond === undefined ? 0 : 1_000 / perSecond);

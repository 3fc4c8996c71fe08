/**
 * Holds the lab's host while it runs here: gives it the time, wakes it when something is due, and hands on what it has to
 * tell. A mistake in the lab must not end the chat: when the host throws, it is put away and made anew.
 */
import type { LabNews } from '../../../protocol/index.ts';
import type { EdgeLimits, Logger } from '../../options.ts';
import { LabHost } from './host.ts';
import type { Kept } from './known.ts';
import type { HostStart } from './parts.ts';
import type { Seat } from './seat.ts';

/** Milliseconds since 1970, with a fraction, by a clock that is never set back. */
export const clockMs = (): number => performance.timeOrigin + performance.now();

export interface HostingHandlers {
  /** What a new host begins with. */
  start(): HostStart;
  told(seat: Seat, news: LabNews): void;
  toldAll(news: LabNews): void;
  kept(kept: Kept): void;
}

export class Hosting {
  readonly #limits: EdgeLimits;
  readonly #logger: Logger;
  readonly #handlers: HostingHandlers;
  #host: LabHost | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isFlushing = false;

  constructor(limits: EdgeLimits, logger: Logger, handlers: HostingHandlers) {
    this.#limits = limits;
    this.#logger = logger;
    this.#handlers = handlers;
  }

  /** Null while the lab does not run here. */
  get host(): LabHost | null {
    return this.#host;
  }

  /** The lab runs here from now on. */
  begin(): void {
    this.#logger.debug({}, 'the lab runs here');
    this.guard(() => {
      this.#host = new LabHost(this.#handlers.start(), clockMs());
    });
    this.step(() => {});
  }

  end(): void {
    this.#host = null;
    clearTimeout(this.#timer);
  }

  /** Something happens to the lab, if it runs here; what it tells leaves at the end of this turn of the event loop. */
  step(action: (host: LabHost, nowMs: number) => void): void {
    const host = this.#host;
    if (host === null) return;
    this.guard(() => action(host, clockMs()));
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.guard(() => this.#flush());
    });
  }

  /** Does something that may throw only by a mistake of the lab's. */
  guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#logger.error({ err: error }, 'the lab has failed, and begins anew');
      const wasHere = this.#host !== null;
      this.end();
      if (wasHere) this.#timer = setTimeout(() => this.begin(), this.#limits.labRestartMs).unref();
    }
  }

  #flush(): void {
    const host = this.#host;
    if (host === null) return;
    const nowMs = clockMs();
    const { all, kept, seats } = host.take(nowMs);
    for (const [seat, news] of seats) this.#handlers.told(seat, news);
    if (all !== null) this.#handlers.toldAll(all);
    if (kept !== null) this.#handlers.kept(kept);
    this.#schedule(host, nowMs);
  }

  #schedule(host: LabHost, nowMs: number): void {
    clearTimeout(this.#timer);
    const dueMs = host.nextDueMs(nowMs);
    if (dueMs === null) return;
    // A timer counts whole milliseconds: one that is early would only come again.
    const waitMs = Math.max(0, Math.ceil(dueMs - nowMs));
    const wake = (same: LabHost, atMs: number): void => {
      same.late(atMs - nowMs - waitMs, atMs);
      same.due(atMs);
    };
    this.#timer = setTimeout(() => this.step(wake), waitMs).unref();
  }
}

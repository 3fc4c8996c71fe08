/**
 * Where clients who come anew wait while a takeover is under way. All clients of the server that died come at once, and
 * to let one in takes time that whoever waits for an acknowledgement needs more. Afterwards they are let in one in each
 * turn of the event loop.
 */
export interface WaitingRoomOptions {
  /** Whether there is nothing more urgent. */
  readonly isSettled: () => boolean;
  /** After this it is not waited for the end of the takeover any more, but only for those who came before. */
  readonly waitMaxMs: number;
  /** How often it is looked whether it is over. */
  readonly lookMs: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly untilMs: number;
}

export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #queue: Waiting[] = [];

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  /** How many wait. Whoever lets them come bounds it. */
  get size(): number {
    return this.#queue.length;
  }

  /** Calls `enter`: at once if there is no reason to wait, else as soon as there is none, in the order of coming. */
  come(enter: () => void): void {
    if (this.#queue.length === 0 && this.#options.isSettled()) {
      enter();
      return;
    }
    this.#queue.push({ enter, untilMs: performance.now() + this.#options.waitMaxMs });
    if (this.#queue.length === 1) this.#wait();
  }

  #wait(): void {
    setTimeout(() => this.#look(), this.#options.lookMs).unref();
  }

  #look(): void {
    const first = this.#queue[0];
    if (first === undefined) return;
    if (!this.#options.isSettled() && performance.now() < first.untilMs) {
      this.#wait();
      return;
    }
    this.#queue.shift();
    if (this.#queue.length > 0) setImmediate(() => this.#look());
    first.enter();
  }
}

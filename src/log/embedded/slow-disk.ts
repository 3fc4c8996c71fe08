/**
 * Makes a replica's log write as slowly as it is told to, on purpose: each write is on the disk at once, and is only said
 * to be so much later, one after the other, as a disk does that takes its time. Writes that come meanwhile are one, as
 * they are on a real disk. The event loop goes on.
 */
export class SlowDisk {
  readonly #done: (count: number) => void;
  #ms = 0;
  /** Stores that wait for the write that is under way. */
  #next = 0;
  #timer: NodeJS.Timeout | null = null;
  #sleepers: (() => void)[] = [];

  /** @param done so many stores, the oldest, may be said to be durable */
  constructor(done: (count: number) => void) {
    this.#done = done;
  }

  get ms(): number {
    return this.#ms;
  }

  /** From the next write on. */
  set ms(ms: number) {
    this.#ms = ms;
  }

  /** So many stores are on the disk. False when that may be said at once; otherwise `done` comes when it may. */
  takes(count: number): boolean {
    if (this.#ms === 0 && this.#timer === null) return false;
    this.#next += count;
    this.#begin();
    return true;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#timer !== null) await new Promise<void>((wake) => this.#sleepers.push(wake));
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    [this.#timer, this.#next] = [null, 0];
    this.#wake();
  }

  #begin(): void {
    if (this.#timer !== null || this.#next === 0) return;
    const count = this.#next;
    this.#next = 0;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#done(count);
      this.#begin();
      if (this.#timer === null) this.#wake();
    }, this.#ms);
  }

  #wake(): void {
    for (const wake of this.#sleepers.splice(0)) wake();
  }
}

/**
 * Feeds sockets that are behind from the database, a slice each in turn, so that ten thousand coming back at once keep
 * nobody else waiting for long.
 */

/** A socket that is behind. `resumeSlice` says whether it wants another slice. */
export interface Resuming {
  resumeSlice(): boolean;
  resumeFailed(error: unknown): void;
}

export class Resumer {
  #queue: Resuming[] = [];
  readonly #turnMs: number;
  #scheduled = false;

  constructor(turnMs: number) {
    this.#turnMs = turnMs;
  }

  add(socket: Resuming): void {
    this.#queue.push(socket);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const endMs = performance.now() + this.#turnMs;
    const again: Resuming[] = [];
    let served = 0;
    for (const socket of this.#queue) {
      served++;
      try {
        if (socket.resumeSlice()) again.push(socket);
      } catch (error) {
        socket.resumeFailed(error);
      }
      if (performance.now() >= endMs) break;
    }
    this.#queue = this.#queue.slice(served).concat(again);
    if (this.#queue.length > 0) this.#schedule();
  }
}

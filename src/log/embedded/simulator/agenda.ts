/** What is to happen in virtual time, in order: a binary heap of (time, order of asking). */
export interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Task, b: Task): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

export class Agenda {
  readonly #heap: Task[] = [];
  #asked = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs something after a while. */
  after(delayMs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atMs: this.#nowMs + delayMs, order: this.#asked++, run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(heap[child]!, heap[parent]!)) break;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      child = parent;
    }
  }

  /** Moves to the next thing and does it; false when there is nothing left. */
  step(): boolean {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return false;
    if (heap.length > 0) {
      heap[0] = last;
      let parent = 0;
      for (;;) {
        const left = 2 * parent + 1;
        if (left >= heap.length) break;
        const right = left + 1;
        const least = right < heap.length && before(heap[right]!, heap[left]!) ? right : left;
        if (!before(heap[least]!, heap[parent]!)) break;
        [heap[least], heap[parent]] = [heap[parent]!, heap[least]!];
        parent = least;
      }
    }
    this.#nowMs = first.atMs;
    first.run();
    return true;
  }
}

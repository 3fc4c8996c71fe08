/** What is to happen, the earliest first: a binary heap of things with a time. Things of one time keep their order. */
export class Agenda<Thing> {
  readonly #heap: { readonly atMs: number; readonly order: number; readonly thing: Thing }[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the first thing is due; null when there is none. */
  get nextMs(): number | null {
    return this.#heap[0]?.atMs ?? null;
  }

  /** The first thing, which stays; undefined when there is none. */
  get first(): Thing | undefined {
    return this.#heap[0]?.thing;
  }

  add(atMs: number, thing: Thing): void {
    const one = { atMs, order: this.#order++, thing };
    let at = this.#heap.push(one) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(one, this.#heap[parent]!)) break;
      this.#heap[at] = this.#heap[parent]!;
      at = parent;
    }
    this.#heap[at] = one;
  }

  /** Takes the first thing out if it is due by `nowMs`. */
  take(nowMs: number): { readonly atMs: number; readonly thing: Thing } | null {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return null;
    const last = this.#heap.pop()!;
    const size = this.#heap.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (!this.#isBefore(this.#heap[child]!, last)) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = last;
    return first;
  }

  #isBefore(
    one: { readonly atMs: number; readonly order: number },
    other: { readonly atMs: number; readonly order: number },
  ): boolean {
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  }
}

/** Says what was read, but not for every message: each mark is a command in the log of all servers. */

const everyMs = 2_000;

export class ReadMarks {
  readonly #send: (room: string, index: number) => void;
  readonly #due = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(send: (room: string, index: number) => void) {
    this.#send = send;
  }

  /** The room was read up to `index`. Goes out at once when none did lately, else together with what comes after. */
  mark(room: string, index: number): void {
    this.#due.set(room, index);
    if (this.#timer !== null) return;
    const wait = this.#sentAt + everyMs - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Sends what is due. */
  flush(): void {
    const due = [...this.#due];
    this.forget();
    if (due.length === 0) return;
    this.#sentAt = performance.now();
    for (const [room, index] of due) this.#send(room, index);
  }

  forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#due.clear();
  }
}

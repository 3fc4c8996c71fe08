/** Tells the log how far this server is, soon after it has moved, and not more often than is of use. */

export class Reporter {
  readonly #intervalMs: number;
  readonly #report: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(intervalMs: number, report: () => void) {
    this.#intervalMs = intervalMs;
    this.#report = report;
  }

  /** Something that is reported has changed. */
  moved(): void {
    this.#timer ??= setTimeout(() => this.now(), this.#intervalMs).unref();
  }

  now(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    this.#report();
  }

  stop(): void {
    clearTimeout(this.#timer ?? undefined);
  }
}

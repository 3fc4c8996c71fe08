/** Tells the log how far this server is, soon after it has moved, and not more often than is of use. */

/** What moved within this time is told at once. */
const reportIntervalMs = 100;

export class Reporter {
  readonly #report: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(report: () => void) {
    this.#report = report;
  }

  /** Something that is reported has changed. */
  moved(): void {
    this.#timer ??= setTimeout(() => this.now(), reportIntervalMs).unref();
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

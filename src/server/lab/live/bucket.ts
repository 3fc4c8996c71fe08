/** So many a second, and twice as many at once. */
export class Bucket {
  readonly #perSecond: number;
  #left: number;
  #countedAtMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#left = 2 * perSecond;
    this.#countedAtMs = nowMs;
  }

  /** Takes one out; false when none is left. */
  take(nowMs: number): boolean {
    const refill = ((nowMs - this.#countedAtMs) * this.#perSecond) / 1_000;
    this.#left = Math.min(2 * this.#perSecond, this.#left + refill);
    this.#countedAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

/** Seeded randomness for the simulator: sfc32, 128 bits of state. The same seed gives the same numbers everywhere. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  readonly #seed: number;

  /** @param purpose what the numbers are for: each purpose has a stream of its own, which the others do not move */
  constructor(seed: number, purpose = '') {
    this.#seed = seed;
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    this.#c = 0x9e3779b9;
    for (let at = 0; at < purpose.length; at++) this.#c = Math.imul(this.#c ^ purpose.charCodeAt(at), 0x01000193);
    for (let round = 0; round < 15; round++) this.#next();
  }

  #next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** Numbers of the same seed for one purpose: leaving out what another purpose drew changes none of them. */
  stream(purpose: string): Random {
    return new Random(this.#seed, purpose);
  }

  /** At least 0, less than 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the items, or undefined of none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[this.between(0, items.length - 1)];
  }

  /** That many random bytes. */
  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 4) {
      const drawn = this.#next();
      for (let byte = 0; byte < 4; byte++) bytes[at + byte] = drawn >>> (8 * byte);
    }
    return bytes;
  }

  /** Mostly around `typical`, now and then many times that: how real delays are spread. */
  delay(typical: number): number {
    const base = typical * (0.2 + this.fraction());
    return this.chance(0.03) ? base * this.between(5, 40) : base;
  }
}

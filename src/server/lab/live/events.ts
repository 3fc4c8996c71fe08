/** What happened in the lab, for its event log: so many lines at a time, and of the rest how many they were. */
import type { LabEvent, LabEventKind } from '../../../protocol/index.ts';

export class Events {
  readonly #most: number;
  #next: number;
  #waiting: LabEvent[] = [];
  #leftOut = 0;

  /** `most` is how many are told at a time. */
  constructor(most: number, next: number) {
    this.#most = most;
    this.#next = next;
  }

  /** The number of the next one. */
  get next(): number {
    return this.#next;
  }

  get hasAny(): boolean {
    return this.#waiting.length > 0 || this.#leftOut > 0;
  }

  /** The line is made only when there is room for it: in a flood most are not. */
  add(what: LabEventKind, at: number, line: () => Omit<LabEvent, 'number' | 'at' | 'what'> = () => ({})): void {
    const number = this.#next++;
    if (this.#waiting.length < this.#most) this.#waiting.push({ number, at, what, ...line() });
    else this.#leftOut++;
  }

  take(): { readonly events: readonly LabEvent[]; readonly leftOut: number } {
    const taken = { events: this.#waiting, leftOut: this.#leftOut };
    this.#waiting = [];
    this.#leftOut = 0;
    return taken;
  }
}

/**
 * Which of the messages between servers the map lets move. All of them, while they are few; else one of so many, the
 * same for every link and kind, so that what is seen is a fair sample, and the map can say of how many it is one. How
 * much moves is bounded whatever the servers do. Pure: time comes in.
 */
import type { Flow, FlowKind } from '../../protocol/index.ts';

/** Something that moves from one server to another, from the moment `from` for `trafficTimes.flightMs`. */
export interface Mover {
  readonly from: string;
  readonly to: string;
  readonly what: FlowKind;
  readonly startMs: number;
}

export interface Traffic {
  /** One of so many is shown. */
  readonly oneOf: number;
  /** Messages in the last second. */
  readonly perSecond: number;
}

export const trafficTimes = {
  /** What takes less than a millisecond is shown to take as long as this. */
  flightMs: 620,
  /** News come about this far apart: what they count is spread over as much. */
  spreadMs: 100,
  /** So many begin to move in a second at most. */
  shownPerSecond: 80,
} as const;

/** An entry's steps begin one after the other, as they do between the servers, so that one can be seen to follow. */
const step: Readonly<Record<FlowKind, number>> = { forward: 0, cast: 0, append: 1, stored: 2, committed: 3 };

const stepOf = (what: FlowKind): number => step[what] * trafficTimes.flightMs;

/** 1, 2, 5, 10, 20, 50, … */
const oneOfAtLeast = (least: number): number => {
  for (let ten = 1; ; ten *= 10) {
    for (const digit of [1, 2, 5]) if (digit * ten >= least) return digit * ten;
  }
};

export class TrafficSample {
  /** What came in the last second. */
  readonly #recent: { readonly at: number; readonly count: number }[] = [];
  /** By link and kind: how many are counted towards the next that is shown. */
  readonly #counted = new Map<string, number>();
  #oneOf = 1;
  #perSecond = 0;

  get traffic(): Traffic {
    return { oneOf: this.#oneOf, perSecond: this.#perSecond };
  }

  /** Time has passed, and nothing was heard. */
  pass(now: number): void {
    while (this.#recent.length > 0 && this.#recent[0]!.at <= now - 1_000) this.#recent.shift();
    this.#perSecond = this.#recent.reduce((sum, { count }) => sum + count, 0);
    const least = this.#perSecond / trafficTimes.shownPerSecond;
    // It falls only when there is room to spare, or it would flicker between two.
    if (least > this.#oneOf || least < this.#oneOf * 0.35) this.#oneOf = oneOfAtLeast(least);
  }

  /** What passed since the last time, at `now`; gives what is to move of it. */
  hear(now: number, flows: readonly Flow[]): readonly Mover[] {
    const count = flows.reduce((sum, flow) => sum + flow.count, 0);
    if (count > 0) this.#recent.push({ at: now, count });
    this.pass(now);
    return flows.flatMap(({ from, to, what, count }) => {
      const key = `${from} ${to} ${what}`;
      const counted = (this.#counted.get(key) ?? this.#oneOf - 1) + count;
      const shown = Math.floor(counted / this.#oneOf);
      this.#counted.set(key, counted - shown * this.#oneOf);
      const begin = now + stepOf(what);
      const apart = trafficTimes.spreadMs / Math.max(shown, 1);
      return Array.from({ length: shown }, (_, at): Mover => ({ from, to, what, startMs: begin + at * apart }));
    });
  }
}

/** What the threads of experiment 5 share, are told, and say. */

/** Memory that the threads share. */
export interface CountingMemory {
  /** The counter, alone in it. */
  readonly counter: SharedArrayBuffer;
  /** See `places`. */
  readonly control: SharedArrayBuffer;
  /** Whether all else on the machine comes first. */
  readonly yields: boolean;
}

/** Where in `control`, in 32-bit numbers: each far from the others, so that none slows another. */
export const places = { arrived: 0, round: 32, stop: 64, length: 96 } as const;

/** A thread's share of one run. */
export interface CountingShare {
  readonly atomic: boolean;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  /** How many threads run, and which of the runs it is, from 1: all begin when all are there. */
  readonly threads: number;
  readonly round: number;
}

/** What a thread found; times in ns on the machine's clock. */
export interface CountingDone {
  readonly delivered: number;
  readonly beganNs: bigint;
  readonly endedNs: bigint;
  /** What this thread ran in between, µs. */
  readonly cpuUs: number;
}

/** Limits of the delivery lab: see `limits.ts`, which has them all. */
export const labLimits = {
  /** Messages of a lab's batch that a thread plays before another batch has its turn. */
  labPartMessages: 5_000,
  /** Messages of one batch, all its settings together. */
  labBatchMaxMessages: 20_000_000,
  /** Batches of one server that are not done. */
  labBatchesMax: 16,
  /** Threads that one server plays batches in. */
  labThreadsMax: 8,
  /** Threads that have had nothing to play for this long are ended. */
  labThreadIdleMs: 10_000,
} as const;

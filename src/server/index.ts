/** The door of the server: one process's HTTP and WebSocket edge over a replicated log; and how it plays experiments. */

export { BatchPool } from './lab/batch-pool.ts';
export { type CountingResult, countingRounds, countingThreads, runCounting } from './lab/counting.ts';
export type { EdgeLimits, Logger, RunningServer, ServerOptions } from './options.ts';
export { startServer } from './start.ts';

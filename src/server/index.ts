/** The door of the server: one process's HTTP and WebSocket edge over a replicated log. */

export type { EdgeLimits, Logger, RunningServer, ServerOptions } from './options.ts';
export { startServer } from './start.ts';

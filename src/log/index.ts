/** The door of the log: its port. The engines are reached by `embedded/index.ts`. */

export type * from './log.ts';
export { wallMs } from './wall-clock.ts';

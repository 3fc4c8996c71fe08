/** The door of the checker. */

export { checkHistory, type Verdict } from './check.ts';
export type { Fault, FaultDetail } from './faults.ts';
export type * from './history.ts';
export { peopleKey } from './history.ts';

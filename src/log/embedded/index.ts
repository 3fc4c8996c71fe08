/** The door of the embedded engine: several servers on one machine, no other program. */

export { openEmbeddedLog } from './embedded-log.ts';
export type { EmbeddedOptions } from './host-options.ts';

/** The door of the embedded engine: several servers on one machine, no other program. */

export { type EmbeddedOptions, openEmbeddedLog } from './embedded-log.ts';

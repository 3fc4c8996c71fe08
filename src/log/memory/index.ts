/** The door of the log in memory, for tests of the rooms above the log. */

export { openMemoryLog, openMemoryLogs } from './memory-log.ts';

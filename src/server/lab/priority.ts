/** How threads of the lab stand behind those that serve. */
import { setPriority } from 'node:os';

/** Called in a thread, gives it the lowest priority. On Linux that is the thread's own; elsewhere it would be the whole server's, whose clients come first. */
export const yieldToOthers = (): void => {
  if (process.platform === 'linux') setPriority(19);
};

/** How the server's other threads stand behind the one that serves. */
import { setPriority } from 'node:os';

/**
 * Called in a thread, gives it a lower priority than the server's own: `niceness` from 1 to 19, the lowest. On Linux
 * that is the thread's alone; elsewhere it would be the whole server's, whose clients come first, and nothing is done.
 */
export const stepBack = (niceness: number): void => {
  if (process.platform === 'linux') setPriority(niceness);
};

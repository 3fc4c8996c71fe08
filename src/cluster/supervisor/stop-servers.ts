/**
 * Stops the servers of a cluster in order: the backups first and the primary last, so that the baton is not handed on
 * only to be dropped. Bounded: what does not stop is killed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { topologyFrom } from './probe.ts';
import { isRunning, type ProcessMark, signalProcess } from './process-identity.ts';

/** A running server, and where it answers. */
export interface Stoppable extends ProcessMark {
  readonly name: string;
  readonly url: string;
}

/** A server has this long to stop by itself. Longer than the server's own bound. */
const graceMs = 10_000;
const pollMs = 20;

/** Asks processes to stop, and kills those that have not in time. Resolves when none runs any more. */
export const endProcesses = async (servers: readonly ProcessMark[]): Promise<void> => {
  for (const server of servers) {
    signalProcess(server, 'SIGTERM');
    signalProcess(server, 'SIGCONT'); // A paused one would not hear of it.
  }
  const deadline = performance.now() + graceMs;
  while (servers.some(isRunning) && performance.now() < deadline) await pause(pollMs);
  for (const server of servers) signalProcess(server, 'SIGKILL');
  while (servers.some(isRunning)) await pause(pollMs);
};

/** Stops all of `servers`. Resolves when none of them runs any more. */
export const stopServers = async (servers: readonly Stoppable[]): Promise<void> => {
  const primary = (await topologyFrom(servers.map(({ url }) => url)))?.primary;
  await endProcesses(servers.filter(({ name }) => name !== primary));
  await endProcesses(servers.filter(({ name }) => name === primary));
};

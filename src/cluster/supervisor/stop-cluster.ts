/** Stops whatever runs on a data folder: the supervisor, which stops its servers, and servers that have none. */
import { setTimeout as pause } from 'node:timers/promises';
import { runningServers, runningSupervisor } from './data-folder.ts';
import { isRunning, signalProcess } from './process-identity.ts';
import { stopServers } from './stop-servers.ts';

/** A supervisor has this long to stop its servers: twice the time that one of them has, and some. */
const supervisorGraceMs = 25_000;
const pollMs = 20;

/**
 * Stops all processes of the cluster in `data`, and resolves when none of them runs.
 * @returns the names of the servers that ran
 */
export const stopCluster = async (data: string): Promise<string[]> => {
  const ran = runningServers(data).map(({ name }) => name);
  const supervisor = runningSupervisor(data);
  if (supervisor !== null) {
    signalProcess(supervisor, 'SIGTERM');
    const deadline = performance.now() + supervisorGraceMs;
    while (isRunning(supervisor) && performance.now() < deadline) await pause(pollMs);
    signalProcess(supervisor, 'SIGKILL');
    while (isRunning(supervisor)) await pause(pollMs);
  }
  await stopServers(runningServers(data));
  return ran;
};

/**
 * Cleans up after a runner that cannot: a process of its own, told the data folder and `remove` or `keep`. It waits for
 * its standard input to end, which it does when the runner dies in whatever way, and then kills the cluster on that
 * folder, and removes the folder if so told. A runner that ends by itself ends this first.
 */
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runningServers, runningSupervisor } from '../supervisor/data-folder.ts';
import { signalProcess } from '../supervisor/process-identity.ts';

/** A server that was started just before its supervisor was killed shows itself within this time. */
const lateServerMs = 3_000;
const pollMs = 50;

const [data, fate] = process.argv.slice(2);
if (data === undefined || (fate !== 'remove' && fate !== 'keep')) throw new Error('reaper <folder> remove|keep');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const _ of process.stdin);

for (let quietSince = performance.now(); performance.now() - quietSince < lateServerMs; await pause(pollMs)) {
  const supervisor = runningSupervisor(data);
  const running = [...(supervisor === null ? [] : [supervisor]), ...runningServers(data)];
  for (const one of running) signalProcess(one, 'SIGKILL');
  if (running.length > 0) quietSince = performance.now();
}
if (fate === 'remove') rmSync(data, { recursive: true, force: true });

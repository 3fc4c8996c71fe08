/**
 * Cleans up after a test that cannot: run with a folder as its argument, it waits for its standard input to end, which
 * it does when the process that holds the other end dies in whatever way. Then it kills the cluster whose data is in
 * `<folder>/data` and removes the folder.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runningServers, runningSupervisor, signalProcess } from '../../src/cluster/supervisor/index.ts';

/** A server that was started just before its supervisor was killed shows itself within this time. */
const lateServerMs = 3_000;
const pollMs = 50;

const folder = process.argv[2];
if (folder === undefined) throw new Error('Which folder?');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const _ of process.stdin);

const data = join(folder, 'data');
let quietSince = performance.now();
while (performance.now() - quietSince < lateServerMs) {
  const supervisor = runningSupervisor(data);
  const running = [...(supervisor === null ? [] : [supervisor]), ...runningServers(data)];
  for (const one of running) signalProcess(one, 'SIGKILL');
  if (running.length > 0) quietSince = performance.now();
  await pause(pollMs);
}
rmSync(folder, { recursive: true, force: true });

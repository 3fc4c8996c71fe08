import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { isRunning, runningServers, runningSupervisor } from '../../src/cluster/supervisor/index.ts';
import { eventually } from '../support/eventually.ts';

const support = new URL('../support/cluster.ts', import.meta.url).href;
const program = `
  const { startTestCluster } = await import('${support}');
  console.log((await startTestCluster({ servers: 2 })).data);
  setInterval(() => {}, 1_000);
`;

test('when a test is killed in the middle, every process of its cluster ends and its folder goes', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const data = await eventually('the cluster is ready', () => out.split('\n').length > 1 && out.trim(), {
    deadlineMs: 30_000,
  });
  const marks = [runningSupervisor(data)!, ...runningServers(data)];
  expect(marks.filter(isRunning)).toHaveLength(3);
  child.kill('SIGKILL');
  await eventually('all is gone', () => !marks.some(isRunning) && !existsSync(dirname(data)));
});

/**
 * What it costs to start a server, from its sources and from the bundle, in turns: `node bench/start.ts [--rounds 5]`.
 * Build first (`npm run build`). Each server is alone, with an empty folder, and is left for five seconds. Prints medians: ms
 * until it answers, s of processor time with all its threads, and MiB of memory.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from '../scripts/tools.ts';
import { serverCommand } from '../src/cli/package-paths.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const port = 15_990;
const restMs = 5_000;
/** What Linux counts processor time in. */
const ticksPerSecond = 100;

interface Start {
  readonly answersMs: number;
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

const start = async (script: string): Promise<Start> => {
  const data = mkdtempSync(join(tmpdir(), 'estafet-start-'));
  const [program, heap] = serverCommand();
  const args = ['serve', '--name', 's1', '--port', `${port}`, '--host', '127.0.0.1', '--data', data];
  const begunAt = performance.now();
  const child = spawn(program, [heap!, join(root, script), ...args], {
    stdio: 'ignore',
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  });
  try {
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/api/v1/health`).then(
        () => true,
        () => false,
      );
    while (!(await answers())) {
      if (child.exitCode !== null) throw new Error(`${script} ended with ${child.exitCode}`);
      await pause(5);
    }
    const answersMs = performance.now() - begunAt;
    await pause(restMs);
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return { answersMs, cpuSeconds, memoryMiB: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024 };
  } finally {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true });
  }
};

const scripts = { sources: 'src/cli/main.ts', bundle: 'dist/cli/main.js' };
const found: Record<keyof typeof scripts, Start[]> = { sources: [], bundle: [] };
// The first start of each compiles what the later ones find compiled.
for (const script of Object.values(scripts)) await start(script);
for (let round = 0; round < rounds; round++) {
  for (const name of ['sources', 'bundle'] as const) found[name].push(await start(scripts[name]));
}
const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;
for (const [name, starts] of Object.entries(found)) {
  const of = (key: keyof Start): number => median(starts.map((one) => one[key]));
  process.stdout.write(
    `${name}: answers after ${of('answersMs').toFixed(0)} ms, ${of('cpuSeconds').toFixed(2)} s of processor time, ${of('memoryMiB').toFixed(0)} MiB\n`,
  );
}

/** `estafet lab run 5`: threads that count in a shared counter, with and without atomic operations. */
import { availableParallelism } from 'node:os';
import type { LabThreadsRequest } from '../protocol/index.ts';
import { type CountingResult, countingRounds, runCounting } from '../server/index.ts';

const times = (value: number): string => `${value.toFixed(2)}×`;
const count = (value: number): string => value.toLocaleString('en');

/** What the threads got of the machine, of what they could have used: low when it did other things meanwhile. */
const shareOfMachine = ({ rows }: CountingResult, cores: number): number =>
  Math.min(...rows.filter(({ threads }) => threads <= cores).map(({ threads, ms, cpuMs }) => cpuMs / (threads * ms)));

/** Below this, what else the machine did is worth a word. */
const undisturbed = 0.9;

const describe = (result: CountingResult): string => {
  const { rows, fits } = result;
  const cores = availableParallelism();
  const lines = [
    `${count(rows[0]?.messages ?? 0)} messages, counted in one shared counter; ${cores} cores; the quickest of ${countingRounds} runs each`,
    'threads  atomic        ms   speed-up     delivered       counted  lost updates',
  ];
  for (const { threads, atomic, ms, speedUp, delivered, counted, lostUpdates } of rows) {
    const cells = [ms.toFixed(0).padStart(8), times(speedUp).padStart(10), count(delivered).padStart(13)];
    const last = [count(counted).padStart(13), count(lostUpdates).padStart(13)];
    lines.push(`${String(threads).padStart(7)}  ${(atomic ? 'yes' : 'no').padEnd(6)}${[...cells, ...last].join(' ')}`);
  }
  for (const { atomic, serialShare, mostSpeedUp } of fits) {
    const most = mostSpeedUp === null ? 'no limit' : `at most ${times(mostSpeedUp)}`;
    lines.push(
      `${atomic ? 'with' : 'without'} atomic operations: by Amdahl’s law ${(serialShare * 100).toFixed(1)} % cannot be split, ${most}`,
    );
  }
  const got = shareOfMachine(result, cores);
  if (got < undisturbed) {
    lines.push(
      `The machine did other things meanwhile: the threads had down to ${(got * 100).toFixed(0)} % of its time, so speed-ups are too low.`,
    );
  }
  if (rows.every(({ lostUpdates }) => lostUpdates === 0)) {
    lines.push('No update was lost in these runs. The race is there all the same: more messages, or more threads.');
  }
  return `${lines.join('\n')}\n`;
};

/** Runs it and prints it: with `json` a line a row, and one of what they come to. */
export const runLabThreads = async (request: LabThreadsRequest, json: boolean): Promise<void> => {
  const never = new AbortController().signal;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const result = await runCounting(request, never, { yields: false });
  if (!json) {
    process.stdout.write(describe(result));
    return;
  }
  const about = { experiment: 5, seed: request.seed };
  const lines = [
    ...result.rows.map((row) => ({ ...about, ...row })),
    { ...about, cores: availableParallelism(), rounds: countingRounds, fits: result.fits },
  ];
  process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};

/**
 * `estafet sim`: runs of the simulator, one a seed. Says how to replay a run that broke a rule. Exit code 1 for one.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { chatMutants, huntInChat } from '../chat/crash-check/index.ts';
import { hunt, mutants, type SimulationResult } from '../log/embedded/simulator/index.ts';

export interface SimOptions {
  readonly seeds: number;
  readonly seed?: number;
  readonly mutants?: boolean;
  readonly json?: boolean;
}

const progressEveryMs = 5_000;

/** A fault planted into a copy of the engine, which the simulator hunts, or of the chat machine, for the crash check. */
interface MutantResult {
  readonly mutant: { readonly name: string; readonly rule: string };
  readonly seed: number;
  readonly steps: number;
  readonly rule: string | null;
}

const hunts: readonly ((first: number, seeds: number) => Promise<MutantResult>)[] = [
  ...mutants.map((mutant) => (first: number, seeds: number) => hunt(mutant, first, seeds)),
  ...chatMutants.map((mutant) => (first: number, seeds: number) => huntInChat(mutant, first, seeds)),
];

const mutantLine = ({ mutant, rule, seed, steps }: MutantResult): string =>
  `${mutant.rule.padEnd(4)} ${mutant.name.padEnd(84)} ${rule === null ? 'NOT FOUND' : `found as ${rule}`.padEnd(20)} seed ${seed}, after ${steps} steps`;

/** Plants each mutant, and says which seed finds it. Exit code 1 when one is not found. */
const simMutants = async ({ seeds, seed = 1, json = false }: SimOptions): Promise<void> => {
  const results: MutantResult[] = [];
  for (const huntOne of hunts) {
    const result = await huntOne(seed, seeds);
    results.push(result);
    if (!json) process.stdout.write(`${mutantLine(result)}\n`);
  }
  const found = results.filter(({ rule }) => rule !== null).length;
  const rows = results.map(({ mutant: { name, rule }, rule: foundAs, ...rest }) => ({ name, rule, foundAs, ...rest }));
  process.stdout.write(
    json ? `${JSON.stringify({ mutants: hunts.length, found, rows })}\n` : `${found} of ${hunts.length} found\n`,
  );
  process.exitCode = found === hunts.length ? 0 : 1;
};

/** Runs the seeds from `first` on, on all cores, and gives each result to `take`, in no certain order. */
const runSeeds = async (first: number, count: number, take: (result: SimulationResult) => void): Promise<void> => {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  let next = first;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL(`./sim-worker.${extension}`, import.meta.url));
    try {
      while (next < first + count) {
        worker.postMessage(next++);
        const [result] = (await once(worker, 'message')) as [SimulationResult];
        take(result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, work));
};

/** Runs the seeds. What breaks goes to the standard error, the totals to the standard output. */
export const sim = async (options: SimOptions): Promise<void> => {
  if (options.mutants === true) return simMutants(options);
  const { seeds, seed: first = randomInt(2 ** 47), json = false } = options;
  const totals = { seeds: 0, steps: 0, faults: 0, takeovers: 0, acknowledged: 0, checks: 0, violations: 0 };
  const startedAt = performance.now();
  let shownAt = startedAt;
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  say(`simulating ${seeds} clusters from seed ${first}`);
  await runSeeds(first, seeds, (result) => {
    totals.seeds++;
    totals.steps += result.steps;
    totals.faults += result.faults;
    totals.takeovers += result.takeovers;
    totals.acknowledged += result.acknowledged;
    totals.checks += result.checks;
    if (result.violation !== null) {
      totals.violations++;
      say(`seed ${result.seed} broke ${result.violation.message}`);
      say(`replay it with: npm run sim -- --seeds 1 --seed ${result.seed}`);
    }
    if (performance.now() - shownAt < progressEveryMs) return;
    shownAt = performance.now();
    say(`${totals.seeds} of ${seeds}: ${totals.steps} steps, ${totals.faults} faults, ${totals.violations} violations`);
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(
    json
      ? `${JSON.stringify(totals)}\n`
      : `${totals.seeds} clusters, ${totals.steps} steps, ${totals.faults} faults, ${totals.takeovers} takeovers, ${totals.acknowledged} acknowledged, ${totals.checks} checks: ${totals.violations} violations (${seconds} s)\n`,
  );
  process.exitCode = totals.violations === 0 ? 0 : 1;
};

/**
 * `estafet sim`: runs of the simulator, one a seed. Says how to replay a run that broke a rule. Exit code 1 for one.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { chatMutants, huntInChat } from '../chat/crash-check/index.ts';
import { Refusal } from '../cluster/supervisor/index.ts';
import {
  hunt,
  keptText,
  mutants,
  readKept,
  run,
  type SimulationResult,
  scenarioOf,
  shrink,
} from '../log/embedded/simulator/index.ts';

export interface SimOptions {
  readonly seeds: number;
  readonly seed?: number;
  readonly mutants?: boolean;
  /** A file with a scenario that `sim` has printed. */
  readonly replay?: string;
  readonly json?: boolean;
}

const progressEveryMs = 5_000;
/** Lines of what happened last that are shown for a replayed run that breaks a rule. */
const traceLines = 60;
const keptFolder = 'src/log/embedded/simulator/kept';

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

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Says how a seed that broke a rule is replayed, and the smallest scenario that breaks the same rule. */
const sayHow = ({ seed, violation }: SimulationResult): void => {
  say(`replay it with: npm run sim -- --seeds 1 --seed ${seed}`);
  say('making it smaller …');
  const { scenario, result, runs } = shrink(scenarioOf(seed), (smaller) => run(smaller));
  const found = (result.violation ?? violation)?.message.split('\n')[0] ?? '';
  say(
    `after ${runs} runs: ${scenario.faults.length} faults, ${scenario.members} servers, ${result.steps} steps: ${found}`,
  );
  say(keptText({ rule: violation?.rule ?? '', found, scenario }));
  say('replay that with: npm run sim -- --replay <file>, with the lines above in the file');
  say(`keep it as a test: ${keptFolder}/<what-it-shows>.json`);
};

/** Runs the scenario of a file again, and shows how it ended if it breaks a rule. Exit code 1 then. */
const replay = (path: string, json = false): void => {
  const lines: string[] = [];
  const result = run(readKept(path).scenario, (line) => {
    lines.push(line);
    if (lines.length > 2 * traceLines) lines.splice(0, traceLines);
  });
  if (result.violation !== null) for (const line of [...lines.slice(-traceLines), result.violation.message]) say(line);
  const { steps, faults, violation } = result;
  const line = `${steps} steps, ${faults} faults: ${violation === null ? 'no rule is broken' : `${violation.rule} is broken`}`;
  process.stdout.write(`${json ? JSON.stringify(result) : line}\n`);
  process.exitCode = violation === null ? 0 : 1;
};

/** Runs the seeds. What breaks goes to the standard error, the totals to the standard output. */
export const sim = async (options: SimOptions): Promise<void> => {
  if (options.mutants === true) {
    if (!import.meta.url.endsWith('.ts')) {
      throw new Refusal(
        'usage',
        '--mutants changes the sources, so it works in a checkout of Estafet only: npm run sim',
      );
    }
    return simMutants(options);
  }
  if (options.replay !== undefined) return replay(options.replay, options.json);
  const { seeds, seed: first = randomInt(2 ** 47), json = false } = options;
  const totals = { seeds: 0, steps: 0, faults: 0, takeovers: 0, acknowledged: 0, checks: 0, violations: 0 };
  const startedAt = performance.now();
  let shownAt = startedAt;
  let firstBroken: SimulationResult | null = null;
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
      firstBroken ??= result;
      say(`seed ${result.seed} broke ${result.violation.message}`);
    }
    if (performance.now() - shownAt < progressEveryMs) return;
    shownAt = performance.now();
    say(`${totals.seeds} of ${seeds}: ${totals.steps} steps, ${totals.faults} faults, ${totals.violations} violations`);
  });
  if (firstBroken !== null) sayHow(firstBroken);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(
    json
      ? `${JSON.stringify(totals)}\n`
      : `${totals.seeds} clusters, ${totals.steps} steps, ${totals.faults} faults, ${totals.takeovers} takeovers, ${totals.acknowledged} acknowledged, ${totals.checks} checks: ${totals.violations} violations (${seconds} s)\n`,
  );
  process.exitCode = totals.violations === 0 ? 0 : 1;
};

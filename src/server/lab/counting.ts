/**
 * Experiment 5: 1 to N threads deliver the same messages and count them in one counter that they share, with and without
 * atomic operations. Each row is run several times, in turns with the others, and the quickest run is the row: what else
 * the machine does can only slow one down. The figures are that run's own; what it lost is what it really lost.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type AmdahlFit, fitAmdahl } from '../../lab/index.ts';
import { type LabThreadsRequest, type LabThreadsRow, limits } from '../../protocol/index.ts';
import { type CountingDone, type CountingMemory, type CountingShare, places } from './counting-memory.ts';

/** How often each row is run. */
export const countingRounds = 3;

/** Threads up to which is measured unless told: beyond the cores, to see that it is them that count. */
export const countingThreads = (): number => Math.min(limits.labThreadsMax, Math.max(4, availableParallelism()));

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const threadFile = new URL(`./counting-thread.${extension}`, import.meta.url);

type Run = Omit<LabThreadsRow, 'speedUp'>;

/** Threads that count together, and the memory that they share. */
class Counters {
  readonly #memory: CountingMemory;
  readonly #workers: readonly Worker[];
  #round = 0;

  constructor(threads: number, yields: boolean) {
    const control = new SharedArrayBuffer(places.length * 4);
    this.#memory = { counter: new SharedArrayBuffer(128), control, yields };
    this.#workers = Array.from({ length: threads }, () => new Worker(threadFile, { workerData: this.#memory }));
  }

  /** Resolves when all of them have started and are warm. */
  async ready(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => answerOf(worker)));
  }

  async run(threads: number, atomic: boolean, messages: number, seed: number): Promise<Run> {
    const counter = new Int32Array(this.#memory.counter);
    Atomics.store(counter, 0, 0);
    const round = ++this.#round;
    const done = await Promise.all(
      this.#workers.slice(0, threads).map((worker, at) => {
        const from = Math.floor((messages * at) / threads);
        const count = Math.floor((messages * (at + 1)) / threads) - from;
        const share: CountingShare = { atomic, seed, from, count, threads, round };
        const answer = answerOf(worker) as Promise<CountingDone>;
        worker.postMessage(share);
        return answer;
      }),
    );
    const began = done.reduce((least, { beganNs }) => (beganNs < least ? beganNs : least), done[0]!.beganNs);
    const ended = done.reduce((most, { endedNs }) => (endedNs > most ? endedNs : most), done[0]!.endedNs);
    const ms = Number(ended - began) / 1e6;
    const delivered = done.reduce((sum, one) => sum + one.delivered, 0);
    const counted = Atomics.load(counter, 0);
    const lostUpdates = delivered - counted;
    const cpuMs = done.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / 1_000;
    const perSecond = (messages * 1_000) / ms;
    return { threads, atomic, messages, counted, delivered, lostUpdates, ms, cpuMs, perSecond };
  }

  async stop(): Promise<void> {
    Atomics.store(new Int32Array(this.#memory.control), places.stop, 1);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** What a thread says next; rejects when it dies instead. */
const answerOf = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      worker.off('message', answered).off('error', failed).off('exit', gone);
    };
    const answered = (value: unknown): void => {
      end();
      resolve(value);
    };
    const failed = (error: unknown): void => {
      end();
      reject(error);
    };
    const gone = (): void => failed(new Error('A thread that counts has ended.'));
    worker.once('message', answered).once('error', failed).once('exit', gone);
  });

export interface CountingFit extends AmdahlFit {
  readonly atomic: boolean;
}

export interface CountingResult {
  readonly rows: readonly LabThreadsRow[];
  /** Of each kind that more than one core has run. Threads beyond the cores are no workers more. */
  readonly fits: readonly CountingFit[];
}

/** What the runs come to, as far as there are any. Speed-up is against one thread of the same kind. */
export const countingResult = (runs: readonly Run[], cores: number): CountingResult => {
  const quickest = new Map<string, Run>();
  for (const run of runs) {
    const key = `${run.threads} ${run.atomic}`;
    const other = quickest.get(key);
    if (other === undefined || run.ms < other.ms) quickest.set(key, run);
  }
  const rows = [...quickest.values()].map((run) => ({
    ...run,
    speedUp: (quickest.get(`1 ${run.atomic}`)?.ms ?? run.ms) / run.ms,
  }));
  const fits = [true, false].flatMap((atomic) => {
    const measured = rows.filter((row) => row.atomic === atomic && row.threads <= cores);
    const fit = fitAmdahl(measured.map(({ threads, speedUp }) => ({ workers: threads, times: speedUp })));
    return fit === null ? [] : [{ atomic, ...fit }];
  });
  return { rows, fits };
};

export interface CountingOptions {
  /** Whether all else on the machine comes first. */
  readonly yields: boolean;
  /** Called after each run, with what all so far come to. */
  readonly onRun?: (result: CountingResult, runs: number) => void;
}

/** How many runs it takes. */
export const countingRuns = (threads: number): number => threads * 2 * countingRounds;

/**
 * Runs it. Rejects with the signal's reason when it is aborted.
 */
export const runCounting = async (
  { messages, threads = countingThreads(), seed }: LabThreadsRequest,
  signal: AbortSignal,
  { yields, onRun = () => {} }: CountingOptions,
): Promise<CountingResult> => {
  signal.throwIfAborted();
  const cores = availableParallelism();
  const counters = new Counters(threads, yields);
  const stop = (): void => void counters.stop();
  signal.addEventListener('abort', stop, { once: true });
  const runs: Run[] = [];
  try {
    await counters.ready();
    for (let round = 0; round < countingRounds; round++) {
      for (let count = 1; count <= threads; count++) {
        for (const atomic of [true, false]) {
          signal.throwIfAborted();
          runs.push(await counters.run(count, atomic, messages, seed));
          onRun(countingResult(runs, cores), runs.length);
        }
      }
    }
    return countingResult(runs, cores);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await counters.stop();
  }
};

/** Experiment 5 as people ask for it: one at a time, because two at once would measure each other. */
import { availableParallelism } from 'node:os';
import type { LabThreadsRequest, LabThreadsView } from '../../protocol/index.ts';
import { type CountingResult, countingRounds, countingRuns, countingThreads, runCounting } from './counting.ts';
import { type About, type Job, JobLife } from './jobs.ts';

/** One after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when those before it are over. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Resolves when all that have been given are over. */
  async settled(): Promise<void> {
    await this.#last;
  }
}

/** Begins it, or has it wait for its turn. */
export const beginThreads = (
  turns: Turns,
  request: LabThreadsRequest,
  { by, version, onBug }: About,
): Job<LabThreadsView> => {
  const life = new JobLife();
  const { threads = countingThreads(), seed } = request;
  let result: CountingResult = { rows: [], fits: [] };
  let done = 0;
  const running = turns.take(() =>
    runCounting({ ...request, threads }, life.signal, {
      yields: true,
      onRun: (soFar, runs) => {
        result = soFar;
        done = runs;
      },
    }),
  );
  life.follow(running, onBug);
  return {
    by,
    life,
    view: (id) => {
      const { state, startedAt, endedAt, error } = life;
      const { rows, fits } = result;
      return {
        ...{ id, state, done, of: countingRuns(threads), startedAt, endedAt, version, seed, error },
        rounds: countingRounds,
        cores: availableParallelism(),
        rows: [...rows],
        fits: [...fits],
      };
    },
  };
};

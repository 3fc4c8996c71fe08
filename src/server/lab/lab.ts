/** The lab's experiments that are played away from live nodes: begins them, keeps them, ends them. */
import {
  EstafetError,
  type LabBatchRequest,
  type LabBatchView,
  type LabThreadsRequest,
  type LabThreadsView,
} from '../../protocol/index.ts';
import type { EdgeLimits, Logger } from '../options.ts';
import { BatchPool } from './batch-pool.ts';
import { beginBatch, planOf } from './batches.ts';
import { countingRuns, countingThreads } from './counting.ts';
import { Jobs } from './jobs.ts';
import { beginThreads, Turns } from './threads.ts';

export interface LabOptions {
  /** The server's name. */
  readonly name: string;
  /** The program's version. */
  readonly version: string;
  readonly limits: EdgeLimits;
  readonly logger: Logger;
}

export class Lab {
  readonly jobs: Jobs;
  readonly #pool = new BatchPool();
  readonly #turns = new Turns();
  readonly #options: LabOptions;
  #isClosing = false;

  constructor(options: LabOptions) {
    this.#options = options;
    this.jobs = new Jobs(options.name, options.limits);
  }

  /** Begins a batch. Throws what `planOf` and `Jobs.add` throw. */
  batch(request: LabBatchRequest, by: string): LabBatchView {
    const plan = planOf(request);
    return this.jobs.add('batches', by, plan.variants.length, () => beginBatch(this.#pool, plan, this.#about(by)));
  }

  /** Begins experiment 5. Throws what `Jobs.add` throws. */
  threads(request: LabThreadsRequest, by: string): LabThreadsView {
    const rows = countingRuns(request.threads ?? countingThreads());
    return this.jobs.add('threads', by, rows, () => beginThreads(this.#turns, request, this.#about(by)));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.jobs.stop();
    await this.#pool.close();
    await this.#turns.settled();
  }

  #about(by: string) {
    if (this.#isClosing) throw new EstafetError('shutting-down');
    const { version, logger } = this.#options;
    const onBug = (error: unknown): void => logger.error({ err: error }, 'an experiment of the lab has failed');
    return { by, version, onBug };
  }
}

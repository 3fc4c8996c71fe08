/** The lab's experiments that are played away from live nodes: begins them, keeps them, ends them. */

import type { ReplicatedLog } from '../../log/index.ts';
import {
  EstafetError,
  type LabBatchRequest,
  type LabBatchView,
  type LabFailoverRequest,
  type LabFailoverView,
  type LabThreadsRequest,
  type LabThreadsView,
} from '../../protocol/index.ts';
import type { Control } from '../cluster/control.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits, Logger } from '../options.ts';
import { BatchPool } from './batch-pool.ts';
import { beginBatch, planOf } from './batches.ts';
import { countingRuns, countingThreads } from './counting.ts';
import { DirectMessages } from './failover-direct.ts';
import { Failovers } from './failovers.ts';
import { type About, Jobs } from './jobs.ts';
import { beginThreads, Turns } from './threads.ts';

export interface LabOptions {
  /** The server's name. */
  readonly name: string;
  /** The program's version. */
  readonly version: string;
  readonly limits: EdgeLimits;
  readonly logger: Logger;
  readonly log: ReplicatedLog;
  readonly commands: Commands;
  readonly control: Control;
  /** Whether people may break things on purpose. */
  readonly chaos: boolean;
}

export class Lab {
  readonly jobs: Jobs;
  readonly #pool = new BatchPool();
  readonly #turns = new Turns();
  readonly #options: LabOptions;
  readonly #direct: DirectMessages;
  readonly failovers: Failovers;
  #isClosing = false;

  constructor(options: LabOptions) {
    this.#options = options;
    this.jobs = new Jobs(options.name, options.limits);
    this.#direct = new DirectMessages(options.log);
    this.failovers = new Failovers({ ...options, direct: this.#direct });
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

  /**
   * Begins experiment 6 here. Throws `chaos-off`, what `Failovers.begin` throws, and what `Jobs.add` throws. Who may do
   * that is for the caller to check.
   */
  failover(request: LabFailoverRequest, by: string): LabFailoverView {
    if (!this.#options.chaos) throw new EstafetError('chaos-off');
    return this.jobs.add('failovers', by, 1, () => this.failovers.begin(request, this.#about(by)));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.jobs.stop();
    this.#direct.stop();
    await this.#pool.close();
    await this.#turns.settled();
  }

  #about(by: string): About {
    if (this.#isClosing) throw new EstafetError('shutting-down');
    const { version, logger } = this.#options;
    const onBug = (error: unknown): void => logger.error({ err: error }, 'an experiment of the lab has failed');
    return { by, version, onBug };
  }
}

/**
 * Plays batches of the lab beside the server: in threads, on virtual time, so that neither chat nor pages wait for them.
 * The threads take work of the batches in turn: a large one does not hold a small one up. A thread that dies takes its
 * work with it; the work is done again by another.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { EstafetError, type LabRow, limits } from '../../protocol/index.ts';
import type { WorkDone } from './batch-thread.ts';
import { type BatchPlan, BatchWork, type Task } from './batch-work.ts';

export interface BatchOptions {
  /** Stops it; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Messages played so far, of all rows together. */
  readonly onProgress?: (done: number, of: number) => void;
}

interface Batch {
  readonly work: BatchWork;
  readonly options: BatchOptions;
  readonly settle: (result: readonly LabRow[] | Error) => void;
  ended: boolean;
}

interface Assignment {
  readonly batch: Batch;
  readonly task: Task;
  failures: number;
}

interface Thread {
  readonly worker: Worker;
  doing: Assignment | null;
}

/** Work that kills its thread so often is a bug, and fails its batch. */
const failuresMax = 3;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const threadFile = new URL(`./batch-thread.${extension}`, import.meta.url);

export class BatchPool {
  readonly #most: number;
  readonly #threads = new Set<Thread>();
  readonly #batches: Batch[] = [];
  #idleTimer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param threads how many at most; none is there while nothing is to be played */
  constructor(threads = Math.max(1, Math.min(limits.labThreadsMax, availableParallelism() - 1))) {
    this.#most = threads;
  }

  /**
   * Plays all variants and resolves with the row of each. Rejects with `overloaded` when too many batches wait, with
   * `too-large` when this one has too many messages, and with the signal's reason.
   */
  run(plan: BatchPlan, options: BatchOptions = {}): Promise<readonly LabRow[]> {
    const work = new BatchWork(plan);
    const { signal } = options;
    if (this.#closed) return Promise.reject(new EstafetError('shutting-down'));
    if (work.of > limits.labBatchMaxMessages) return Promise.reject(new EstafetError('too-large'));
    if (this.#batches.length >= limits.labBatchesMax) {
      return Promise.reject(new EstafetError('overloaded', 'Too many batches wait on this server; try again later.'));
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle: Batch['settle'] = (result) => (result instanceof Error ? reject(result) : resolve(result));
      const batch: Batch = { work, options, settle, ended: false };
      signal?.addEventListener('abort', () => this.#end(batch, signal.reason), { once: true });
      this.#batches.push(batch);
      if (work.isDone) this.#end(batch);
      this.#work();
    });
  }

  /** Ends the threads; batches that are not done reject with `shutting-down`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const batch of [...this.#batches]) this.#end(batch, new EstafetError('shutting-down'));
    await this.#release();
  }

  async #release(): Promise<void> {
    clearTimeout(this.#idleTimer ?? undefined);
    this.#idleTimer = null;
    const threads = [...this.#threads];
    this.#threads.clear();
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  /** Gives each idle thread some work of the next batch in turn. */
  #work(): void {
    for (;;) {
      const batch = this.#batches.find(({ work }) => work.hasWork);
      if (batch === undefined) break;
      const idle = [...this.#threads].find(({ doing }) => doing === null) ?? this.#newThread();
      const task = idle === null ? null : batch.work.take();
      if (idle === null || task === null) break;
      this.#give(idle, { batch, task, failures: 0 });
      // The others come before it is this one's turn again.
      this.#batches.push(...this.#batches.splice(this.#batches.indexOf(batch), 1));
    }
    clearTimeout(this.#idleTimer ?? undefined);
    this.#idleTimer = null;
    if (this.#batches.length > 0 || this.#threads.size === 0) return;
    this.#idleTimer = setTimeout(() => void this.#release(), limits.labThreadIdleMs).unref();
  }

  #give(thread: Thread, assignment: Assignment): void {
    thread.doing = assignment;
    // Only a thread with nothing to do lets the program end.
    thread.worker.ref();
    thread.worker.postMessage(assignment.task.work);
  }

  #newThread(): Thread | null {
    if (this.#threads.size >= this.#most) return null;
    const worker = new Worker(threadFile);
    const thread: Thread = { worker, doing: null };
    worker.on('message', (done: WorkDone) => this.#done(thread, done));
    worker.on('error', () => undefined);
    worker.on('exit', () => this.#died(thread));
    worker.unref();
    this.#threads.add(thread);
    return thread;
  }

  #done(thread: Thread, done: WorkDone): void {
    const { doing } = thread;
    thread.doing = null;
    thread.worker.unref();
    if (doing !== null && !doing.batch.ended) {
      const { batch, task } = doing;
      const { work, options } = batch;
      work.done(task, done);
      if (done.what === 'part') options.onProgress?.(work.played, work.of);
      if (work.isDone) this.#end(batch);
    }
    this.#work();
  }

  #died(thread: Thread): void {
    if (!this.#threads.delete(thread)) return;
    const { doing } = thread;
    if (doing !== null && !doing.batch.ended) {
      const again = { ...doing, failures: doing.failures + 1 };
      const other = again.failures < failuresMax ? this.#newThread() : null;
      if (other === null) this.#end(doing.batch, new EstafetError('internal'));
      else this.#give(other, again);
    }
    this.#work();
  }

  #end(batch: Batch, failure?: unknown): void {
    if (batch.ended) return;
    batch.ended = true;
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    if (failure === undefined) batch.settle(batch.work.rows);
    else batch.settle(failure instanceof Error ? failure : new EstafetError('internal', undefined, { cause: failure }));
    this.#work();
  }
}

/**
 * Plays batches of the lab beside the server: in threads, on virtual time, so that neither chat nor pages wait for them.
 * Batches are cut into small parts, and the threads take parts of the batches in turn: a large one does not hold a small
 * one up. A thread that dies takes its part with it; the part is played again by another.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type BatchPart, mergeTotals, type Totals } from '../../lab/index.ts';
import { EstafetError, limits } from '../../protocol/index.ts';

/** One setting of a batch; its messages are numbers 0 to `count` − 1. */
export type BatchRow = Omit<BatchPart, 'from'>;

export interface BatchOptions {
  /** Stops it; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Messages played so far, of all rows together. */
  readonly onProgress?: (done: number, of: number) => void;
}

interface Batch {
  readonly rows: readonly BatchRow[];
  readonly waiting: { readonly row: number; readonly part: BatchPart }[];
  readonly done: Totals[][];
  readonly of: number;
  readonly options: BatchOptions;
  readonly settle: (result: readonly Totals[] | Error) => void;
  played: number;
  ended: boolean;
}

interface Task {
  readonly batch: Batch;
  readonly row: number;
  readonly part: BatchPart;
  failures: number;
}

interface Thread {
  readonly worker: Worker;
  task: Task | null;
}

/** A part that kills its thread so often is a bug, and fails its batch. */
const failuresMax = 3;

const partsOf = (rows: readonly BatchRow[]): Batch['waiting'] =>
  rows.flatMap((row, at) => {
    const size = limits.labPartMessages;
    return Array.from({ length: Math.ceil(row.count / size) }, (_, n) => ({
      row: at,
      part: { ...row, from: n * size, count: Math.min(size, row.count - n * size) },
    }));
  });

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
   * Plays all rows and resolves with the totals of each. Rejects with `overloaded` when too many batches wait, with
   * `too-large` when this one has too many messages, and with the signal's reason.
   */
  run(rows: readonly BatchRow[], options: BatchOptions = {}): Promise<readonly Totals[]> {
    const of = rows.reduce((sum, { count }) => sum + count, 0);
    if (this.#closed) return Promise.reject(new EstafetError('shutting-down'));
    if (of > limits.labBatchMaxMessages) return Promise.reject(new EstafetError('too-large'));
    if (this.#batches.length >= limits.labBatchesMax) return Promise.reject(new EstafetError('overloaded'));
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    return new Promise((resolve, reject) => {
      const batch: Batch = {
        rows,
        waiting: partsOf(rows),
        done: rows.map(() => []),
        of,
        options,
        settle: (result) => (result instanceof Error ? reject(result) : resolve(result)),
        played: 0,
        ended: false,
      };
      options.signal?.addEventListener('abort', () => this.#end(batch, options.signal!.reason), { once: true });
      this.#batches.push(batch);
      if (of === 0) this.#end(batch);
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

  /** Gives each idle thread a part of the next batch in turn. */
  #work(): void {
    for (;;) {
      const next = this.#batches.find(({ waiting }) => waiting.length > 0);
      if (next === undefined) break;
      const idle = [...this.#threads].find(({ task }) => task === null) ?? this.#newThread();
      if (idle === null) break;
      const { row, part } = next.waiting.shift()!;
      this.#give(idle, { batch: next, row, part, failures: 0 });
      // The others come before it is this one's turn again.
      this.#batches.push(...this.#batches.splice(this.#batches.indexOf(next), 1));
    }
    clearTimeout(this.#idleTimer ?? undefined);
    this.#idleTimer = null;
    if (this.#batches.length > 0 || this.#threads.size === 0) return;
    this.#idleTimer = setTimeout(() => void this.#release(), limits.labThreadIdleMs).unref();
  }

  #give(thread: Thread, task: Task): void {
    thread.task = task;
    // Only a thread with nothing to do lets the program end.
    thread.worker.ref();
    thread.worker.postMessage(task.part);
  }

  #newThread(): Thread | null {
    if (this.#threads.size >= this.#most) return null;
    const worker = new Worker(new URL('./batch-thread.ts', import.meta.url));
    const thread: Thread = { worker, task: null };
    worker.on('message', (totals: Totals) => this.#played(thread, totals));
    worker.on('error', () => undefined);
    worker.on('exit', () => this.#died(thread));
    worker.unref();
    this.#threads.add(thread);
    return thread;
  }

  #played(thread: Thread, totals: Totals): void {
    const { task } = thread;
    thread.task = null;
    thread.worker.unref();
    if (task !== null && !task.batch.ended) {
      const { batch, row, part } = task;
      batch.done[row]!.push(totals);
      batch.played += part.count;
      batch.options.onProgress?.(batch.played, batch.of);
      if (batch.played === batch.of) this.#end(batch);
    }
    this.#work();
  }

  #died(thread: Thread): void {
    if (!this.#threads.delete(thread)) return;
    const { task } = thread;
    if (task !== null && !task.batch.ended) {
      const again = { ...task, failures: task.failures + 1 };
      const other = again.failures < failuresMax ? this.#newThread() : null;
      if (other === null) this.#end(task.batch, new EstafetError('internal'));
      else this.#give(other, again);
    }
    this.#work();
  }

  #end(batch: Batch, failure?: unknown): void {
    if (batch.ended) return;
    batch.ended = true;
    this.#batches.splice(this.#batches.indexOf(batch), 1);
    if (failure === undefined) batch.settle(batch.done.map(mergeTotals));
    else batch.settle(failure instanceof Error ? failure : new EstafetError('internal', undefined, { cause: failure }));
    this.#work();
  }
}

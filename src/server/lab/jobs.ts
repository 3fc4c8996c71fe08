/**
 * What is played for people: batches, threads, failovers. A job belongs to the server that plays it, and its id names
 * that server. So many at a time, of one person and in all; what came of them is kept for a bounded time and in bounded
 * numbers, and goes when the server stops.
 */
import { randomBytes } from 'node:crypto';
import { EstafetError } from '../../protocol/index.ts';
import type { EdgeLimits } from '../options.ts';

export type JobState = 'running' | 'done' | 'cancelled' | 'failed';

/** How a job stands. */
export class JobLife {
  readonly startedAt = Date.now();
  readonly #stopping = new AbortController();
  state: JobState = 'running';
  endedAt: number | null = null;
  /** Why it failed, in a sentence. */
  error: string | null = null;

  /** Aborted when the job is to end before its time. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Ends it, whatever it is doing. Does nothing to one that is over. */
  cancel(): void {
    if (this.state === 'running') this.#stopping.abort(new Error('cancelled'));
  }

  /** The job is over when this is. */
  follow(work: Promise<unknown>, onBug: About['onBug']): void {
    work.then(
      () => this.#end('done', null),
      (error: unknown) => {
        if (this.signal.aborted) return this.#end('cancelled', null);
        if (!(error instanceof EstafetError) || error.code === 'internal') onBug(error);
        this.#end('failed', error instanceof Error ? error.message : String(error));
      },
    );
  }

  #end(state: JobState, error: string | null): void {
    this.state = state;
    this.error = error;
    this.endedAt = Date.now();
  }
}

/** What a job is told when it begins. */
export interface About {
  /** Whose it is: a person's id. */
  readonly by: string;
  /** The program's version. */
  readonly version: string;
  readonly onBug: (error: unknown) => void;
}

/** A job as others see it. */
export interface Job<View> {
  readonly by: string;
  readonly life: JobLife;
  view(id: string): View;
}

export const jobKinds = ['batches', 'threads', 'failovers'] as const;
export type JobKind = (typeof jobKinds)[number];

interface Kept {
  readonly kind: JobKind;
  /** How much of what may be kept it takes. */
  readonly rows: number;
  readonly job: Job<unknown>;
}

type JobLimits = Pick<
  EdgeLimits,
  | 'labJobsRunningMax'
  | 'labJobsRunningPerPersonMax'
  | 'labJobsKeptMax'
  | 'labJobsKeptPerPersonMax'
  | 'labRowsKeptMax'
  | 'labJobKeptMs'
>;

/** The server that a job's id names. */
export const serverOfJob = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('-')));

export class Jobs {
  readonly #server: string;
  readonly #limits: JobLimits;
  /** In the order in which they began. */
  readonly #kept = new Map<string, Kept>();

  constructor(server: string, limits: JobLimits) {
    this.#server = server;
    this.#limits = limits;
  }

  /**
   * Takes a job in and begins it. Rejects with `too-many-requests` when the person has as many under way as one may, and
   * with `overloaded` when all together have.
   * @param rows how many rows its result will have at most
   */
  add<View>(kind: JobKind, by: string, rows: number, begin: () => Job<View>): View {
    this.#tidy();
    const running = [...this.#kept.values()].filter(({ job }) => job.life.state === 'running');
    const { labJobsRunningMax, labJobsRunningPerPersonMax } = this.#limits;
    if (running.filter(({ job }) => job.by === by).length >= labJobsRunningPerPersonMax) {
      const sentence = `You have ${labJobsRunningPerPersonMax} experiments under way on this server: wait for one, or cancel it.`;
      throw new EstafetError('too-many-requests', sentence);
    }
    if (running.length >= labJobsRunningMax) {
      throw new EstafetError('overloaded', 'As many experiments are under way on this server as it plays; try later.');
    }
    const id = `${this.#server}-${randomBytes(12).toString('hex')}`;
    const job = begin();
    this.#kept.set(id, { kind, rows, job });
    this.#tidy();
    return job.view(id);
  }

  /** A job as it stands. Throws `not-found` for one that never was, or is not kept any more. */
  view(kind: JobKind, id: string): unknown {
    return this.#find(kind, id).view(id);
  }

  /**
   * Ends a job that is under way; gives it as it then stands.
   * @param by who wants that; null for whoever may end anybody's. Throws `not-allowed` for another person's.
   */
  async cancel(kind: JobKind, id: string, by: string | null): Promise<unknown> {
    const job = this.#find(kind, id);
    if (by !== null && job.by !== by) {
      throw new EstafetError('not-allowed', 'Only who began an experiment, an owner or an admin may cancel it.');
    }
    job.life.cancel();
    // What follows the signal has its turn first.
    await new Promise((resolve) => setImmediate(resolve));
    return job.view(id);
  }

  /** Ends all that are under way. */
  stop(): void {
    for (const { job } of this.#kept.values()) job.life.cancel();
  }

  #find(kind: JobKind, id: string): Job<unknown> {
    this.#tidy();
    const found = this.#kept.get(id);
    if (found === undefined || found.kind !== kind) {
      const sentence = `There is no such experiment on ${this.#server}: results are kept for an hour, and go when the server stops.`;
      throw new EstafetError('not-found', sentence);
    }
    return found.job;
  }

  /** Forgets what has been over for long, and the oldest of what is too much. What is under way is never forgotten. */
  #tidy(): void {
    const { labJobKeptMs, labJobsKeptMax, labJobsKeptPerPersonMax, labRowsKeptMax } = this.#limits;
    const oldest = Date.now() - labJobKeptMs;
    const ofPerson = new Map<string, number>();
    let [count, rowCount] = [0, 0];
    for (const [id, { job, rows }] of [...this.#kept].reverse()) {
      const theirs = (ofPerson.get(job.by) ?? 0) + 1;
      ofPerson.set(job.by, theirs);
      count++;
      rowCount += rows;
      if (job.life.state === 'running') continue;
      const isTooOld = (job.life.endedAt ?? 0) < oldest;
      const isTooMuch = count > labJobsKeptMax || theirs > labJobsKeptPerPersonMax || rowCount > labRowsKeptMax;
      if (isTooOld || isTooMuch) this.#kept.delete(id);
    }
  }
}

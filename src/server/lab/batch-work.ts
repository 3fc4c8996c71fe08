/**
 * What there is to do for one batch: its rows cut into small parts, and each row put together once its parts are there.
 * The same batch gives the same rows, to the last digit, in whatever order and wherever its parts were played.
 */
import type { Totals, Variant } from '../../lab/index.ts';
import { type LabRow, limits } from '../../protocol/index.ts';
import type { Work, WorkDone } from './batch-thread.ts';

/** Variants of an experiment, each with messages of numbers 0 to `messages` − 1. */
export interface BatchPlan {
  /** 0 of rows of one's own. */
  readonly experiment: number;
  readonly seed: number;
  readonly messages: number;
  readonly variants: readonly Variant[];
}

/** Something for a thread to do. */
export interface Task {
  readonly row: number;
  /** Which part of the row. */
  readonly part: number;
  readonly work: Work;
}

interface Parts {
  readonly totals: Totals[];
  missing: number;
}

export class BatchWork {
  readonly of: number;
  readonly rows: LabRow[] = [];
  readonly #plan: BatchPlan;
  readonly #partsPerRow: number;
  readonly #parts = new Map<number, Parts>();
  /** Rows to be put together: they come before further parts, so that few parts are in memory. */
  readonly #complete: Task[] = [];
  #taken = 0;
  #rowsDone = 0;
  #played = 0;

  constructor(plan: BatchPlan) {
    this.#plan = plan;
    this.of = plan.messages * plan.variants.length;
    this.#partsPerRow = Math.max(1, Math.ceil(plan.messages / limits.labPartMessages));
  }

  /** Messages played so far, of all rows together. */
  get played(): number {
    return this.#played;
  }

  get isDone(): boolean {
    return this.#rowsDone === this.#plan.variants.length;
  }

  /** Whether there is something to take. */
  get hasWork(): boolean {
    return this.#complete.length > 0 || this.#taken < this.#plan.variants.length * this.#partsPerRow;
  }

  /** Something to do; null when there is nothing at the moment. */
  take(): Task | null {
    if (!this.hasWork) return null;
    return this.#complete.shift() ?? this.#nextPart();
  }

  /** What came of something that was taken. */
  done({ row, part, work }: Task, result: WorkDone): void {
    if (result.what === 'row') {
      this.rows[row] = result.row;
      this.#rowsDone++;
      return;
    }
    const parts = this.#parts.get(row) ?? { totals: [], missing: this.#partsPerRow };
    this.#parts.set(row, parts);
    parts.totals[part] = result.totals;
    parts.missing--;
    if (work.what === 'part') this.#played += work.part.count;
    if (parts.missing > 0) return;
    this.#parts.delete(row);
    const { experiment, seed } = this.#plan;
    const variant = this.#variant(row);
    this.#complete.push({ row, part: 0, work: { what: 'row', experiment, variant, seed, parts: parts.totals } });
  }

  #nextPart(): Task {
    const { seed, messages } = this.#plan;
    const row = Math.floor(this.#taken / this.#partsPerRow);
    const part = this.#taken % this.#partsPerRow;
    this.#taken++;
    const { method, settings } = this.#variant(row);
    const from = part * limits.labPartMessages;
    const count = Math.min(limits.labPartMessages, messages - from);
    return { row, part, work: { what: 'part', part: { method, settings, seed, from, count } } };
  }

  #variant(row: number): Variant {
    const variant = this.#plan.variants[row];
    if (variant === undefined) throw new Error(`a batch of ${this.#plan.variants.length} rows has no row ${row}`);
    return variant;
  }
}

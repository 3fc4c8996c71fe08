/**
 * A replica's log as its logic sees it: the entries on disk and those on their way there, with the newest kept in
 * memory. Reading is through here; writing is an output of the replica.
 */
import type { Index } from '../../log.ts';
import { type Base, type Entry, entrySize, type Point } from './entry.ts';

/** Reads a log that is on disk. */
export interface LogReader {
  /** Entries from `from` on, contiguous, at most `maxEntries` and about `maxBytes`, at least one if there is one. */
  read(from: Index, maxEntries: number, maxBytes: number): readonly Entry[];
}

export interface WindowLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** Where a log on disk begins and ends; `last` is null when it has no entry. */
export interface LogEnds {
  readonly base: Base;
  readonly last: Entry | null;
}

/** The log with its newest entries in memory. */
export class LogWindow {
  readonly #reader: LogReader;
  readonly #limits: WindowLimits;
  #recent: Entry[] = [];
  #recentBytes = 0;
  #base: Base;
  #last: Base;
  #durable: Index;

  constructor(reader: LogReader, limits: WindowLimits, { base, last }: LogEnds) {
    this.#reader = reader;
    this.#limits = limits;
    this.#base = base;
    this.#last = last ?? base;
    this.#durable = this.#last.index;
  }

  /** Where the log begins: its first entry is the one behind this. */
  get base(): Base {
    return this.#base;
  }

  /** The newest entry's place, durable or not. */
  get last(): Point {
    return this.#last;
  }

  /** The newest entry's time; 0 when the log is empty. */
  get lastAt(): number {
    return this.#last.at;
  }

  /** Index of the newest entry that is on disk. */
  get durable(): Index {
    return this.#durable;
  }

  /** Adds entries behind the last one; they are on their way to the disk. */
  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.index !== this.#last.index + 1) throw new Error(`entry ${entry.index} behind ${this.#last.index}`);
      this.#recent.push(entry);
      this.#recentBytes += entrySize(entry);
      this.#last = entry;
    }
    this.#forget();
  }

  /** Forgets everything after `index`. */
  truncateAfter(index: Index): void {
    const kept = this.at(index);
    if (kept === null) throw new Error(`truncating after ${index}, which is not in the log`);
    const keep = this.#recent.findIndex((entry) => entry.index > index);
    if (keep >= 0) {
      for (const gone of this.#recent.splice(keep)) this.#recentBytes -= entrySize(gone);
    }
    this.#last = kept;
    this.#durable = Math.min(this.#durable, index);
  }

  /** The log begins behind `base` from now on; `base` is in it, and on disk. */
  trimTo(base: Base): void {
    if (base.index > this.#durable) throw new Error(`trimming to ${base.index}, durable ${this.#durable}`);
    this.#base = base;
    const keep = this.#recent.findIndex((entry) => entry.index > base.index);
    const gone = keep < 0 ? this.#recent.splice(0) : this.#recent.splice(0, keep);
    for (const entry of gone) this.#recentBytes -= entrySize(entry);
  }

  /** The log on disk has been replaced. */
  reload({ base, last }: LogEnds): void {
    this.#recent = [];
    this.#recentBytes = 0;
    this.#base = base;
    this.#last = last ?? base;
    this.#durable = this.#last.index;
  }

  /** Everything up to `index` is on disk. */
  markDurable(index: Index): void {
    if (index > this.#last.index) throw new Error(`${index} durable behind the last entry ${this.#last.index}`);
    this.#durable = Math.max(this.#durable, index);
    this.#forget();
  }

  /** The entry at `index`, or null when the log has none there. */
  entry(index: Index): Entry | null {
    if (index <= this.#base.index || index > this.#last.index) return null;
    const first = this.#recent[0];
    if (first !== undefined && index >= first.index) return this.#recent[index - first.index] ?? null;
    return this.#reader.read(index, 1, 1)[0] ?? null;
  }

  /** The place at `index`, or null when the log has none there. Its base is a place, too. */
  at(index: Index): Base | null {
    return index === this.#base.index ? this.#base : this.entry(index);
  }

  /** Entries from `from` to at most `upto`, contiguous, bounded; empty when there is none. */
  read(from: Index, upto: Index, maxEntries: number, maxBytes: number): readonly Entry[] {
    const end = Math.min(upto, this.#last.index, from + maxEntries - 1);
    if (end < from || from <= this.#base.index) return [];
    const first = this.#recent[0];
    if (first === undefined || from < first.index) {
      return this.#reader.read(from, end - from + 1, maxBytes);
    }
    const start = from - first.index;
    const stop = end - first.index + 1;
    let bytes = 0;
    for (let at = start; at < stop; at++) {
      bytes += entrySize(this.#recent[at]!);
      if (bytes > maxBytes) return this.#recent.slice(start, Math.max(at, start + 1));
    }
    return this.#recent.slice(start, stop);
  }

  /** Lets the oldest entries in memory go; they are on disk. */
  #forget(): void {
    let drop = 0;
    let bytes = this.#recentBytes;
    while (drop < this.#recent.length) {
      const oldest = this.#recent[drop]!;
      const over = this.#recent.length - drop > this.#limits.maxEntries || bytes > this.#limits.maxBytes;
      if (!over || oldest.index > this.#durable) break;
      bytes -= entrySize(oldest);
      drop++;
    }
    // Dropping in bulk: removing the head of an array costs its whole length.
    if (
      drop > this.#limits.maxEntries / 4 ||
      bytes > this.#limits.maxBytes ||
      this.#recentBytes > this.#limits.maxBytes * 2
    ) {
      this.#recent.splice(0, drop);
      this.#recentBytes = bytes;
    }
  }
}

/**
 * A log's disk in virtual time. A write is durable some time after it was asked for; a crash keeps a random prefix of
 * the writes under way, each whole or not at all, as SQLite's transactions are. An entry may rot: then reading it fails,
 * while `has` still tells what should be there. What was trimmed is in the snapshot, and counts as there.
 */
import type { Index } from '../../log.ts';
import type { StoreOperation } from '../replica/effects.ts';
import { type Base, type Entry, genesis, type Point, sameHash } from '../replica/entry.ts';
import type { LogEnds, LogReader } from '../replica/log-window.ts';
import { Violation } from './violation.ts';

interface Write {
  readonly operation: StoreOperation;
  readonly committed: Index;
}

/** What was read is not what was written. */
export class Rot extends Error {}

export class VirtualDisk implements LogReader {
  readonly incarnation: string;
  /** What survives a crash. */
  readonly entries: Entry[] = [];
  cluster = '';
  epoch = 0;
  committed: Index = 0;
  base: Base = genesis;
  /** The newest snapshot that is durable. */
  snapshot: Base | null = null;
  /** What the snapshots that were fetched are truly of. */
  readonly fetched: Point[] = [];
  readonly #rotten = new Map<Index, Entry>();
  #underWay: Write[] = [];

  constructor(incarnation: string) {
    this.incarnation = incarnation;
  }

  /** The log as it is now, whatever its owner does to it afterwards. */
  frozen(): VirtualDisk {
    const { incarnation, entries, cluster, epoch, committed, base, snapshot } = this;
    const disk = new VirtualDisk(incarnation);
    disk.entries.push(...entries);
    Object.assign(disk, { cluster, epoch, committed, base, snapshot });
    for (const [index, entry] of this.#rotten) disk.#rotten.set(index, entry);
    return disk;
  }

  read(from: Index, maxEntries: number): readonly Entry[] {
    const at = from - 1 - this.base.index;
    if (at < 0) return [];
    const entries = this.entries.slice(at, at + maxEntries);
    for (const { index } of entries) {
      if (this.#rotten.has(index)) throw new Rot(`entry ${index} does not fit the chain of hashes`);
    }
    return entries;
  }

  /** Index of the newest entry, or of the base. */
  get end(): Index {
    return this.base.index + this.entries.length;
  }

  get last(): Entry | null {
    const last = this.entries.at(-1) ?? null;
    return last === null ? null : (this.#rotten.get(last.index) ?? last);
  }

  get ends(): LogEnds {
    return { base: this.base, last: this.last };
  }

  /** The place at `index`, as it is on the disk now, or null when the log has none there. */
  at(index: Index): Base | null {
    if (index === this.base.index) return this.base;
    return this.#rotten.get(index) ?? this.entries[index - 1 - this.base.index] ?? null;
  }

  /** Whether the entry at `index` was written with this hash. What lies before the base follows from the base's hash. */
  has(index: Index, hash: Uint8Array): boolean {
    if (index < this.base.index) return true;
    const place = index === this.base.index ? this.base : this.entries[index - 1 - this.base.index];
    return place !== undefined && sameHash(place.hash, hash);
  }

  begin(operation: StoreOperation, committed: Index): void {
    this.#underWay.push({ operation, committed });
  }

  /** The oldest write under way is durable. */
  finish(): void {
    const write = this.#underWay.shift();
    if (write === undefined) throw new Error('no write is under way');
    this.#apply(write);
  }

  /** Power is lost, or a write has failed: of the writes under way, the first `kept` are there. */
  crash(kept: number): void {
    for (const write of this.#underWay.slice(0, kept)) this.#apply(write);
    this.#underWay = [];
  }

  get underWay(): number {
    return this.#underWay.length;
  }

  /** Writes at once. */
  write(operation: StoreOperation): void {
    this.#apply({ operation, committed: 0 });
  }

  /** A bit of the entry at `index` turns over. */
  rot(index: Index, part: 'body' | 'hash'): void {
    const entry = this.entries[index - 1 - this.base.index];
    if (entry === undefined) return;
    const flipped = Uint8Array.from(entry[part].length > 0 ? entry[part] : [0]);
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    this.#rotten.set(index, { ...entry, [part]: flipped });
  }

  get isRotten(): boolean {
    return this.#rotten.size > 0;
  }

  /** What a check of the newest `checked` entries finds, as at every opening of a log; null when all is well. */
  damage(checked: number): string | null {
    const from = this.end - checked;
    for (const index of this.#rotten.keys())
      if (index >= from) return `entry ${index} does not fit the chain of hashes`;
    return null;
  }

  /** What was rotten is as it was written. */
  mend(): void {
    this.#rotten.clear();
  }

  #apply({ operation, committed }: Write): void {
    const { truncateAfter, trimTo, replaceWith, entries, epoch, cluster } = operation;
    if (trimTo !== undefined) this.#trim(trimTo);
    if (replaceWith !== undefined) this.#replace(replaceWith);
    if (truncateAfter !== undefined) {
      this.entries.splice(truncateAfter - this.base.index);
      for (const index of this.#rotten.keys()) if (index > truncateAfter) this.#rotten.delete(index);
    }
    for (const entry of entries) {
      if (entry.index !== this.end + 1) throw new Error(`entry ${entry.index} stored behind ${this.end}`);
      this.entries.push(entry);
    }
    this.epoch = Math.max(this.epoch, epoch ?? 0);
    if (cluster !== undefined && cluster !== '') this.cluster = cluster;
    this.committed = Math.max(this.committed, committed, this.base.index);
  }

  /** Rule 18: a snapshot is durable before what it holds is cut. */
  #trim(base: Base): void {
    if ((this.snapshot?.index ?? 0) < base.index)
      throw new Violation('R18', `the log is cut up to ${base.index}, and no snapshot reaches there`);
    if (!this.has(base.index, base.hash))
      throw new Violation('R18', `the log is cut at ${base.index}, which is not in it`);
    for (const { index } of this.entries.splice(0, base.index - this.base.index)) this.#rotten.delete(index);
    this.base = base;
  }

  /** Rule 18: what is installed is the snapshot that was fetched, and of the place that it is taken for. */
  #replace(base: Base): void {
    const isOne = this.fetched.some(({ index, hash }) => index === base.index && sameHash(hash, base.hash));
    if (!isOne) throw new Violation('R18', `what is installed as a snapshot of ${base.index} was never fetched`);
    this.entries.length = 0;
    this.#rotten.clear();
    this.base = base;
  }
}

/**
 * A log's disk in virtual time. A write is durable some time after it was asked for; a crash keeps a random prefix of
 * the writes under way, each whole or not at all, as SQLite's transactions are. An entry may rot: then readers get
 * something else than was written, while `has` still tells what should be there.
 */
import type { Index } from '../../log.ts';
import type { StoreOperation } from '../replica/effects.ts';
import { chainHash, type Entry, genesisHash, sameHash } from '../replica/entry.ts';
import type { LogReader } from '../replica/log-window.ts';

interface Write {
  readonly operation: StoreOperation;
  readonly committed: Index;
}

export class VirtualDisk implements LogReader {
  readonly incarnation: string;
  /** What survives a crash. */
  readonly entries: Entry[] = [];
  cluster = '';
  epoch = 0;
  committed: Index = 0;
  readonly #rotten = new Map<Index, Entry>();
  #underWay: Write[] = [];

  constructor(incarnation: string) {
    this.incarnation = incarnation;
  }

  read(from: Index, maxEntries: number): readonly Entry[] {
    const entries = this.entries.slice(from - 1, from - 1 + maxEntries);
    return this.#rotten.size === 0 ? entries : entries.map((entry) => this.#rotten.get(entry.index) ?? entry);
  }

  get last(): Entry | null {
    return this.read(this.entries.length, 1)[0] ?? null;
  }

  /** Whether the entry at `index` was written with this hash. */
  has(index: Index, hash: Uint8Array): boolean {
    const entry = this.entries[index - 1];
    return entry !== undefined && sameHash(entry.hash, hash);
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
    const entry = this.entries[index - 1];
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
    const from = this.entries.length - checked;
    for (const index of this.#rotten.keys())
      if (index >= from) return `entry ${index} does not fit the chain of hashes`;
    return null;
  }

  /** What was rotten is as it was written. */
  mend(): void {
    this.#rotten.clear();
  }

  #apply({ operation, committed }: Write): void {
    const { truncateAfter, entries, epoch, cluster } = operation;
    if (truncateAfter !== undefined) {
      this.entries.splice(truncateAfter);
      for (const index of this.#rotten.keys()) if (index > truncateAfter) this.#rotten.delete(index);
    }
    for (const entry of entries) {
      if (entry.index !== this.entries.length + 1)
        throw new Error(`entry ${entry.index} stored behind ${this.entries.length}`);
      const previous = this.entries.at(-1)?.hash ?? genesisHash;
      if (!sameHash(chainHash(previous, entry), entry.hash))
        throw new Error(`entry ${entry.index} stored off the chain`);
      this.entries.push(entry);
    }
    this.epoch = Math.max(this.epoch, epoch ?? 0);
    if (cluster !== undefined && cluster !== '') this.cluster = cluster;
    this.committed = Math.max(this.committed, committed);
  }
}

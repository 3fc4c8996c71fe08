/**
 * A log's disk in virtual time. A write is durable some time after it was asked for; a crash keeps a random prefix of
 * the writes under way, each whole or not at all, as SQLite's transactions are.
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
  #underWay: Write[] = [];

  constructor(incarnation: string) {
    this.incarnation = incarnation;
  }

  read(from: Index, maxEntries: number): readonly Entry[] {
    return this.entries.slice(from - 1, from - 1 + maxEntries);
  }

  get last(): Entry | null {
    return this.entries.at(-1) ?? null;
  }

  /** Whether the entry at `index` is on disk with this hash. */
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

  /** Power is lost: of the writes under way, the first `kept` are there. */
  crash(kept: number): void {
    for (const write of this.#underWay.slice(0, kept)) this.#apply(write);
    this.#underWay = [];
  }

  get underWay(): number {
    return this.#underWay.length;
  }

  /** Makes this the whole of another log. Gives that log's epoch, or why it cannot. */
  completeFrom(other: VirtualDisk, cluster: string, committed: Index): number | string {
    if (other.cluster !== cluster) return 'another cluster’s';
    let common = 0;
    while (common < this.entries.length && other.has(common + 1, this.entries[common]!.hash)) common++;
    if (common < Math.max(committed, this.committed)) return 'another history';
    this.entries.splice(common, this.entries.length, ...other.entries.slice(common));
    this.cluster = cluster;
    return other.epoch;
  }

  #apply({ operation, committed }: Write): void {
    const { truncateAfter, entries, epoch, cluster } = operation;
    if (truncateAfter !== undefined) this.entries.splice(truncateAfter);
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

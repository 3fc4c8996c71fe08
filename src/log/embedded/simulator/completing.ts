/**
 * Completing a log from a member's log on the same disk (rule 7), batch by batch as the production disk does it: it may
 * end half-way, with part of the other log here, because the source is damaged, this disk takes no more, or the process
 * dies.
 */
import type { Index } from '../../log.ts';
import type { Input, Output } from '../replica/effects.ts';
import { chainHash, genesis, type Point, sameHash } from '../replica/entry.ts';
import type { VirtualDisk } from './virtual-disk.ts';

/** How far a log being completed is from its end. */
export type Completion = 'failed' | 'goes-on' | Extract<Input, { type: 'completed' | 'not-completed' }>;

export class Completing {
  readonly #order: Extract<Output, { type: 'complete-from' }>;
  readonly #disk: VirtualDisk;
  readonly #diskOf: (name: string) => VirtualDisk | undefined;
  readonly #checkedAtOpen: number;
  readonly #reasons: string[] = [];
  #member = 0;
  /** The source and the last entry that came from it, once it is open. */
  #open: { readonly source: VirtualDisk; readonly epoch: number; previous: Point } | null = null;

  constructor(
    order: Extract<Output, { type: 'complete-from' }>,
    disk: VirtualDisk,
    diskOf: (name: string) => VirtualDisk | undefined,
    checkedAtOpen: number,
  ) {
    this.#order = order;
    this.#disk = disk;
    this.#diskOf = diskOf;
    this.#checkedAtOpen = checkedAtOpen;
  }

  /**
   * Does the next piece.
   * @param canRead asked before each reading of another log
   * @param canWrite asked before each write; false when the disk takes no more
   */
  next(batchMax: number, canRead: () => boolean, canWrite: () => boolean): Completion {
    const member = this.#order.members[this.#member];
    const disk = this.#disk;
    if (member === undefined) {
      const reason = this.#reasons.join('; ');
      return { type: 'not-completed', member: '', log: { base: genesis, last: disk.last }, reason };
    }
    const giveUp = (reason: string): Completion => {
      this.#reasons.push(`${member.name}: ${reason}`);
      this.#member++;
      this.#open = null;
      return 'goes-on';
    };
    if (!canRead()) return giveUp('its log cannot be read at the moment');
    if (this.#open === null) {
      const source = this.#diskOf(member.name);
      if (source === undefined) return giveUp('its log is not on this disk');
      if (source.damage(this.#checkedAtOpen) !== null) return giveUp('its log cannot be read');
      if (source.cluster !== this.#order.cluster || source.incarnation !== member.incarnation)
        return giveUp('its log has started over since');
      const common = commonOf(disk, source, Math.max(this.#order.committed, disk.committed));
      if (common === null) return giveUp('its history is not ours');
      if (!canWrite()) return 'failed';
      disk.write({ truncateAfter: common, entries: [], cluster: this.#order.cluster });
      this.#open = { source, epoch: source.epoch, previous: pointOf(disk, common)! };
      return 'goes-on';
    }
    const { source, epoch } = this.#open;
    const entries = source.read(this.#open.previous.index + 1, batchMax);
    if (entries.length === 0)
      return { type: 'completed', member: member.name, epoch, log: { base: genesis, last: disk.last } };
    for (const entry of entries) {
      if (!sameHash(chainHash(this.#open.previous.hash, entry), entry.hash))
        return giveUp(`its entry ${entry.index} is damaged`);
      this.#open.previous = entry;
    }
    if (!canWrite()) return 'failed';
    disk.write({ entries });
    return 'goes-on';
  }
}

const pointOf = (disk: VirtualDisk, index: Index): Point | null =>
  index === 0 ? genesis : (disk.read(index, 1)[0] ?? null);

/** The last index at which two logs agree, by search as in the production disk; null when they part before `committed`. */
const commonOf = (disk: VirtualDisk, other: VirtualDisk, committed: Index): Index | null => {
  const same = (index: Index): boolean => {
    const [here, there] = [pointOf(disk, index), pointOf(other, index)];
    return here !== null && there !== null && sameHash(here.hash, there.hash);
  };
  let agrees = committed;
  if (!same(agrees)) return null;
  let differs = Math.min(disk.entries.length, other.entries.length) + 1;
  while (agrees + 1 < differs) {
    const middle = agrees + Math.floor((differs - agrees) / 2);
    if (same(middle)) agrees = middle;
    else differs = middle;
  }
  return agrees;
};

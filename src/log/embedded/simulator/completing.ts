/**
 * Completing a log from a member's log on the same disk (rule 7), batch by batch as the production disk does it: it may
 * end half-way, with part of the other log here, because the source is damaged, this disk takes no more, or the process
 * dies.
 */
import type { Index } from '../../log.ts';
import type { Input, Output } from '../replica/effects.ts';
import { chainHash, type Entry, type Point, sameHash } from '../replica/entry.ts';
import { Rot, type VirtualDisk } from './virtual-disk.ts';

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
      return { type: 'not-completed', member: '', log: disk.ends, reason };
    }
    const giveUp = (reason: string): Completion => {
      this.#reasons.push(`${member.name}: ${reason}`);
      this.#member++;
      this.#open = null;
      return 'goes-on';
    };
    if (!canRead()) return giveUp('its log cannot be read at the moment');
    if (this.#open === null) {
      const source = this.#diskOf(member.name)?.frozen();
      if (source === undefined) return giveUp('its log is not on this disk');
      if (source.damage(this.#checkedAtOpen) !== null) return giveUp('its log cannot be read');
      const isIt = source.cluster === this.#order.cluster || source.cluster === '';
      if (!isIt || source.incarnation !== member.incarnation) return giveUp('its log has started over since');
      const common = commonOf(disk, source, Math.max(this.#order.committed, disk.committed));
      if (common === null) return giveUp('its history is not ours');
      if (!canWrite()) return 'failed';
      const { cluster } = this.#order;
      if (common === 'needs-snapshot') {
        const { snapshot } = source;
        if (snapshot === null || !same(source, snapshot)) return giveUp('its snapshot is of no use');
        disk.snapshot = snapshot;
        disk.fetched.push(snapshot);
        disk.write({ replaceWith: snapshot, entries: [], cluster });
      } else disk.write({ truncateAfter: common, entries: [], cluster });
      this.#open = { source, epoch: source.epoch, previous: disk.at(disk.end)! };
      return 'goes-on';
    }
    const { source, epoch } = this.#open;
    let entries: readonly Entry[];
    try {
      entries = source.read(this.#open.previous.index + 1, batchMax);
    } catch (error) {
      if (error instanceof Rot) return giveUp(error.message);
      throw error;
    }
    if (entries.length === 0) return { type: 'completed', member: member.name, epoch, log: disk.ends };
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

/** Whether a log has this very place. */
const same = (disk: VirtualDisk, place: Point | null): boolean => {
  const here = place === null ? null : disk.at(place.index);
  return here !== null && sameHash(here.hash, place!.hash);
};

/** The last index at which two logs agree, by search as in the production disk; null when they part before `committed`. */
const commonOf = (disk: VirtualDisk, other: VirtualDisk, committed: Index): Index | 'needs-snapshot' | null => {
  let agrees = Math.max(committed, other.base.index);
  if (!same(disk, other.at(agrees))) return agrees > committed ? 'needs-snapshot' : null;
  let differs = Math.min(disk.end, other.end) + 1;
  while (agrees + 1 < differs) {
    const middle = agrees + Math.floor((differs - agrees) / 2);
    if (same(disk, other.at(middle))) agrees = middle;
    else differs = middle;
  }
  return agrees;
};

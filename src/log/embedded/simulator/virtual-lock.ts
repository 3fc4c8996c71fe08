/**
 * The one lock of the cluster in virtual time, and the manifest in the same file; beside it, who took it last. The
 * kernel frees it when its holder dies.
 */
import type { Manifest } from '../replica/effects.ts';
import type { Checker } from './checker.ts';
import { Medium } from './node.ts';
import type { ProcessId } from './process-table.ts';
import { Violation } from './violation.ts';
import type { VirtualDisk } from './virtual-disk.ts';

export class VirtualLock<Process extends { readonly id: ProcessId }> {
  readonly medium = new Medium();
  readonly #checker: Checker;
  readonly #diskOf: (name: string) => VirtualDisk | undefined;
  #holder: Process | null = null;
  #manifest: Manifest | null = null;
  /** Who took the lock last, as its holder has written it beside the lock. */
  lastHolder: ProcessId | null = null;
  /** And when. */
  takenAtMs = 0;

  constructor(checker: Checker, diskOf: (name: string) => VirtualDisk | undefined) {
    this.#checker = checker;
    this.#diskOf = diskOf;
  }

  get holder(): Process | null {
    return this.#holder;
  }

  /** The durable manifest. */
  get manifest(): Manifest | null {
    return this.#manifest;
  }

  /** Takes the lock; false when somebody has it. */
  take(process: Process): boolean {
    if (this.#holder !== null) return false;
    this.#holder = process;
    return true;
  }

  /** Lets the lock go, if this process has it. */
  free(process: Process): void {
    if (this.#holder === process) this.#holder = null;
  }

  /** Rule 1: whoever begins to write the manifest must have the lock. */
  mayWrite(name: string, process: Process): void {
    if (this.#holder !== process) throw new Violation('R1', `${name} writes the manifest without the lock`);
  }

  /** The manifest is durable from now on. */
  write(name: string, manifest: Manifest): void {
    this.#manifest = manifest;
    this.#checker.manifest(manifest, name);
    this.look();
    // The promise holds while one member's disk is good: where rot would be on all that are left, it was never there.
    const disks = this.membersDisks();
    if (disks.every((disk) => disk.isRotten)) for (const disk of disks) disk.mend();
  }

  /** The disks of the set's members, of those that have not started over. */
  membersDisks(): readonly VirtualDisk[] {
    return (this.#manifest?.inSync ?? []).flatMap(({ name, incarnation }) => {
      const disk = this.#diskOf(name);
      return disk?.incarnation === incarnation ? [disk] : [];
    });
  }

  /** Holds the set that is durable now against the disks (rules 4 to 6, 8). */
  look(): void {
    this.#checker.set(this.#manifest, this.#diskOf);
  }
}

/**
 * Holds a simulated cluster against the rules, at every step and from outside: it sees disks, the lock's manifest and
 * what replicas give out, and shares no state with the engine. A broken rule throws, and the run's seed replays it.
 */
import type { Index } from '../../log.ts';
import type { Manifest } from '../replica/effects.ts';
import { type Entry, type Point, sameHash } from '../replica/entry.ts';
import { Violation } from './violation.ts';
import type { VirtualDisk } from './virtual-disk.ts';

/** What a client was told. */
interface Acknowledged {
  readonly id: string;
  readonly index: Index;
  readonly hash: Uint8Array;
}

export class Checker {
  /** The one history: what any replica has ever given out as committed. */
  readonly #history: Entry[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #leaders = new Map<number, string>();
  #manifestEpoch = 0;
  #checks = 0;

  get checks(): number {
    return this.#checks;
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  get committed(): Index {
    return this.#history.length;
  }

  /** A replica gives an entry out as committed. */
  gaveOut(replica: string, expected: Index, entry: Entry): void {
    this.#checks++;
    if (entry.index !== expected)
      throw new Violation('R17', `${replica} gave out ${entry.index}, and ${expected} was next`);
    const known = this.#history[entry.index - 1];
    if (known !== undefined) {
      if (!sameHash(known.hash, entry.hash)) {
        throw new Violation('P2', `${replica} has another entry ${entry.index} than was committed before`);
      }
      return;
    }
    if (entry.index !== this.committed + 1)
      throw new Violation('R17', `${replica} gave out ${entry.index}, and nobody ${this.committed + 1}`);
    const before = this.#history.at(-1);
    if (before !== undefined && entry.at < before.at) throw new Violation('R14', `time goes back at ${entry.index}`);
    if (before !== undefined && entry.epoch < before.epoch)
      throw new Violation('R3', `the epoch goes back at ${entry.index}`);
    this.#history.push(entry);
  }

  /** A client is told that its command is committed. */
  answered(replica: string, entry: Entry): void {
    this.#checks++;
    const known = this.#history[entry.index - 1];
    if (known === undefined || !sameHash(known.hash, entry.hash)) {
      throw new Violation('R4', `${replica} acknowledged ${entry.index} before it was committed`);
    }
    this.#acknowledged.push({ id: entry.id, index: entry.index, hash: entry.hash });
  }

  /** A replica's log begins behind a snapshot from now on. */
  installed(replica: string, base: Point): void {
    this.#checks++;
    const known = this.#history[base.index - 1];
    if (known === undefined || !sameHash(known.hash, base.hash))
      throw new Violation('R18', `${replica} installs a snapshot of ${base.index} that is not of the one history`);
  }

  /** Rules 4 to 6 and 8: whoever the manifest names has everything that is committed, on disk. */
  set(manifest: Manifest | null, diskOf: (name: string) => VirtualDisk | undefined): void {
    this.#checks++;
    if (manifest === null) return;
    for (const { name, incarnation } of manifest.inSync) {
      const disk = diskOf(name);
      if (disk === undefined || disk.incarnation !== incarnation) continue;
      const last = this.#history.at(-1);
      if (last !== undefined && !disk.has(last.index, last.hash)) {
        throw new Violation('R4', `${name} is in the in-sync set, and lacks entry ${last.index}, which is committed`);
      }
    }
  }

  /** A manifest is durable. */
  manifest(manifest: Manifest, holder: string): void {
    this.#checks++;
    if (manifest.epoch < this.#manifestEpoch)
      throw new Violation('R2', `the manifest's epoch goes back to ${manifest.epoch}`);
    this.#manifestEpoch = manifest.epoch;
    if (!manifest.inSync.some((member) => member.name === holder)) {
      throw new Violation('R7', `${holder} wrote a set that it is not in`);
    }
  }

  /** A replica acts as primary. */
  leads(replica: string, epoch: number, holdsLock: boolean, manifest: Manifest | null): void {
    this.#checks++;
    const leader = this.#leaders.get(epoch);
    if (leader !== undefined && leader !== replica)
      throw new Violation('P3', `${leader} and ${replica} lead epoch ${epoch}`);
    if (leader === replica) return;
    if (!holdsLock) throw new Violation('R1', `${replica} leads epoch ${epoch} without the lock`);
    if (manifest?.epoch !== epoch) throw new Violation('R2', `${replica} leads epoch ${epoch} before it is durable`);
    this.#leaders.set(epoch, replica);
  }

  /** Everything has healed: every disk has the one history, and every answer ever given still holds. */
  healed(disks: readonly { readonly name: string; readonly disk: VirtualDisk; readonly committed: Index }[]): void {
    for (const { name, disk, committed } of disks) {
      this.#checks++;
      if (committed !== this.#history.length) {
        throw new Violation('P2', `${name} ends at ${committed}, and ${this.#history.length} are committed`);
      }
      if (disk.base.index > 0) this.installed(name, disk.base);
      for (const entry of this.#history) {
        if (!disk.has(entry.index, entry.hash)) throw new Violation('P1', `${name} lacks entry ${entry.index}`);
      }
      for (const { id, index, hash } of this.#acknowledged) {
        if (!disk.has(index, hash)) throw new Violation('P1', `${name} lost ${id} at ${index}, which was acknowledged`);
      }
    }
  }
}

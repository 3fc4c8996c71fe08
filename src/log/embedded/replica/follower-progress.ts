/**
 * What a primary knows of one follower: where their logs are known to agree, what has been sent, and when it was last
 * heard. Finding the place where two logs part is a binary search over hashes (rule 10): a chain's hashes are equal up
 * to the last common entry, and differ from there on.
 */
import type { Index } from '../../log.ts';
import type { Point } from './entry.ts';

export class FollowerProgress {
  readonly name: string;
  /** The incarnation of its log, once it has said so. */
  incarnation: string | null = null;
  /**
   * `greeted`: it has not said its state; `presumed`: nor has this one, and entries are on their way to it all the same;
   * `probing`: the search is on; `installing`: it takes a snapshot, because its log ends before ours begins;
   * `streaming`: entries follow `match`.
   */
  phase: 'greeted' | 'presumed' | 'probing' | 'installing' | 'streaming' = 'greeted';
  /** Its log is ours up to here, on its disk. */
  match: Index = 0;
  /** The next entry to send. */
  next: Index = 1;
  /** Bytes sent and not known to be stored. */
  bytesUnderWay = 0;
  heardAtMs: number;
  /** When it last stored something new, or had nothing left to store. */
  progressAtMs: number;
  /** Since when acknowledgements wait for it although the manifest does not name it yet (rule 6). */
  joiningSinceMs: number | null = null;
  /** When it is to be offered a snapshot again, because it could not use the last one. */
  offerAtMs: number | null = null;
  /** Not before this may it try to join again. */
  joinNotBeforeMs = 0;
  /** Known to agree at `#agrees`, known to differ (or to have nothing) at `#differs`. */
  #agrees: Index = 0;
  #differs: Index = 0;
  #presumed: Index = 0;
  /** What is under way: how far each frame reaches, and its bytes. */
  #underWay: { readonly upto: Index; readonly bytes: number }[] = [];

  constructor(name: string, nowMs: number) {
    this.name = name;
    this.heardAtMs = nowMs;
    this.progressAtMs = nowMs;
  }

  /** It must have everything up to `index`, whatever it will say of itself: what comes behind is sent without asking. */
  presume(index: Index): void {
    this.phase = 'presumed';
    this.#presumed = index;
    this.next = index + 1;
  }

  /** It has said its state, and has everything up to `match` on disk; what is under way stays so. */
  confirm(match: Index): void {
    this.phase = 'streaming';
    this.match = match;
    this.next = Math.max(this.next, match + 1);
  }

  /** Entries sent and not known to be stored, or taken for granted. */
  get entriesUnderWay(): number {
    return this.next - 1 - (this.phase === 'presumed' ? this.#presumed : this.match);
  }

  /** Begins the search between a place where the logs agree and one where they differ or end. */
  search(agrees: Index, differs: Index): void {
    this.phase = 'probing';
    this.#agrees = agrees;
    this.#differs = differs;
  }

  /** Nothing up to `index` can be compared any more: the search goes on as if the logs agreed there. */
  cannotKnow(index: Index): void {
    this.#agrees = Math.max(this.#agrees, index);
  }

  /** The index to ask about next, or null when the last common entry is known: then it is `match`. */
  nextProbe(): Index | null {
    if (this.#agrees + 1 >= this.#differs) {
      this.stream(this.#agrees);
      return null;
    }
    return this.#agrees + Math.floor((this.#differs - this.#agrees) / 2);
  }

  /** What came back for a probe, compared with our own place at that index. */
  probed(at: Point, same: boolean): void {
    if (same) this.#agrees = Math.max(this.#agrees, at.index);
    else this.#differs = Math.min(this.#differs, at.index);
  }

  /** The logs agree up to `match`, and the follower has it on disk. */
  stream(match: Index): void {
    this.phase = 'streaming';
    this.match = match;
    this.next = match + 1;
    this.#underWay = [];
    this.bytesUnderWay = 0;
  }

  /** Entries up to `upto` are on their way to it. */
  sent(upto: Index, bytes: number): void {
    this.next = upto + 1;
    this.#underWay.push({ upto, bytes });
    this.bytesUnderWay += bytes;
  }

  /** It has stored everything up to `upto`. */
  stored(upto: Index, nowMs: number): void {
    if (upto <= this.match) return;
    this.match = upto;
    this.progressAtMs = nowMs;
    while (this.#underWay.length > 0 && this.#underWay[0]!.upto <= upto) {
      this.bytesUnderWay -= this.#underWay.shift()!.bytes;
    }
  }
}

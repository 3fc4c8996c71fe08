/**
 * The in-sync set as the primary keeps it: who must have an entry on disk before it is committed (rules 4 to 6). It
 * changes only through the manifest; while a new one is on its way to the disk, the members of both count.
 */
import type { Index } from '../../log.ts';
import type { Core } from './core.ts';
import type { Manifest, Member } from './effects.ts';
import type { FollowerProgress } from './follower-progress.ts';

const sameMembers = (a: readonly Member[], b: readonly Member[]): boolean =>
  a.length === b.length && a.every((member) => has(b, member));
const has = (set: readonly Member[], member: Member): boolean =>
  set.some((other) => other.name === member.name && other.incarnation === member.incarnation);

export class InSyncSet {
  readonly #core: Core;
  readonly #followers: ReadonlyMap<string, FollowerProgress>;
  /** The durable manifest. */
  #manifest: Manifest;
  /** The manifest on its way to the disk. Until it is there, both sets count (rule 4). */
  #writing: Manifest | null = null;

  constructor(core: Core, manifest: Manifest, followers: ReadonlyMap<string, FollowerProgress>) {
    this.#core = core;
    this.#manifest = manifest;
    this.#followers = followers;
  }

  get names(): readonly string[] {
    return this.#manifest.inSync.map((member) => member.name);
  }

  /** Whether so many are in it that anything can be committed. */
  get canCommit(): boolean {
    return this.#manifest.inSync.length >= this.#core.config.minInSync;
  }

  /** Whether a manifest is on its way to the disk. */
  get isChanging(): boolean {
    return this.#writing !== null;
  }

  includes(follower: FollowerProgress): boolean {
    return has(this.#manifest.inSync, { name: follower.name, incarnation: follower.incarnation ?? '' });
  }

  /**
   * Lets silent members go, and lets in who has caught up. One manifest is written at a time.
   * @param began where the primary's epoch begins
   */
  reconsider(began: Index): void {
    if (this.#writing !== null) return;
    const core = this.#core;
    const inSync = this.#manifest.inSync.filter((member) => member.name === core.name || this.#isHealthy(member));
    for (const follower of this.#followers.values()) {
      if (this.#mayEnter(follower, began)) inSync.push({ name: follower.name, incarnation: follower.incarnation! });
    }
    if (sameMembers(inSync, this.#manifest.inSync)) return;
    this.#writing = { ...this.#manifest, inSync };
    core.out.push({ type: 'write-manifest', manifest: this.#writing });
  }

  /** The manifest that was on its way is durable. */
  stored(): void {
    const core = this.#core;
    const before = this.#manifest;
    if (this.#writing === null) throw new Error('a manifest was stored that nobody asked for');
    this.#manifest = this.#writing;
    this.#writing = null;
    core.inSync = this.names;
    for (const member of this.#manifest.inSync) {
      if (has(before.inSync, member)) continue;
      const follower = this.#followers.get(member.name);
      if (follower !== undefined) follower.joiningSinceMs = null;
      core.trace({ what: 'resynced', peer: member.name, upto: core.window.last.index });
    }
    for (const member of before.inSync) {
      if (!has(this.#manifest.inSync, member)) core.trace({ what: 'dropped', peer: member.name });
    }
    core.out.push({ type: 'changed' });
  }

  /** Rule 4: the newest entry that every member of the maximal set has on disk; 0 when the set is too small to commit. */
  get storedByAll(): Index {
    const core = this.#core;
    const sets = this.#writing === null ? [this.#manifest] : [this.#manifest, this.#writing];
    if (sets.some((set) => set.inSync.length < core.config.minInSync)) return 0;
    let upto = core.window.durable;
    for (const set of sets) {
      for (const member of set.inSync) {
        if (member.name === core.name) continue;
        const follower = this.#followers.get(member.name);
        const isIt = follower?.phase === 'streaming' && follower.incarnation === member.incarnation;
        upto = Math.min(upto, isIt ? follower.match : 0);
      }
    }
    for (const follower of this.#followers.values()) {
      if (follower.joiningSinceMs !== null) upto = Math.min(upto, follower.match);
    }
    return upto;
  }

  #isHealthy(member: Member): boolean {
    const { now, config, window } = this.#core;
    const follower = this.#followers.get(member.name);
    if (follower === undefined) return false;
    if (follower.incarnation !== null && follower.incarnation !== member.incarnation) return false;
    if (now.monotonicMs - follower.heardAtMs > config.memberSilenceMaxMs) return false;
    const behind = follower.match < window.last.index;
    return !(behind && now.monotonicMs - follower.progressAtMs > 2 * config.memberSilenceMaxMs);
  }

  /** Rule 6: first acknowledgements wait for a joining follower; named in the manifest it is only when nothing committed is missing. */
  #mayEnter(follower: FollowerProgress, began: Index): boolean {
    const { now, config, window, committed } = this.#core;
    const nowMs = now.monotonicMs;
    if (follower.phase !== 'streaming' || this.includes(follower)) return false;
    if (follower.joiningSinceMs === null) {
      const close = follower.match >= began && window.last.index - follower.match <= config.joinMaxLagEntries;
      // One that is silent or stores nothing would only hold the acknowledgements up.
      const stores = follower.match === window.last.index || nowMs - follower.progressAtMs <= config.memberSilenceMaxMs;
      const lively = stores && nowMs - follower.heardAtMs <= config.memberSilenceMaxMs;
      if (!close || !lively || nowMs < follower.joinNotBeforeMs) return false;
      follower.joiningSinceMs = nowMs;
    }
    if (follower.match >= committed) return true;
    const late = nowMs - follower.joiningSinceMs > config.joinMaxMs;
    if (late || nowMs - follower.heardAtMs > config.memberSilenceMaxMs) {
      follower.joiningSinceMs = null;
      follower.joinNotBeforeMs = nowMs + config.joinMaxMs;
    }
    return false;
  }
}

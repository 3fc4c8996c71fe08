/**
 * The primary of an epoch: gives commands their place, sends them to its followers, and commits what every member of
 * the maximal in-sync set has on disk (rule 4).
 */
import type { Index, NewEntry } from '../../log.ts';
import type { Core, Role } from './core.ts';
import type { Manifest } from './effects.ts';
import { type Entry, entrySize, mark, type Point, sameHash, sequence } from './entry.ts';
import { FollowerProgress } from './follower-progress.ts';
import { InSyncSet } from './in-sync-set.ts';
import type { PeerMessage } from './messages.ts';

type State = Extract<PeerMessage, { type: 'state' }>;

export class Primary implements Role {
  readonly kind = 'primary';
  readonly primary: string;
  readonly #core: Core;
  readonly #followers = new Map<string, FollowerProgress>();
  readonly #inSync: InSyncSet;
  #began: Index = 0;
  #serving = false;
  #handover: { readonly to: string; readonly deadlineMs: number } | null = null;
  #beatAtMs = 0;

  constructor(core: Core, manifest: Manifest) {
    this.#core = core;
    this.#inSync = new InSyncSet(core, manifest, this.#followers);
    this.primary = core.name;
    core.epoch = manifest.epoch;
    core.cluster = manifest.cluster;
  }

  /** The log has the mark of this epoch. */
  get isSettled(): boolean {
    return this.#core.committed >= this.#began;
  }

  /**
   * Rule 9: the whole log is kept. What is new lies behind it and behind the mark, and what lies behind is never
   * committed before: so it need not wait for that to be sent and stored.
   */
  enter(): void {
    const core = this.#core;
    core.inSync = this.#inSync.names;
    const entry = mark(core.window.last, core.epoch, this.#stamp());
    this.#began = entry.index;
    core.store({ entries: [entry], epoch: core.epoch, cluster: core.cluster }, () => this.#advance());
    core.trace({ what: 'promoted', from: entry.index });
    for (const peer of core.linked.keys()) this.#greet(peer);
    this.#serving = this.#inSync.canCommit;
    this.#sayLead();
    this.#presume();
    this.dispatch();
  }

  linked(peer: string): void {
    this.#greet(peer);
    this.#core.send([peer], this.#lead());
  }

  unlinked(peer: string): void {
    this.#followers.delete(peer);
    this.#inSync.reconsider(this.#began);
    if (this.#handover?.to === peer) this.#callOff();
    this.#advance();
  }

  message(from: string, message: PeerMessage): void {
    const core = this.#core;
    if (message.type === 'lead' && message.epoch >= core.epoch) {
      core.halt({
        code: 'diverged',
        message: `${from} leads epoch ${message.epoch} while ${core.name} holds the lock for epoch ${core.epoch}: the lock is not exclusive on this file system`,
        exitCode: 70,
      });
      return;
    }
    const follower = this.#followers.get(from);
    if (follower === undefined || message.epoch !== core.epoch) return;
    follower.heardAtMs = core.now.monotonicMs;
    switch (message.type) {
      case 'state':
        this.#reconcile(follower, message);
        break;
      case 'probed':
        if (follower.phase !== 'probing') return;
        // What has been trimmed since it was asked about can no longer be compared.
        if (message.at.index >= core.window.base.index) follower.probed(message.at, this.#agreesAt(message.at));
        this.#probe(follower);
        break;
      case 'stored':
        this.#followerStored(follower, message.upto);
        break;
      case 'unusable':
        if (follower.phase !== 'installing') return;
        follower.offerAtMs = core.now.monotonicMs + core.config.snapshotRetryMs;
        core.out.push({ type: 'make-snapshot' });
        break;
      case 'forward':
        if (this.#serving && this.#handover === null) this.#sequence(message.commands);
        else core.send([from], { type: 'declined', epoch: core.epoch });
        break;
      default:
        break;
    }
  }

  tick(): void {
    const core = this.#core;
    const now = core.now.monotonicMs;
    if (now - this.#beatAtMs >= core.config.heartbeatIntervalMs) this.#sayLead();
    this.#inSync.reconsider(this.#began);
    for (const follower of this.#followers.values()) {
      if (follower.offerAtMs !== null && now >= follower.offerAtMs) this.#offer(follower);
    }
    this.#stream();
    if (this.#handover !== null && now > this.#handover.deadlineMs) this.#callOff();
    // A joining follower may just have been let go: what waited for it must not wait for the next command.
    this.#advance();
  }

  /** The time of a pause of this very process does not count as its followers' silence. */
  excuse(pausedMs: number): void {
    for (const follower of this.#followers.values()) {
      follower.heardAtMs += pausedMs;
      follower.progressAtMs += pausedMs;
    }
  }

  dispatch(): void {
    const { pending } = this.#core;
    if (this.#serving && this.#handover === null && pending.hasQueue) this.#sequence(pending.takeQueue());
  }

  stepDown(): void {
    const core = this.#core;
    const candidates = [...this.#followers.values()].filter((follower) => this.#inSync.includes(follower));
    const best = candidates.sort((a, b) => b.match - a.match)[0];
    if (best === undefined || !this.#serving || this.#handover !== null) {
      core.out.push({ type: 'stepped-down', to: null });
      return;
    }
    this.#handover = { to: best.name, deadlineMs: core.now.monotonicMs + core.config.stepDownMaxMs };
    this.#sayLead();
    this.#handOver();
  }

  manifestStored(): void {
    this.#inSync.stored();
    this.#sayLead();
    this.#inSync.reconsider(this.#began);
    this.#advance();
  }

  // What the followers are told.

  #greet(peer: string): void {
    this.#followers.set(peer, new FollowerProgress(peer, this.#core.now.monotonicMs));
  }

  #lead(): PeerMessage {
    const { epoch, cluster, committed } = this.#core;
    const serving = this.#serving && this.#handover === null;
    return { type: 'lead', epoch, cluster, began: this.#began, committed, serving, inSync: this.#inSync.names };
  }

  #sayLead(): void {
    this.#beatAtMs = this.#core.now.monotonicMs;
    this.#core.send([...this.#core.linked.keys()], this.#lead());
  }

  // Reconciliation (rule 10).

  /**
   * Members of the set have whatever is known to be committed (rule 4). What comes behind goes to them together with the
   * news of this epoch, before they say their state: a takeover is shorter by one exchange. Nothing counts as stored for
   * that; a member that has anything else says so, and is reconciled like any other.
   */
  #presume(): void {
    const { window, committed, config } = this.#core;
    if (committed < window.base.index || window.last.index - committed > config.appendFrameMaxEntries) return;
    for (const follower of this.#followers.values()) {
      if (this.#inSync.names.includes(follower.name)) follower.presume(committed);
    }
    this.#stream();
  }

  /** Whether what was sent on presumption can stand. The last place of it is asked about: it may not have been taken. */
  #confirm(follower: FollowerProgress, { last, kept }: State): boolean {
    const { window, epoch, committed, now } = this.#core;
    const agrees = this.#agreesAt(last) ? last.index : kept.index;
    if (agrees < window.base.index) return false;
    follower.confirm(agrees);
    follower.progressAtMs = now.monotonicMs;
    const { index, hash } = window.at(follower.next - 1)!;
    this.#core.send([follower.name], { type: 'append', epoch, previous: { index, hash }, entries: [], committed });
    this.#stream();
    this.#inSync.reconsider(this.#began);
    this.#advance();
    return true;
  }

  #agreesAt(theirs: Point): boolean {
    const ours = this.#core.window.at(theirs.index);
    return ours !== null && sameHash(ours.hash, theirs.hash);
  }

  #reconcile(follower: FollowerProgress, state: State): void {
    const core = this.#core;
    follower.incarnation = state.incarnation;
    follower.joiningSinceMs = null;
    follower.offerAtMs = null;
    const { base, last } = core.window;
    if (state.kept.index >= base.index && !this.#agreesAt(state.kept)) {
      const reason = `${follower.name} has committed entry ${state.kept.index}, and its hash is not that of ${core.name}: their histories differ`;
      core.send([follower.name], { type: 'refused', epoch: core.epoch, reason });
      return;
    }
    if (follower.phase === 'presumed' && this.#confirm(follower, state)) return;
    if (this.#agreesAt(state.last)) {
      follower.stream(state.last.index);
      this.#joinOrStream(follower);
      return;
    }
    // Below our base nothing can be compared: if the search ends there, the logs have no place in common any more.
    const agrees = Math.max(state.kept.index, base.index - 1);
    follower.search(agrees, state.last.index > last.index ? last.index + 1 : state.last.index);
    this.#probe(follower);
  }

  #probe(follower: FollowerProgress): void {
    follower.cannotKnow(this.#core.window.base.index - 1);
    const index = follower.nextProbe();
    if (index === null) this.#joinOrStream(follower);
    else this.#core.send([follower.name], { type: 'probe', epoch: this.#core.epoch, index });
  }

  #joinOrStream(follower: FollowerProgress): void {
    const { window, epoch, committed, now } = this.#core;
    if (follower.match < window.base.index) {
      this.#offer(follower);
      return;
    }
    follower.progressAtMs = now.monotonicMs;
    const { index, hash } = window.at(follower.match)!;
    // Says where the logs agree, even when there is nothing to send: the follower commits nothing it has not heard of.
    this.#core.send([follower.name], { type: 'append', epoch, previous: { index, hash }, entries: [], committed });
    this.#stream();
    this.#inSync.reconsider(this.#began);
    this.#advance();
  }

  /** Rule 18: what is no longer in this log, a follower gets as a snapshot. */
  #offer(follower: FollowerProgress): void {
    const { snapshot, epoch, now, config } = this.#core;
    follower.phase = 'installing';
    follower.offerAtMs = null;
    // Acknowledgements must not wait for it now, and no member of the set may lose what it has: it leaves the set first.
    follower.joiningSinceMs = null;
    if (snapshot !== null && !this.#inSync.includes(follower)) {
      this.#core.hold(snapshot.index);
      this.#core.send([follower.name], { type: 'offer', epoch, snapshot });
      return;
    }
    follower.offerAtMs = now.monotonicMs + config.snapshotRetryMs;
    if (snapshot === null) this.#core.out.push({ type: 'make-snapshot' });
  }

  // The stream of entries.

  #stamp(): number {
    return Math.max(this.#core.now.wallMs, this.#core.window.lastAt);
  }

  #sequence(commands: readonly NewEntry[]): void {
    const core = this.#core;
    const at = this.#stamp();
    const entries: Entry[] = [];
    let previous: Point = core.window.last;
    for (const command of commands) {
      const entry = sequence(previous, core.epoch, at, command);
      entries.push(entry);
      previous = entry;
    }
    const [first] = entries;
    if (first === undefined) return;
    core.store({ entries }, () => this.#advance());
    core.trace({ what: 'sequenced', from: first.index, upto: previous.index });
    this.#stream();
  }

  /** Sends what each follower may be sent. Followers at the same place get the same message, encoded once. */
  #stream(): void {
    const { window, config, epoch, committed } = this.#core;
    for (const follower of this.#followers.values()) {
      if (follower.phase === 'streaming' && follower.next - 1 < window.base.index) this.#offer(follower);
    }
    for (;;) {
      const ready = [...this.#followers.values()].filter(
        (follower) =>
          (follower.phase === 'streaming' || follower.phase === 'presumed') &&
          follower.next <= window.last.index &&
          follower.entriesUnderWay < config.peerWindowEntries &&
          follower.bytesUnderWay < config.peerBufferMaxBytes / 4,
      );
      if (ready.length === 0) return;
      const next = Math.min(...ready.map((follower) => follower.next));
      const group = ready.filter((follower) => follower.next === next);
      const { index, hash } = window.at(next - 1)!;
      const entries = window.read(next, window.last.index, config.appendFrameMaxEntries, config.appendFrameMaxBytes);
      this.#core.send(
        group.map((follower) => follower.name),
        { type: 'append', epoch, previous: { index, hash }, entries, committed },
      );
      const bytes = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
      for (const follower of group) {
        follower.sent(next + entries.length - 1, bytes);
        this.#core.trace({ what: 'sent', peer: follower.name, from: next, upto: follower.next - 1 });
      }
    }
  }

  #followerStored(follower: FollowerProgress, upto: Index): void {
    const core = this.#core;
    if (follower.phase !== 'streaming' || upto > core.window.last.index) return;
    const before = follower.match;
    follower.stored(upto, core.now.monotonicMs);
    if (follower.match === core.window.last.index) follower.progressAtMs = core.now.monotonicMs;
    if (follower.match > before) core.trace({ what: 'stored', peer: follower.name, upto });
    if (!this.#inSync.includes(follower)) this.#inSync.reconsider(this.#began);
    this.#advance();
    this.#stream();
  }

  /** Rule 4: commits what every member of the maximal set has on disk. */
  #advance(): void {
    const core = this.#core;
    const { isSettled } = this;
    const upto = this.#inSync.storedByAll;
    if (upto <= core.committed) {
      if (this.#handover !== null) this.#handOver();
      return;
    }
    core.commitTo(upto);
    core.trace({ what: 'committed', upto });
    const streaming = [...this.#followers.values()].filter((follower) => follower.phase === 'streaming');
    core.send(
      streaming.map((follower) => follower.name),
      { type: 'committed', epoch: core.epoch, upto },
    );
    if (!isSettled && this.isSettled) core.out.push({ type: 'changed' });
    if (!this.#serving && this.isSettled) {
      this.#serving = true;
      this.#sayLead();
      this.dispatch();
    }
    if (this.#handover !== null) this.#handOver();
  }

  // Handing over.

  /** Lets the lock go once nothing is under way and the successor has everything. */
  #handOver(): void {
    const core = this.#core;
    const successor = this.#followers.get(this.#handover!.to);
    const { last } = core.window;
    const settled = !this.#inSync.isChanging && core.committed === last.index && successor?.match === last.index;
    if (!settled) return;
    const { to } = this.#handover!;
    const others = [...core.linked.keys()];
    core.out.push({ type: 'release-lock' });
    core.send(others, { type: 'handover', epoch: core.epoch, to });
    core.trace({ what: 'stepped-down', peer: to });
    core.out.push({ type: 'stepped-down', to });
    core.become(core.roles.seeking(core.config.memberSilenceMaxMs));
  }

  #callOff(): void {
    this.#handover = null;
    this.#core.out.push({ type: 'stepped-down', to: null });
    this.#sayLead();
    this.dispatch();
  }
}

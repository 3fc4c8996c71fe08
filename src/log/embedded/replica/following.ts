/**
 * A backup: stores what its primary sends, says how far it is, and gives it its clients' commands. It accepts nothing
 * of a lower epoch than it has stored (rule 3), and never cuts what is committed (rule 10).
 */
import type { Index } from '../../log.ts';
import type { Core, Role } from './core.ts';
import { type Base, chainHash, type Entry, entrySize, type Point, sameHash } from './entry.ts';
import type { PeerMessage } from './messages.ts';

const samePlace = (a: Point, b: Point): boolean => a.index === b.index && sameHash(a.hash, b.hash);

type Lead = Extract<PeerMessage, { type: 'lead' }>;
type Append = Extract<PeerMessage, { type: 'append' }>;

export class Following implements Role {
  readonly kind = 'following';
  readonly primary: string;
  readonly #core: Core;
  readonly #lead: Lead;
  /** The log is the primary's up to here. */
  #verified: Index = 0;
  #primaryCommitted: Index = 0;
  #accepting = false;
  #ready = false;
  /** The snapshot that is being fetched, or installed. */
  #fetching: Base | null = null;
  /** Entries came meanwhile and were not taken: the primary had offered it for an older state of this log than it knows. */
  #hasMissed = false;
  #heardAtMs: number;
  #spokeAtMs = 0;
  #vouchedAtMs = 0;

  constructor(core: Core, primary: string, lead: Lead) {
    this.#core = core;
    this.primary = primary;
    this.#lead = lead;
    this.#heardAtMs = core.now.monotonicMs;
  }

  /** The primary's mark is known to be committed: it has begun. */
  get isSettled(): boolean {
    return this.#core.committed >= this.#lead.began;
  }

  enter(): void {
    const core = this.#core;
    const lead = this.#lead;
    if (core.cluster !== '' && core.cluster !== lead.cluster) {
      core.halt({
        code: 'other-cluster',
        message: `the log of ${core.name} belongs to cluster ${core.cluster}, and ${this.primary} leads cluster ${lead.cluster}: give each cluster a data folder of its own`,
        exitCode: 65,
      });
      return;
    }
    // The oldest place that is still known; a base tells its epoch, too.
    const oldest = core.window.at(Math.max(1, core.window.base.index));
    // A founder that died before its first entry was durable comes back empty, and nothing was ever committed.
    if (lead.began === 1 && core.committed > 0 && oldest?.epoch !== lead.epoch) {
      core.halt({
        code: 'diverged',
        message: `${this.primary} leads with an empty log, and ${core.name} has ${core.window.last.index} entries: refused, so that nothing is lost (rule 8)`,
        exitCode: 65,
      });
      return;
    }
    this.#heed(lead);
    const introduce = () => {
      this.#ready = true;
      this.#sayState();
      this.dispatch();
    };
    const waits = core.isInstalling;
    if (lead.epoch > core.epoch || core.cluster === '' || waits) {
      core.epoch = lead.epoch;
      core.cluster = lead.cluster;
      core.store({ entries: [], epoch: lead.epoch, cluster: lead.cluster }, waits ? introduce : () => {});
    }
    core.trace({ what: 'following', peer: this.primary });
    // Nothing that is stored for this primary can be durable before its epoch is: stores keep their order.
    if (!waits) introduce();
  }

  message(from: string, message: PeerMessage): void {
    if (message.type === 'lead' && message.epoch > this.#core.epoch) {
      this.#core.become(this.#core.roles.following(from, message));
      return;
    }
    if (from !== this.primary || message.epoch !== this.#core.epoch) return;
    this.#heardAtMs = this.#core.now.monotonicMs;
    switch (message.type) {
      case 'lead':
        this.#heed(message);
        this.dispatch();
        break;
      case 'append':
        this.#append(message);
        break;
      case 'committed':
        this.#primaryCommitted = Math.max(this.#primaryCommitted, message.upto);
        this.#commit();
        break;
      case 'offer':
        this.#offered(message.snapshot);
        break;
      case 'probe': {
        if (this.#fetching !== null) break;
        const at = this.#core.window.at(message.index);
        if (at === null) this.#sayState();
        else {
          this.#say({ type: 'probed', epoch: message.epoch, at: { index: at.index, hash: at.hash } });
        }
        break;
      }
      case 'declined':
        this.#accepting = false;
        this.#core.pending.requeueAll();
        break;
      case 'refused':
        this.#core.halt({ code: 'diverged', message: message.reason, exitCode: 65 });
        break;
      case 'handover': {
        const core = this.#core;
        core.trace({ what: 'released', peer: from });
        const patienceMs = message.to === core.name ? 0 : core.config.memberSilenceMaxMs / 2;
        core.become(core.roles.seeking(patienceMs));
        break;
      }
      default:
        break;
    }
  }

  linked(_peer: string): void {}

  unlinked(peer: string): void {
    if (peer !== this.primary) return;
    const silentMs = this.#core.now.monotonicMs - this.#heardAtMs;
    this.#core.trace({ what: 'primary-lost', peer, reason: 'link broken', silentMs });
    this.#core.become(this.#core.roles.seeking(0));
  }

  tick(): void {
    const core = this.#core;
    const now = core.now.monotonicMs;
    if (this.#ready && now - this.#spokeAtMs >= core.config.heartbeatIntervalMs) this.#sayStored();
    const silentMs = now - this.#heardAtMs;
    if (now - this.#vouchedAtMs >= core.config.heartbeatIntervalMs) {
      this.#vouchedAtMs = now;
      const others = [...core.linked.keys()].filter((peer) => peer !== this.primary);
      core.send(others, { type: 'vouch', epoch: core.epoch, silentMs });
    }
    if (silentMs <= core.config.primarySilenceMaxMs) return;
    const vouched = core.vouched;
    if (vouched !== null && vouched.epoch >= core.epoch && now - vouched.heardAtMs < core.config.memberSilenceMaxMs)
      return;
    core.trace({ what: 'primary-lost', peer: this.primary, reason: `silent for ${Math.round(silentMs)} ms`, silentMs });
    core.out.push({ type: 'kill-holder', name: this.primary, epoch: core.epoch });
    core.become(core.roles.seeking(0));
  }

  /**
   * The time of a pause of this very process does not count as the primary's silence. One that had been silent for too
   * long before, and was spared because others heard it, may have spoken meanwhile: that is to be read first.
   */
  excuse(pausedMs: number): void {
    const { now, config } = this.#core;
    const toReadMs = now.monotonicMs - config.primarySilenceMaxMs + config.tickIntervalMs;
    this.#heardAtMs = Math.max(this.#heardAtMs + pausedMs, toReadMs);
  }

  dispatch(): void {
    const core = this.#core;
    if (!this.#accepting || !this.#ready || !core.pending.hasQueue) return;
    const commands = core.pending.takeQueue();
    const { appendFrameMaxBytes, appendFrameMaxEntries } = core.config;
    let from = 0;
    let bytes = 0;
    for (let at = 0; at < commands.length; at++) {
      const size = commands[at]!.body.length + 64;
      if (at > from && (bytes + size > appendFrameMaxBytes || at - from >= appendFrameMaxEntries)) {
        this.#say({ type: 'forward', epoch: core.epoch, commands: commands.slice(from, at) });
        from = at;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < commands.length) this.#say({ type: 'forward', epoch: core.epoch, commands: commands.slice(from) });
    core.trace({ what: 'forwarded', peer: this.primary, count: commands.length });
  }

  stepDown(): void {
    this.#core.out.push({ type: 'stepped-down', to: this.primary });
  }

  #heed(lead: Lead): void {
    const changed = lead.inSync.join() !== this.#core.inSync.join();
    this.#core.inSync = lead.inSync;
    this.#accepting = lead.serving;
    this.#primaryCommitted = Math.max(this.#primaryCommitted, lead.committed);
    if (changed) this.#core.out.push({ type: 'changed' });
    if (this.#ready) this.#commit();
  }

  #append(message: Append): void {
    const { core, previous } = { core: this.#core, previous: message.previous };
    if (!this.#ready) return;
    if (this.#fetching !== null) {
      this.#hasMissed = true;
      return;
    }
    const here = core.window.at(previous.index);
    if (here === null || !sameHash(here.hash, previous.hash)) {
      this.#sayState();
      return;
    }
    const fresh = this.#newEntries(message.entries);
    if (fresh === null) return;
    this.#primaryCommitted = Math.max(this.#primaryCommitted, message.committed);
    const upto = Math.max(previous.index, message.entries.at(-1)?.index ?? 0);
    const [first] = fresh;
    if (first === undefined) {
      this.#verified = Math.max(this.#verified, upto);
      this.#sayStored();
      this.#commit();
      return;
    }
    const cut = first.index - 1;
    const truncates = core.window.last.index > cut;
    if (truncates) {
      if (cut < core.committed) {
        core.halt({
          code: 'diverged',
          message: `${this.primary} would cut the log of ${core.name} after ${cut}, and it is committed up to ${core.committed} (rule 10)`,
          exitCode: 65,
        });
        return;
      }
      core.trace({ what: 'truncated', upto: cut });
    }
    core.trace({ what: 'received', peer: this.primary, from: first.index, upto });
    this.#verified = Math.max(Math.min(this.#verified, cut), upto);
    core.store({ entries: fresh, ...(truncates ? { truncateAfter: cut } : {}) }, () => {
      this.#sayStored();
      this.#commit();
    });
  }

  // Snapshots (rule 18).

  #offered(snapshot: Base): void {
    if (!this.#ready || this.#fetching !== null || this.#hasAlready(snapshot)) return;
    this.#fetching = snapshot;
    this.#core.out.push({ type: 'fetch-snapshot', from: this.primary, snapshot });
  }

  /** What is on this disk already is never thrown away for a snapshot of it: others may count on what comes behind. */
  #hasAlready(snapshot: Base): boolean {
    const { window, committed } = this.#core;
    const here = window.at(snapshot.index);
    const same = here !== null && sameHash(here.hash, snapshot.hash);
    if (!same && snapshot.index > committed) return false;
    if (same) this.#core.commitTo(Math.min(snapshot.index, window.durable));
    this.#sayState();
    return true;
  }

  /** The snapshot of `asked` is on this disk, and `found` is the place that is written in it. */
  fetched(asked: Point, found: Point): void {
    const core = this.#core;
    const snapshot = this.#fetching;
    // What comes of a fetch that an earlier role asked for is no answer to this one.
    if (snapshot === null || !samePlace(asked, snapshot)) return;
    if (found.index !== snapshot.index || !sameHash(found.hash, snapshot.hash)) {
      this.notFetched(asked, `it is of entry ${found.index}, or of another history`);
      return;
    }
    core.trace({ what: 'installed', peer: this.primary, upto: snapshot.index });
    this.#verified = 0;
    core.store({ replaceWith: snapshot, entries: [] }, () => {
      this.#fetching = null;
      this.#hasMissed = false;
      this.#sayState();
    });
  }

  notFetched(asked: Point, reason: string): void {
    const snapshot = this.#fetching;
    if (snapshot === null || !samePlace(asked, snapshot)) return;
    this.#fetching = null;
    this.#say({ type: 'unusable', epoch: this.#core.epoch, index: snapshot.index, reason });
    if (this.#hasMissed) this.#sayState();
    this.#hasMissed = false;
  }

  /** What of these entries is not in the log yet; null (and a halt) when their chain does not hold. */
  #newEntries(entries: readonly Entry[]): readonly Entry[] | null {
    const core = this.#core;
    let at = 0;
    for (; at < entries.length; at++) {
      const entry = entries[at]!;
      if (entry.index > core.window.last.index) break;
      const own = core.window.at(entry.index);
      if (own === null || !sameHash(own.hash, entry.hash)) break;
    }
    const fresh = entries.slice(at);
    const [first] = fresh;
    if (first === undefined) return fresh;
    let previous = core.window.at(first.index - 1);
    for (const entry of fresh) {
      const follows = previous !== null && entry.index === previous.index + 1;
      if (!follows || !sameHash(chainHash(previous!.hash, entry), entry.hash)) {
        core.halt({
          code: 'log-damaged',
          message: `entry ${entry.index} (${entrySize(entry)} bytes) from ${this.primary} does not fit the chain of hashes`,
          exitCode: 65,
        });
        return null;
      }
      previous = entry;
    }
    return fresh;
  }

  /** How far this log is known to be the primary's, on disk. */
  get #verifiedOnDisk(): Index {
    return Math.min(this.#verified, this.#core.window.durable);
  }

  #commit(): void {
    const { isSettled } = this;
    this.#core.commitTo(Math.min(this.#primaryCommitted, this.#verifiedOnDisk));
    if (!isSettled && this.isSettled) this.#core.out.push({ type: 'changed' });
  }

  #say(message: PeerMessage): void {
    this.#spokeAtMs = this.#core.now.monotonicMs;
    this.#core.send([this.primary], message);
  }

  #sayStored(): void {
    this.#say({ type: 'stored', epoch: this.#core.epoch, upto: this.#verifiedOnDisk });
  }

  /** Only what is on disk is told: the primary takes it as stored. */
  #sayState(): void {
    const core = this.#core;
    const { index, hash } = core.window.at(core.window.durable)!;
    const kept = core.window.at(core.committed)!;
    this.#say({
      type: 'state',
      epoch: core.epoch,
      incarnation: core.incarnation,
      last: { index, hash },
      kept: { index: kept.index, hash: kept.hash },
    });
  }
}

/**
 * The shell around a replica's logic. It gives the logic what happens (commands, frames, time, the disk's answers) and
 * does what the logic says, in order; it decides nothing about the log itself.
 *
 * Inputs of one turn of the event loop are taken together: their frames leave before the disk is waited for, and all
 * they store is one transaction (group commit).
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../protocol/index.ts';
import type { EngineFault, NewEntry, Trace } from '../log.ts';
import { wallMs } from '../wall-clock.ts';
import { completeFromAny } from './complete-log.ts';
import { hostConfig } from './host-config.ts';
import { HostLock } from './host-lock.ts';
import type { EmbeddedOptions, HostEvents } from './host-options.ts';
import { HostSnapshots } from './host-snapshots.ts';
import { condemn, isDamage, type LogDisk, openLogDisk } from './log-disk.ts';
import { type Hello, Mesh } from './mesh.ts';
import { processIdentity } from './process-identity.ts';
import type { Boot, ReplicaConfig } from './replica/core.ts';
import type { Input, Output, StoreOperation } from './replica/effects.ts';
import { type Base, entrySize } from './replica/entry.ts';
import { LogWindow } from './replica/log-window.ts';
import { Replica, type ReplicaStatus } from './replica/replica.ts';
import { SlowDisk } from './slow-disk.ts';
import type { Snapshotter } from './snapshotter.ts';

/** At the very first start, each server leaves the lock this long to the one before it. */
const foundingPatienceMs = 400;

export class ReplicaHost {
  readonly name: string;
  readonly incarnation: string;
  readonly window: LogWindow;
  readonly mesh: Mesh;
  /** Who has a link to this replica. */
  readonly peers = new Map<string, Hello>();
  readonly slowDisk = new SlowDisk((count) => this.input({ type: 'stored', count }));
  readonly #options: EmbeddedOptions;
  readonly #events: HostEvents;
  readonly #disk: LogDisk;
  readonly #lock: HostLock;
  readonly #snapshots: HostSnapshots;
  readonly #replica: Replica;
  #inputs: Input[] = [];
  #commands: NewEntry[] = [];
  #scheduled = false;
  #ticker: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: EmbeddedOptions, events: HostEvents) {
    const { name, data, minInSync = 1, unsafePromote = false, logger } = options;
    this.name = name;
    this.#options = options;
    this.#events = events;
    const folder = join(data, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { disk, damage } = openLogDisk(folder);
    if (damage !== null) logger?.warn(`the log was damaged, and starts over: ${damage}`);
    this.#disk = disk;
    const { state } = disk;
    this.incarnation = state.incarnation;
    const { pid } = process;
    const self: Hello = { protocol: 1, name, incarnation: state.incarnation, pid, identity: processIdentity(pid) };
    this.#lock = new HostLock(data, self);
    this.window = new LogWindow(
      disk,
      { maxEntries: limits.entryCacheMax, maxBytes: limits.entryCacheMaxBytes },
      disk.ends,
    );
    this.#snapshots = new HostSnapshots(options, {
      placeAt: (index) => this.window.at(index),
      made: (snapshot) => {
        this.#trace({ what: 'snapshotted', upto: snapshot.index });
        this.input({ type: 'snapshot-stored', snapshot });
      },
    });
    const snapshot = this.snapshotter.store.current;
    const boot = { name, ...state, newCluster: randomUUID(), snapshot, patienceMs: this.#patienceMs() };
    const config = hostConfig({ minInSync, unsafePromote }, disk, this.snapshotter);
    this.#replica = this.#newReplica(boot, config);
    this.mesh = new Mesh(data, self, {
      linked: (hello) => {
        this.peers.set(hello.name, hello);
        this.input({ type: 'linked', peer: hello.name, incarnation: hello.incarnation });
        this.#linksChanged();
      },
      unlinked: (peer) => {
        this.peers.delete(peer);
        this.input({ type: 'unlinked', peer });
        this.#linksChanged();
      },
      message: (from, message) => this.input({ type: 'message', from, message }),
      cast: events.cast,
      status: events.status,
      broken: (peer, error) => logger?.warn(`the link to ${peer} was cut: ${error}`),
    });
  }

  /** A replica looks at its log as it begins. What it then finds damaged is put aside at the next start (rule 15). */
  #newReplica(boot: Boot, config: ReplicaConfig): Replica {
    try {
      return new Replica(boot, this.window, config, this.#now());
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#disk.close();
      const { code, message, exitCode } = this.#condemn(error);
      throw Object.assign(new Error(message, { cause: error }), { code, exitCode });
    }
  }

  #condemn(error: unknown): EngineFault {
    const reason = error instanceof Error ? error.message : String(error);
    condemn(join(this.#options.data, this.name), reason);
    const message = `the log of ${this.name} is damaged: ${reason}. At the next start it is put aside, and what the others have is copied`;
    return { code: 'log-damaged', message, exitCode: 74 };
  }

  get status(): ReplicaStatus {
    return this.#replica.status;
  }

  get snapshotter(): Snapshotter {
    return this.#snapshots.snapshotter;
  }

  /** Joins the others. */
  async start(): Promise<void> {
    await this.mesh.start();
    this.#ticker = setInterval(() => this.input({ type: 'tick' }), limits.tickIntervalMs);
    this.input({ type: 'tick' });
  }

  /** Gives commands to the replica, with whatever else this turn of the event loop brings. */
  append(command: NewEntry): void {
    this.#commands.push(command);
    this.#schedule();
  }

  /** Something happened; it is taken at the end of this turn of the event loop. */
  input(input: Input): void {
    if (this.#stopped) return;
    this.#inputs.push(input);
    this.#schedule();
  }

  /** Lets the lock go and ends all links. */
  async close(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.slowDisk.end();
    this.#lock.release();
    await Promise.all([this.mesh.close(), this.snapshotter.stop()]);
    this.#disk.close();
  }

  /** s1 before s2 before s3, so that the first server of a new cluster, or of one that starts again, is its primary. */
  #patienceMs(): number {
    const number = Number(/\d+$/.exec(this.name)?.[0] ?? 1);
    return Math.min(Math.max(number, 1) - 1, limits.replicasMax) * foundingPatienceMs;
  }

  #now() {
    return { monotonicMs: performance.now(), wallMs: Date.now() };
  }

  /** First the replica itself: it may have lost its primary. */
  #linksChanged(): void {
    setImmediate(() => this.#events.changed());
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#scheduled = false;
    while (!this.#stopped && (this.#inputs.length > 0 || this.#commands.length > 0)) {
      const inputs = this.#inputs;
      this.#inputs = [];
      if (this.#commands.length > 0) {
        inputs.push({ type: 'append', commands: this.#commands });
        this.#commands = [];
      }
      const stores: StoreOperation[] = [];
      try {
        for (const input of inputs) {
          for (const output of this.#replica.step(input, this.#now())) this.#perform(output, stores);
        }
      } catch (error) {
        if (!this.damaged(error)) throw error;
        continue;
      }
      this.#store(stores);
    }
  }

  /** Puts what this turn stores on disk, after what it sends is on the wire: backups store while this disk does. */
  #store(operations: readonly StoreOperation[]): void {
    if (operations.length === 0 || this.#stopped) return;
    this.mesh.flush();
    try {
      this.#disk.store(operations, this.#replica.status.committed);
      for (const { entries } of operations) {
        this.snapshotter.grew(entries.reduce((sum, entry) => sum + entrySize(entry), 0));
      }
      const { length: count } = operations;
      if (!this.slowDisk.takes(count)) this.#inputs.push({ type: 'stored', count });
    } catch (error) {
      this.#diskFailed('its log', error);
    }
  }

  /**
   * Rule 15: something read from the log is not what was written there. This replica stops, and its log is put aside at
   * the next start. False, and nothing happens, when `error` is about something else.
   */
  damaged(error: unknown): boolean {
    if (!isDamage(error)) return false;
    this.input({ type: 'failed', fault: this.#condemn(error) });
    return true;
  }

  /** Rule 16: what could not be written is not acknowledged and not tried again in place. */
  #diskFailed(what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${this.name} could not write ${what}: ${reason}. Nothing unwritten was acknowledged; mend or free the disk, then start it again`;
    this.#inputs.push({ type: 'failed', fault: { code: 'disk-failed', message, exitCode: 74 } });
    this.#schedule();
  }

  #perform(output: Output, stores: StoreOperation[]): void {
    switch (output.type) {
      case 'send':
        this.mesh.send(output.to, output.message);
        break;
      case 'store':
        stores.push(output.operation);
        break;
      case 'commit':
        this.#events.committed(output.upto);
        break;
      case 'try-lock':
        this.#tryLock();
        break;
      case 'release-lock':
        this.#lock.release();
        break;
      case 'write-manifest':
        this.mesh.flush();
        try {
          this.#lock.write(output.manifest);
          this.#inputs.push({ type: 'manifest-stored' });
        } catch (error) {
          this.#diskFailed('lock.db', error);
        }
        break;
      case 'complete-from':
        void this.#completeFrom(output);
        break;
      case 'fetch-snapshot':
        void this.#fetchSnapshot(output.from, output.snapshot);
        break;
      case 'make-snapshot':
        this.snapshotter.make();
        break;
      case 'installed':
        this.#events.installed(output.base);
        break;
      case 'kill-holder':
        this.#killHolder(output.name);
        break;
      case 'give-up':
        this.#events.gaveUp(output.ids, output.code);
        break;
      case 'stepped-down':
        this.#events.steppedDown(output.to);
        break;
      case 'wake':
        setTimeout(() => this.input({ type: 'tick' }), output.inMs);
        break;
      case 'changed':
        this.#events.changed();
        break;
      case 'trace':
        this.#events.trace({ at: wallMs(), server: this.name, ...output.trace });
        break;
      case 'halt':
        this.#events.halted(output.fault);
        break;
    }
  }

  #tryLock(): void {
    try {
      const answer = this.#lock.try();
      if (answer !== null) this.#inputs.push(answer);
    } catch (error) {
      this.#diskFailed('lock.db', error);
    }
  }

  async #completeFrom(output: Extract<Output, { type: 'complete-from' }>): Promise<void> {
    try {
      // What was written before has been said to be before the log is another.
      await this.slowDisk.idle();
      if (this.#stopped) return;
      const input = await completeFromAny(this.#disk, this.#options.data, output, this.snapshotter);
      this.input(input);
    } catch (error) {
      this.#diskFailed('its log', error);
    }
  }

  async #fetchSnapshot(from: string, place: Base): Promise<void> {
    this.input(await this.#snapshots.fetch(from, place));
  }

  #killHolder(name: string | null): void {
    const pid = this.#lock.killHolder(name, this.peers);
    if (pid === null) return;
    const who = name ?? 'the lock’s holder';
    this.#options.logger?.warn(`${who}, process ${pid}, gave no sign of life and was killed`);
    this.#trace({ what: 'primary-killed', ...(name === null ? {} : { peer: name }) });
  }

  #trace(trace: Omit<Trace, 'at' | 'server' | 'epoch'>): void {
    const { epoch } = this.#replica.status;
    this.#events.trace({ at: wallMs(), server: this.name, epoch, ...trace });
  }
}

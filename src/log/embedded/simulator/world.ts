/**
 * A cluster in virtual time: replicas with the production logic on virtual disks, a virtual network that delays and
 * breaks, one virtual lock. Whatever a replica asks for happens later, or its process dies first.
 */
import { limits } from '../../../protocol/index.ts';
import type { NewEntry } from '../../log.ts';
import type { Input, Manifest, Output } from '../replica/effects.ts';
import { LogWindow } from '../replica/log-window.ts';
import { Replica } from '../replica/replica.ts';
import { Agenda } from './agenda.ts';
import { Checker, Violation } from './checker.ts';
import { Node, type Process } from './node.ts';
import type { Random } from './random.ts';
import { VirtualDisk } from './virtual-disk.ts';
import { VirtualLock } from './virtual-lock.ts';
import { VirtualNetwork } from './virtual-network.ts';

/** How fast and how large this world is. Times in virtual ms. */
export interface WorldShape {
  readonly members: number;
  readonly minInSync: number;
  readonly diskMs: number;
  readonly networkMs: number;
  /** Probability that a process dies between two things it does. */
  readonly crashChance: number;
}

/** A process that went on this recently may still be behind with what it was sent. */
const wakingMs = 500;

export class World {
  readonly agenda = new Agenda();
  readonly checker = new Checker();
  readonly nodes: readonly Node[];
  readonly random: Random;
  readonly shape: WorldShape;
  readonly #network: VirtualNetwork<Process>;
  readonly lock: VirtualLock<Process>;
  steps = 0;
  takeovers = 0;
  faults = 0;
  /** A digest of everything that happened: the same seed must give the same. */
  trace = 0;
  crashChance: number;

  constructor(shape: WorldShape, random: Random) {
    this.shape = shape;
    this.random = random;
    this.crashChance = shape.crashChance;
    this.lock = new VirtualLock(this.checker, this.diskOf);
    this.#network = new VirtualNetwork(this.agenda, random, shape.networkMs, (node, process, input) =>
      this.#input(node as Node, process, input),
    );
    this.nodes = Array.from({ length: shape.members }, (_, at) => new Node(`s${at + 1}`));
    for (const node of this.nodes) this.agenda.after(random.delay(5), () => this.start(node));
  }

  diskOf = (name: string): VirtualDisk | undefined => this.nodes.find((node) => node.name === name)?.disk;

  start(node: Node): void {
    if (node.process !== null) return;
    const { disk } = node;
    node.clockErrorMs = this.random.between(-3_000, 3_000);
    const window = new LogWindow(disk, { maxEntries: 8, maxBytes: 1 << 14 }, disk.last);
    const boot = {
      name: node.name,
      cluster: disk.cluster,
      newCluster: `cluster-of-${node.name}-${node.lives}`,
      incarnation: disk.incarnation,
      epoch: disk.epoch,
      committed: disk.committed,
      patienceMs: this.random.between(0, 200),
    };
    const config = {
      ...limits,
      minInSync: this.shape.minInSync,
      unsafePromote: false,
      appendFrameMaxEntries: 5,
      peerWindowEntries: 20,
      peerBufferMaxBytes: 12_000,
      joinMaxLagEntries: 12,
      appendDeadlineMs: 6_000,
    };
    const replica = new Replica(boot, window, config, this.#now(node));
    const waiting = new Set<string>();
    node.lives++;
    node.process = {
      replica,
      window,
      waiting,
      givenOut: disk.committed,
      paused: false,
      resumedAtMs: 0,
      backlog: [],
      diskFreeAtMs: 0,
    };
    this.#tick(node, node.process);
    for (const other of this.nodes) if (other !== node) this.#network.connect(node, other);
  }

  /** SIGKILL, or a loss of power for this one machine. */
  crash(node: Node): void {
    const { process } = node;
    if (process === null) return;
    this.faults++;
    node.process = null;
    node.disk.crash(this.random.between(0, node.disk.underWay));
    this.lock.look();
    for (const other of this.nodes) if (other !== node) this.#network.disconnect(node, other, this.random.delay(2));
    this.agenda.after(this.random.between(1, 15), () => {
      this.lock.free(process);
    });
    this.agenda.after(this.random.delay(300), () => this.start(node));
  }

  /** The disk is replaced by an empty one. Only where the promise allows it: another member's disk must survive. */
  wipe(node: Node): boolean {
    const inSync = this.lock.manifest?.inSync ?? [];
    const survivors = inSync.filter(
      ({ name, incarnation }) => name !== node.name && this.diskOf(name)?.incarnation === incarnation,
    );
    if (survivors.length === 0) return false;
    this.crash(node);
    node.disk = new VirtualDisk(`${node.name}-log-${node.lives}`);
    return true;
  }

  pause(node: Node, forMs: number): void {
    const { process } = node;
    if (process === null || process.paused) return;
    this.faults++;
    process.paused = true;
    this.agenda.after(forMs, () => this.resume(node, process));
  }

  resume(node: Node, process: Process): void {
    if (!process.paused) return;
    process.paused = false;
    process.resumedAtMs = this.agenda.nowMs;
    const backlog = process.backlog;
    process.backlog = [];
    // Timers that are due may fire before what waits in the sockets is read.
    if (this.random.chance(0.5)) backlog.unshift({ type: 'tick' });
    for (const input of backlog) this.#input(node, process, input);
  }

  cut(a: Node, b: Node, forMs: number): void {
    if (this.#network.cut(a, b, forMs)) this.faults++;
  }

  append(node: Node, commands: readonly NewEntry[]): void {
    const { process } = node;
    if (process === null) return;
    for (const command of commands) process.waiting.add(command.id);
    this.#input(node, process, { type: 'append', commands });
  }

  stepDown(node: Node): void {
    if (node.process !== null) this.#input(node, node.process, { type: 'step-down' });
  }

  /** Everybody is up, in the set, and has the same committed log. */
  get converged(): boolean {
    const inSync = this.lock.manifest?.inSync ?? [];
    return (
      this.nodes.every(({ name, disk, process }) => {
        const named = inSync.some((member) => member.name === name && member.incarnation === disk.incarnation);
        return process !== null && !process.paused && named && process.givenOut === this.checker.committed;
      }) && this.nodes.every(({ disk }) => disk.entries.length === this.checker.committed)
    );
  }

  /** Every machine's clock is wrong in its own way. */
  #now({ clockErrorMs }: Node) {
    return { monotonicMs: this.agenda.nowMs, wallMs: 1_700_000_000_000 + Math.floor(this.agenda.nowMs) + clockErrorMs };
  }

  #tick(node: Node, process: Process): void {
    this.agenda.after(limits.tickIntervalMs * (0.5 + this.random.fraction()), () => {
      if (node.process !== process) return;
      if (!process.paused) this.#input(node, process, { type: 'tick' });
      this.#tick(node, process);
    });
  }

  #input(node: Node, process: Process, input: Input): void {
    if (node.process !== process) return;
    if (process.paused) {
      process.backlog.push(input);
      return;
    }
    this.steps++;
    this.#digest(`${node.name} ${input.type}`);
    const outputs = process.replica.step(input, this.#now(node));
    for (const output of outputs) {
      if (this.random.chance(this.crashChance)) {
        this.crash(node);
        return;
      }
      this.#perform(node, process, output);
      if (node.process !== process) return;
    }
    const { role, epoch } = process.replica.status;
    if (role === 'primary') this.checker.leads(node.name, epoch, this.lock.holder === process, this.lock.manifest);
  }

  #perform(node: Node, process: Process, output: Output): void {
    switch (output.type) {
      case 'send':
        for (const to of output.to) this.#network.send(node, to, output.message);
        break;
      case 'store': {
        node.disk.begin(output.operation, process.replica.status.committed);
        process.diskFreeAtMs = Math.max(process.diskFreeAtMs, this.agenda.nowMs) + this.random.delay(this.shape.diskMs);
        this.agenda.after(process.diskFreeAtMs - this.agenda.nowMs, () => {
          if (node.process !== process) return;
          node.disk.finish();
          this.lock.look();
          this.#input(node, process, { type: 'stored', count: 1 });
        });
        break;
      }
      case 'commit':
        this.#commit(node, process, output.upto);
        break;
      case 'try-lock':
        this.agenda.after(this.random.delay(0.2), () => this.#tryLock(node, process));
        break;
      case 'release-lock':
        this.lock.free(process);
        break;
      case 'write-manifest':
        this.#writeManifest(node, process, output.manifest);
        break;
      case 'complete-from':
        this.agenda.after(this.random.delay(5), () => this.#complete(node, process, output));
        break;
      case 'kill-holder':
        this.#killHolder(node);
        break;
      case 'give-up':
        for (const id of output.ids) process.waiting.delete(id);
        break;
      case 'wake':
        this.agenda.after(output.inMs, () => this.#input(node, process, { type: 'tick' }));
        break;
      case 'trace':
        if (output.trace.what === 'promoted') this.takeovers++;
        break;
      case 'halt':
        throw new Violation('halt', `${node.name} halted: ${output.fault.message}`);
      case 'changed':
      case 'stepped-down':
        break;
    }
  }

  #commit(node: Node, process: Process, upto: number): void {
    while (process.givenOut < upto) {
      const entries = process.window.read(process.givenOut + 1, upto, 16, 1 << 20);
      if (entries.length === 0)
        throw new Violation('R11', `${node.name} committed ${upto} and cannot read ${process.givenOut + 1}`);
      for (const entry of entries) {
        this.checker.gaveOut(node.name, process.givenOut + 1, entry);
        process.givenOut = entry.index;
        if (process.waiting.delete(entry.id)) this.checker.answered(node.name, entry);
      }
    }
    this.#digest(`commit ${upto}`);
    this.lock.look();
  }

  // The lock.

  #tryLock(node: Node, process: Process): void {
    if (node.process !== process) return;
    if (!this.lock.take(process)) {
      this.#input(node, process, { type: 'lock-busy' });
      return;
    }
    const { manifest } = this.lock;
    const fresh = manifest === null && this.nodes.every((other) => other === node || other.disk.cluster === '');
    this.#input(node, process, { type: 'lock-gained', manifest, fresh });
  }

  #writeManifest(node: Node, process: Process, manifest: Manifest): void {
    this.lock.mayWrite(node.name, process);
    const early = this.random.chance(0.5);
    if (early) this.lock.write(node.name, manifest);
    this.agenda.after(this.random.delay(this.shape.diskMs), () => {
      // A process that dies while it writes leaves the old manifest or the new one: `early` decided which.
      if (node.process !== process) return;
      if (!early) this.lock.write(node.name, manifest);
      this.#input(node, process, { type: 'manifest-stored' });
    });
  }

  #complete(node: Node, process: Process, output: Extract<Output, { type: 'complete-from' }>): void {
    if (node.process !== process) return;
    for (const { name, incarnation } of output.members) {
      const disk = this.diskOf(name);
      if (disk === undefined || disk.incarnation !== incarnation) continue;
      const result = node.disk.completeFrom(disk, output.cluster, output.committed);
      if (typeof result === 'number') {
        this.#input(node, process, { type: 'completed', member: name, epoch: result, last: node.disk.last });
        return;
      }
    }
    this.#input(node, process, {
      type: 'not-completed',
      member: '',
      last: node.disk.last,
      reason: 'no member’s log is here',
    });
  }

  #killHolder(killer: Node): void {
    const { holder } = this.lock;
    const node = this.nodes.find(({ process }) => process !== null && process === holder);
    if (node === undefined || holder === null) return;
    const awake = !holder.paused && this.agenda.nowMs - holder.resumedAtMs > wakingMs;
    if (awake && this.#network.wereTogether(killer, node, 2 * limits.primarySilenceMaxMs)) {
      throw new Violation('kill', `${killer.name} kills ${node.name}, which was neither paused nor cut off`);
    }
    // The signal may come late, when its target has long gone on.
    this.agenda.after(this.random.delay(1), () => {
      if (node.process === holder) this.crash(node);
    });
  }

  #digest(what: string): void {
    let hash = this.trace;
    for (let at = 0; at < what.length; at++) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193) >>> 0;
    this.trace = Math.imul(hash ^ Math.floor(this.agenda.nowMs * 1_000), 0x01000193) >>> 0;
  }
}

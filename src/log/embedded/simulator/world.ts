/**
 * A cluster in virtual time: machines with virtual disks, a virtual network that delays and breaks, one virtual lock, and
 * processes that come and go on them. What a process does is in `virtual-host.ts`, what goes wrong in `faults.ts`.
 */
import { limits } from '../../../protocol/index.ts';
import type { EngineFault, Trace } from '../../log.ts';
import type { Boot } from '../replica/core.ts';
import type { Now, Output } from '../replica/effects.ts';
import { LogWindow } from '../replica/log-window.ts';
import { Replica } from '../replica/replica.ts';
import { Agenda } from './agenda.ts';
import { Checker } from './checker.ts';
import { Liveness } from './liveness.ts';
import { Node, type Process } from './node.ts';
import { type ProcessId, ProcessTable } from './process-table.ts';
import { Random } from './random.ts';
import { nodeNames, type Scenario } from './scenario.ts';
import type { Surroundings } from './surroundings.ts';
import { Violation } from './violation.ts';
import { Rot, VirtualDisk } from './virtual-disk.ts';
import { VirtualHost } from './virtual-host.ts';
import { VirtualLock } from './virtual-lock.ts';
import { VirtualNetwork } from './virtual-network.ts';
import { checkedAtOpen } from './writing.ts';

/** A process that went on this recently may still be behind with what it was sent. */
const wakingMs = 500;
/** Small, for the edges of every queue and window to be met all the time. */
const smallLimits = {
  trimSliceEntries: 7,
  trimHoldMs: 500,
  appendFrameMaxEntries: 5,
  peerWindowEntries: 20,
  peerBufferMaxBytes: 12_000,
  joinMaxLagEntries: 12,
  appendDeadlineMs: 6_000,
} as const;

export class World implements Surroundings {
  readonly scenario: Scenario;
  readonly config;
  readonly agenda = new Agenda();
  readonly checker = new Checker();
  readonly liveness = new Liveness(() => this.#running >= this.scenario.minInSync && !this.#everythingFrozen);
  readonly nodes: readonly Node[];
  readonly random: Random;
  readonly lock: VirtualLock<Process>;
  readonly network: VirtualNetwork<Process>;
  readonly #others = new Map<Node, readonly Node[]>();
  readonly #processes: ProcessTable<Process>;
  readonly #tell: ((line: string) => void) | null;
  steps = 0;
  takeovers = 0;
  /** A digest of everything that happened: the same scenario must give the same. */
  trace = 0;

  /** @param tell is told everything that happens, a line each */
  constructor(scenario: Scenario, tell: ((line: string) => void) | null) {
    const { seed, members, minInSync, networkMs, logKeepEntries } = scenario;
    this.scenario = scenario;
    this.#tell = tell;
    this.config = { ...limits, ...smallLimits, minInSync, logKeepEntries, unsafePromote: false };
    this.random = new Random(seed, 'world');
    this.lock = new VirtualLock(this.checker, this.diskOf);
    this.#processes = new ProcessTable(members + 1);
    this.nodes = nodeNames(members).map((name) => new Node(name));
    for (const node of this.nodes)
      this.#others.set(
        node,
        this.nodes.filter((other) => other !== node),
      );
    const shape = { latencyMs: networkMs, bufferMaxBytes: smallLimits.peerBufferMaxBytes };
    this.network = new VirtualNetwork(this.agenda, new Random(seed, 'network'), shape, {
      deliver: (_host, process, input) => process.input(input),
      introduce: (process, peer, other) => process.peers.set(peer, other.id),
    });
    for (const node of this.nodes) this.agenda.after(this.random.delay(5), () => this.start(node));
  }

  node(name: string): Node | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  diskOf = (name: string): VirtualDisk | undefined => this.node(name)?.disk;

  /** A machine's time. Every clock is wrong in its own way. */
  now({ clockErrorMs }: Node): Now {
    const { nowMs } = this.agenda;
    return { monotonicMs: nowMs, wallMs: 1_700_000_000_000 + Math.floor(nowMs) + clockErrorMs };
  }

  /** Starts a process where there is none. A log that is found to be damaged is put aside for an empty one (rule 8). */
  start(node: Node): void {
    if (node.process !== null) return;
    this.liveness.shock(this.agenda.nowMs);
    const damage = node.disk.damage(checkedAtOpen);
    if (damage !== null) this.replaceDisk(node, damage);
    const { disk, name } = node;
    node.clockErrorMs = this.random.between(-3_000, 3_000);
    const window = new LogWindow(disk, { maxEntries: 8, maxBytes: 1 << 14 }, disk.ends);
    const boot = {
      name,
      cluster: disk.cluster,
      newCluster: `cluster-of-${name}-${node.lives}`,
      incarnation: disk.incarnation,
      epoch: disk.epoch,
      committed: disk.committed,
      snapshot: disk.snapshot,
      patienceMs: this.random.between(0, 200),
    };
    node.lives++;
    const replica = this.#newReplica(node, boot, window);
    if (replica === null) return;
    node.process = new VirtualHost(this, node, this.#processes.next(), replica, window);
    this.#processes.begin(node.process);
    this.happened(name, 'starts');
    for (const other of this.#others.get(node)!) this.network.connect(node, other);
  }

  /** Rot that is met as a replica looks at its log is damage, too: it starts again, without that log. */
  #newReplica(node: Node, boot: Boot, window: LogWindow): Replica | null {
    try {
      return new Replica(boot, window, this.config, this.now(node));
    } catch (error) {
      if (!(error instanceof Rot)) throw error;
      if (this.othersSurvive(node)) this.replaceDisk(node, error.message);
      else node.disk.mend();
      this.start(node);
      return null;
    }
  }

  /** The process of a node ends: SIGKILL, a loss of power for this one machine, or its own doing. It starts again later. */
  crash(node: Node, downMs: number): void {
    const { process } = node;
    node.crash = null;
    if (process === null) return;
    this.happened(node.name, 'ends');
    this.liveness.shock(this.agenda.nowMs);
    node.process = null;
    this.#processes.end(process);
    node.disk.crash(this.random.between(0, node.disk.underWay));
    this.lock.look();
    this.network.gone(node, this.#others.get(node)!);
    this.agenda.after(this.random.between(1, 15), () => this.lock.free(process));
    this.agenda.after(downMs, () => this.start(node));
  }

  /** A replica stops by itself. It may when its disk failed; and when it met rot, which somebody then clears away. */
  halted(node: Node, fault: EngineFault): void {
    const rotten = this.nodes.filter(({ disk }) => disk.isRotten);
    const met = fault.code === 'log-damaged' || fault.code === 'diverged';
    if (fault.code !== 'disk-failed' && !(met && rotten.length > 0))
      throw new Violation('halt', `${node.name} halted: ${fault.message}`);
    this.happened(node.name, `halts: ${fault.code}`);
    this.crash(node, this.random.delay(300));
    if (fault.code === 'disk-failed') return;
    for (const bad of rotten) {
      this.crash(bad, this.random.delay(300));
      if (this.othersSurvive(bad)) this.replaceDisk(bad, 'rot that another replica has met');
      else bad.disk.mend();
    }
  }

  /** Whether the promise allows this node's log to be lost: another member of the set has a good one. */
  othersSurvive(node: Node): boolean {
    const good = this.lock.membersDisks().filter((disk) => disk !== node.disk && !disk.isRotten);
    return good.length > 0;
  }

  /** The log of a node that is down is gone; an empty one of a new incarnation takes its place. */
  replaceDisk(node: Node, why: string): void {
    this.happened(node.name, `log starts over: ${why}`);
    node.disk = new VirtualDisk(`${node.name}-log-${node.lives}`);
    node.lives++;
  }

  pause(node: Node, forMs: number): boolean {
    const { process } = node;
    if (process === null || process.paused) return false;
    process.paused = true;
    this.happened(node.name, 'is paused');
    this.liveness.shock(this.agenda.nowMs);
    this.agenda.after(forMs, () => {
      if (node.process !== process) return;
      this.liveness.shock(this.agenda.nowMs);
      this.happened(node.name, 'goes on');
      this.network.reads(node, this.#others.get(node)!);
      process.resume();
    });
    return true;
  }

  /** SIGKILL for the process that a replica takes for a hung primary, if it still is that process. */
  kill(killer: Node, victim: ProcessId): void {
    const target = this.#processes.target(victim);
    const node = this.nodes.find(({ process }) => process !== null && process === target);
    if (target === null || node === undefined || node === killer) return;
    this.happened(killer.name, `kills ${node.name}`);
    if (target.id.identity !== victim.identity)
      throw new Violation('kill', `${killer.name} kills ${node.name}, which only has the pid of a dead process`);
    const awake = !target.paused && this.agenda.nowMs - target.resumedAtMs > wakingMs;
    const leads = this.lock.holder === target;
    if (leads && awake && this.network.wereTogether(killer, node, 2 * limits.primarySilenceMaxMs))
      throw new Violation('kill', `${killer.name} kills ${node.name}, which was neither paused nor cut off`);
    // The signal may come late, when its target has long gone on.
    this.agenda.after(this.random.delay(1), () => {
      if (node.process === target) this.crash(node, this.random.delay(300));
    });
  }

  send(from: Node, { to, message }: Extract<Output, { type: 'send' }>): void {
    const others = this.#others.get(from)!;
    this.network.send(
      from,
      others.filter(({ name }) => to.includes(name)),
      message,
    );
  }

  /** Whether all who have everything are frozen: alive, and so neither to be replaced nor to be had. */
  get #everythingFrozen(): boolean {
    const members = this.nodes.filter((node) => this.#isMember(node) && node.process !== null);
    return members.length > 0 && members.every(({ process }) => process?.paused);
  }

  get #running(): number {
    return this.nodes.filter(({ process }) => process !== null && !process.paused).length;
  }

  #isMember({ name, disk }: Node): boolean {
    const inSync = this.lock.manifest?.inSync ?? [];
    return inSync.some((member) => member.name === name && member.incarnation === disk.incarnation);
  }

  /** Everybody is up, in the set, and has the same committed log. */
  get converged(): boolean {
    const { committed } = this.checker;
    return this.nodes.every((node) => {
      const { disk, process } = node;
      const whole = process?.givenOut === committed && disk.end === committed;
      return whole && !process.paused && this.#isMember(node);
    });
  }

  /** Holds what clients wait for against the clock. */
  lookAtClients(): void {
    for (const node of this.nodes) node.process?.look(this.#isMember(node));
    const served = this.nodes.flatMap(({ process }) => (process === null || process.paused ? [] : process));
    this.liveness.look(this.agenda.nowMs, served);
  }

  traced(name: string, trace: Omit<Trace, 'at' | 'server'>): void {
    if (trace.what === 'promoted') this.takeovers++;
    if (this.#tell !== null) this.#tell(`${this.agenda.nowMs.toFixed(2)} ${name} traces ${JSON.stringify(trace)}`);
  }

  stepped(name: string, what: string): void {
    this.steps++;
    this.happened(name, what);
  }

  /** Something happened: it becomes part of the run's digest. */
  happened(name: string, what: string): void {
    let hash = this.trace;
    for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
    for (let at = 0; at < what.length; at++) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
    this.trace = Math.imul(hash ^ Math.floor(this.agenda.nowMs * 1_000), 0x01000193) >>> 0;
    if (this.#tell !== null) this.#tell(`${this.agenda.nowMs.toFixed(2)} ${name} ${what}`);
  }
}

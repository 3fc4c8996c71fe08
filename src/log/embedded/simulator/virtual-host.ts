/**
 * One life of a replica: the production logic, and around it what its shell does in reality, done later in virtual time
 * or not at all, because its process dies first.
 */
import type { NewEntry } from '../../log.ts';
import type { Input, Output } from '../replica/effects.ts';
import type { LogWindow } from '../replica/log-window.ts';
import type { Replica, ReplicaStatus } from '../replica/replica.ts';
import type { Node, Process } from './node.ts';
import type { ProcessId } from './process-table.ts';
import { Snapshotting } from './snapshotting.ts';
import type { Surroundings } from './surroundings.ts';
import { Violation } from './violation.ts';
import { Rot } from './virtual-disk.ts';
import { Writing } from './writing.ts';

const peerOf = (input: Input): string => ('from' in input ? input.from : 'peer' in input ? input.peer : '');

export class VirtualHost implements Process {
  readonly id: ProcessId;
  /** Commands of this server's clients that wait for their answer, and since when. */
  readonly waiting = new Map<string, number>();
  /** Who is at the other end of each link. */
  readonly peers = new Map<string, ProcessId>();
  givenOut: number;
  behindUntilMs = 0;
  readonly name: string;
  #seen = 0;
  paused = false;
  resumedAtMs = 0;
  /** What happened while it was paused, by the peer that it came from; '' is this machine. */
  readonly #sockets = new Map<string, Input[]>();
  #failed: Input | null = null;
  readonly #writing: Writing;
  readonly #snapshots: Snapshotting;
  readonly #replica: Replica;
  readonly #window: LogWindow;
  readonly #world: Surroundings;
  readonly #node: Node;

  constructor(world: Surroundings, node: Node, id: ProcessId, replica: Replica, window: LogWindow) {
    this.#world = world;
    this.#node = node;
    this.id = id;
    this.name = node.name;
    this.#replica = replica;
    this.#window = window;
    this.#writing = new Writing(world, node, this, (delayMs, act) => this.#later(delayMs, act));
    this.#snapshots = new Snapshotting(world, node, this, (delayMs, act) => this.#later(delayMs, act));
    // Applied before, or taken from the snapshot. What its disk knew to be committed may not have been given out yet.
    this.givenOut = Math.min(replica.status.committed, world.checker.committed);
    this.#tick();
  }

  /** Takes note of whether it is still catching up. */
  look(isMember: boolean): void {
    if (!isMember && this.givenOut !== this.#seen) this.behindUntilMs = this.#world.agenda.nowMs;
    this.#seen = this.givenOut;
  }

  append(commands: readonly NewEntry[]): void {
    for (const { id } of commands) if (!this.waiting.has(id)) this.waiting.set(id, this.#world.agenda.nowMs);
    this.input({ type: 'append', commands });
  }

  /** Something happened. */
  input(input: Input): void {
    const [world, node] = [this.#world, this.#node];
    if (!this.#lives) return;
    const peer = peerOf(input);
    if (this.paused || (peer !== '' && this.#sockets.has(peer))) {
      // In reality a write fails while the process runs: nothing is read between that and its end.
      if (input.type === 'failed') this.#failed = input;
      const socket = this.#sockets.get(peer);
      if (socket === undefined) this.#sockets.set(peer, [input]);
      else socket.push(input);
      return;
    }
    if (input.type === 'lock-gained') [world.lock.lastHolder, world.lock.takenAtMs] = [this.id, world.agenda.nowMs];
    world.stepped(node.name, input.type === 'message' ? input.message.type : input.type);
    try {
      this.#do(this.#replica.step(input, world.now(node)));
    } catch (error) {
      if (!(error instanceof Rot)) throw error;
      // As the production shell does when what it reads is not what was written (rule 15): it stops.
      world.halted(node, { code: 'log-damaged', message: error.message, exitCode: 74 });
    }
  }

  #do(outputs: readonly Output[]): void {
    const [world, node] = [this.#world, this.#node];
    for (const output of outputs) {
      if (node.crash !== null && node.crash.afterOutputs-- <= 0) {
        world.crash(node, node.crash.downMs);
        return;
      }
      this.#perform(output);
      if (!this.#lives) return;
    }
    const { role, epoch } = this.#replica.status;
    const { lock, checker } = world;
    if (role === 'primary') checker.leads(node.name, epoch, lock.holder === this, lock.manifest);
  }

  /** Goes on after a pause: what others sent meanwhile is read turn by turn, and whose comes first is anybody's guess. */
  resume(): void {
    const { random, agenda } = this.#world;
    this.paused = false;
    this.resumedAtMs = agenda.nowMs;
    const own = this.#failed === null ? (this.#sockets.get('') ?? []) : [this.#failed];
    this.#sockets.delete('');
    for (const input of own) this.input(input);
    // Timers that are due may fire before what waits in the sockets is read.
    if (random.chance(0.5)) this.input({ type: 'tick' });
    this.#read();
  }

  #read(): void {
    const { random } = this.#world;
    const peers = [...this.#sockets.keys()];
    while (peers.length > 0 && this.#lives && !this.paused) {
      const [peer] = peers.splice(random.between(0, peers.length - 1), 1) as [string];
      const inputs = this.#sockets.get(peer) ?? [];
      this.#sockets.delete(peer);
      const some = random.chance(0.5) ? inputs.length : random.between(1, inputs.length);
      for (const input of inputs.splice(0, some)) this.input(input);
      // What came while these were taken is behind what is left of them.
      if (inputs.length > 0) this.#sockets.set(peer, [...inputs, ...(this.#sockets.get(peer) ?? [])]);
    }
    if (this.#sockets.size > 0) this.#later(random.delay(1), () => this.#read());
  }

  get status(): ReplicaStatus {
    return this.#replica.status;
  }

  get #lives(): boolean {
    return this.#node.process === this;
  }

  /** Does something after a while, when this process runs then; when it is paused, as soon as it runs again. */
  #later(delayMs: number, act: () => void): void {
    this.#world.agenda.after(delayMs, () => {
      if (!this.#lives) return;
      if (this.paused) this.#later(1, act);
      else act();
    });
  }

  #tick(): void {
    const { agenda, random, config } = this.#world;
    agenda.after(config.tickIntervalMs * (0.5 + random.fraction()), () => {
      if (!this.#lives) return;
      if (!this.paused) this.input({ type: 'tick' });
      this.#tick();
    });
  }

  #perform(output: Output): void {
    const [world, node] = [this.#world, this.#node];
    switch (output.type) {
      case 'send':
        world.send(node, output);
        break;
      case 'store':
        this.#writing.store(output);
        break;
      case 'commit':
        this.#commit(output.upto);
        break;
      case 'try-lock':
        this.#later(world.random.delay(0.2), () => this.#tryLock());
        break;
      case 'release-lock':
        world.lock.free(this);
        break;
      case 'write-manifest':
        this.#writing.writeManifest(output.manifest);
        break;
      case 'complete-from':
        this.#writing.completeFrom(output);
        break;
      case 'fetch-snapshot':
        this.#snapshots.fetch(output.from, output.snapshot);
        break;
      case 'make-snapshot':
        this.#make();
        break;
      case 'installed':
        world.checker.installed(node.name, output.base);
        this.givenOut = output.base.index;
        break;
      case 'kill-holder':
        this.#later(world.random.delay(1), () => {
          const isNew = world.agenda.nowMs - world.lock.takenAtMs < world.config.primarySilenceMaxMs;
          const holder = isNew ? null : world.lock.lastHolder;
          const victim = output.name === null ? holder : this.peers.get(output.name);
          if (victim !== null && victim !== undefined) world.kill(node, victim);
        });
        break;
      case 'give-up':
        // One that is refused because too many wait is answered.
        for (const id of output.ids) this.#end(id, output.code !== 'overloaded');
        break;
      case 'wake':
        world.agenda.after(output.inMs, () => this.input({ type: 'tick' }));
        break;
      case 'trace':
        world.traced(node.name, output.trace);
        break;
      case 'halt':
        world.halted(node, output.fault);
        break;
      case 'changed':
      case 'stepped-down':
        break;
    }
  }

  #end(id: string, gaveUp: boolean): void {
    const sinceMs = this.waiting.get(id);
    if (sinceMs === undefined) return;
    this.waiting.delete(id);
    this.#world.liveness.ended(this, id, sinceMs, this.#world.agenda.nowMs, gaveUp);
  }

  #commit(upto: number): void {
    const [{ checker, lock }, { name }] = [this.#world, this.#node];
    while (this.givenOut < upto) {
      const entries = this.#window.read(this.givenOut + 1, upto, 16, 1 << 20);
      if (entries.length === 0)
        throw new Violation('R11', `${name} committed ${upto} and cannot read ${this.givenOut + 1}`);
      for (const entry of entries) {
        checker.gaveOut(name, this.givenOut + 1, entry);
        this.givenOut = entry.index;
        if (!this.waiting.has(entry.id)) continue;
        checker.answered(name, entry);
        this.#end(entry.id, false);
      }
    }
    this.#world.happened(name, `commit ${upto}`);
    lock.look();
    if (this.#snapshots.isDue(this.givenOut)) this.#make();
  }

  #make(): void {
    const place = this.#window.at(this.givenOut);
    if (place !== null && place.index > 0) this.#snapshots.make(place);
  }

  // The lock.

  #tryLock(): void {
    const [world, node] = [this.#world, this.#node];
    const { lock, nodes, agenda } = world;
    if (lock.holder === this) return;
    if (agenda.nowMs < lock.medium.fullUntilMs && world.random.chance(0.1)) {
      this.#writing.fails('lock.db');
      return;
    }
    if (!lock.take(this)) {
      this.input({ type: 'lock-busy' });
      return;
    }
    const { manifest } = lock;
    const fresh = manifest === null && nodes.every((other) => other === node || other.disk.cluster === '');
    if (node.pauseWithLockMs !== null) {
      world.pause(node, node.pauseWithLockMs);
      node.pauseWithLockMs = null;
    }
    this.input({ type: 'lock-gained', manifest, fresh });
  }
}

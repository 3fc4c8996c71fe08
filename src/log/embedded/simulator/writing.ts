/**
 * What a process writes: its log, another's log into its own, and the manifest. It takes its time, may fail, and is all
 * or nothing; a process that dies meanwhile leaves what there was or what was to be.
 */
import type { EngineFault } from '../../log.ts';
import type { Manifest, Output } from '../replica/effects.ts';
import { Completing } from './completing.ts';
import type { Node, Process } from './node.ts';
import type { Surroundings } from './surroundings.ts';

/** Entries whose chain is checked when a log is opened: few, for most of a small log to be older. */
export const checkedAtOpen = 40;
const batchMax = 30;
/** How often reading another’s log fails, half-way perhaps. */
const unreadableChance = 0.1;

export class Writing {
  readonly #world: Surroundings;
  readonly #node: Node;
  readonly #process: Process;
  /** Does something after a while, as soon as the process is there and runs. */
  readonly #later: (delayMs: number, act: () => void) => void;
  #diskFreeAtMs = 0;

  constructor(world: Surroundings, node: Node, process: Process, later: (delayMs: number, act: () => void) => void) {
    this.#world = world;
    this.#node = node;
    this.#process = process;
    this.#later = later;
  }

  get #lives(): boolean {
    return this.#node.process === this.#process;
  }

  /** Writes to the log. */
  store({ operation }: Extract<Output, { type: 'store' }>): void {
    const [{ agenda, random, scenario, lock }, node] = [this.#world, this.#node];
    node.disk.begin(operation, this.#process.status.committed);
    // It begins when those before it have ended, which may be when the disk is no longer slow.
    const beginsAtMs = Math.max(this.#diskFreeAtMs, agenda.nowMs);
    this.#diskFreeAtMs = beginsAtMs + node.medium.takesMs(random.delay(scenario.diskMs), beginsAtMs);
    agenda.after(this.#diskFreeAtMs - agenda.nowMs, () => {
      const { disk } = node;
      // Done already, in one transaction with the one before.
      if (!this.#lives || disk.underWay === 0) return;
      const failure = node.medium.fails(agenda.nowMs);
      if (failure !== null) {
        disk.crash(failure.there ? 1 : 0);
        lock.look();
        this.fails('its log');
        return;
      }
      // What has piled up meanwhile becomes one transaction, as it does in the production shell.
      const piledUp = disk.underWay > 4;
      if (piledUp) this.#diskFreeAtMs = agenda.nowMs;
      const some = random.chance(0.3) ? random.between(1, disk.underWay) : 1;
      const count = piledUp ? disk.underWay : some;
      for (let done = 0; done < count; done++) disk.finish();
      lock.look();
      this.#process.input({ type: 'stored', count });
    });
  }

  /** As the production shell does: rule 16. */
  fails(what: string): void {
    const message = `${this.#node.name} could not write ${what}`;
    const fault: EngineFault = { code: 'disk-failed', message, exitCode: 74 };
    this.#process.input({ type: 'failed', fault });
  }

  /** Completes the log from one of these members' logs. */
  completeFrom(order: Extract<Output, { type: 'complete-from' }>): void {
    const completing = new Completing(order, this.#node.disk, this.#world.diskOf, checkedAtOpen);
    this.#later(this.#world.random.delay(5), () => this.#complete(completing));
  }

  #complete(completing: Completing): void {
    const { agenda, random, scenario, liveness } = this.#world;
    const { disk, medium } = this.#node;
    const canRead = () => {
      const fails = random.chance(unreadableChance);
      if (fails) liveness.shock(agenda.nowMs);
      return !fails;
    };
    const canWrite = () => medium.fails(agenda.nowMs) === null;
    // In reality nothing is ever under way here: a write has ended before the next thing begins.
    const came = disk.underWay > 0 ? 'goes-on' : completing.next(random.between(1, batchMax), canRead, canWrite);
    if (came === 'failed') this.fails('its log');
    else if (came === 'goes-on') this.#later(random.delay(scenario.diskMs), () => this.#complete(completing));
    else this.#process.input(came);
  }

  /** Writes the manifest into the file that is the lock. */
  writeManifest(manifest: Manifest): void {
    const [{ lock, random, agenda, scenario }, { name }] = [this.#world, this.#node];
    lock.mayWrite(name, this.#process);
    const { medium } = lock;
    const early = random.chance(0.5);
    if (early && agenda.nowMs >= medium.fullUntilMs && medium.failing === null) lock.write(name, manifest);
    agenda.after(medium.takesMs(random.delay(scenario.diskMs), agenda.nowMs), () => {
      // A process that dies while it writes leaves the old manifest or the new one: `early` decided which.
      if (!this.#lives) return;
      const failure = medium.fails(agenda.nowMs);
      if (lock.manifest !== manifest && (failure?.there ?? true)) lock.write(name, manifest);
      if (failure === null) this.#process.input({ type: 'manifest-stored' });
      else this.fails('lock.db');
    });
  }
}

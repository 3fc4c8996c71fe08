/** Clients in virtual time: they write at random servers, and now and then send something again, under the same id. */
import type { NewEntry } from '../../log.ts';
import type { Node, Process } from './node.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

export class Clients {
  readonly #world: World;
  readonly #random: Random;
  readonly #sent: NewEntry[] = [];
  #made = 0;
  readonly #asked: { readonly node: Node; readonly process: Process; readonly id: string }[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.stream('clients');
    world.agenda.after(this.#random.delay(200), () => this.#work());
  }

  #work(): void {
    const { agenda, nodes, scenario } = this.#world;
    const random = this.#random;
    if (agenda.nowMs > scenario.stormMs) return;
    const node = random.pick(nodes)!;
    const commands = Array.from({ length: random.between(1, scenario.clients.batchMax) }, () => {
      const again = random.chance(0.1) ? random.pick(this.#sent) : undefined;
      return again ?? this.#command(scenario.clients.bodyMaxBytes);
    });
    this.#sent.push(...commands);
    node.process?.append(commands);
    agenda.after(random.delay(scenario.clients.everyMs), () => this.#work());
  }

  #command(bodyMaxBytes: number): NewEntry {
    const id = `0190a0b0-0000-7000-8000-${(++this.#made).toString(16).padStart(12, '0')}`;
    return { id, body: this.#random.bytes(this.#random.between(0, bodyMaxBytes)) };
  }

  /** Writes something new at every server that runs. */
  ask(): void {
    for (const node of this.#world.nodes) {
      const { process } = node;
      if (process === null || process.paused) continue;
      const command = this.#command(0);
      this.#asked.push({ node, process, id: command.id });
      process.append([command]);
    }
  }

  /** Whether nobody who asked waits any longer. */
  get answered(): boolean {
    return this.#asked.every(({ node, process, id }) => node.process !== process || !process.waiting.has(id));
  }
}

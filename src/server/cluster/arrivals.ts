/**
 * Says which servers come and go. The primary says it, so that it is said once; a new one starts from what it saw while
 * another was primary.
 */
import type { ReplicatedLog, Topology, Unsubscribe } from '../../log/index.ts';
import type { EventBoard } from './event-board.ts';

export class Arrivals {
  readonly #board: EventBoard;
  readonly #end: Unsubscribe;
  /** Names of servers that were up when the primary last looked, or was lost. */
  #up: ReadonlySet<string> | null = null;

  constructor(log: ReplicatedLog, board: EventBoard) {
    this.#board = board;
    this.#end = log.onTopology((topology) => this.#look(topology));
  }

  stop(): void {
    this.#end();
  }

  #look({ self, primary, replicas }: Topology): void {
    // While nobody leads, what is seen is for the next one to compare with.
    if (primary === null) return;
    const up = new Set(replicas.flatMap(({ name, role }) => (role === 'down' ? [] : [name])));
    const before = this.#up;
    this.#up = up;
    if (before === null || primary !== self) return;
    for (const server of up) if (!before.has(server)) this.#board.note({ what: 'server-up', server });
    for (const server of before) if (!up.has(server)) this.#board.note({ what: 'server-down', server });
  }
}

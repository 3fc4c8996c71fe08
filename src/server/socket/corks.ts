/** Holds small writes to a connection back until the turn ends, so that its answers and events leave in one piece. */
import type { Duplex } from 'node:stream';

interface Held {
  readonly connection: Duplex;
  readonly released: () => void;
}

export class Corks {
  #held: Held[] = [];

  /** Corks a connection until the end of this turn; `released` is called then. Called once a turn for each. */
  hold(connection: Duplex, released: () => void): void {
    if (this.#held.length === 0) process.nextTick(() => this.#release());
    connection.cork();
    this.#held.push({ connection, released });
  }

  #release(): void {
    for (const { connection, released } of this.#held.splice(0)) {
      connection.uncork();
      released();
    }
  }
}

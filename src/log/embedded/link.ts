/**
 * One link between two replicas, as one end has it: what is written in one turn of the event loop leaves together. When
 * the link is slow on purpose, what is written to it waits before it leaves, in order.
 */
import type { Socket } from 'node:net';
import { FrameReader } from './codec.ts';

interface Held {
  readonly frame: Buffer;
  readonly dueMs: number;
}

export class Link {
  readonly socket: Socket;
  readonly reader = new FrameReader();
  /** Whom this end has dialled; null when it was dialled. */
  readonly dialled: string | null;
  peer: string | null = null;
  /** Whether this end has introduced itself. */
  greeted = false;
  gone = false;
  #corked = false;
  /** What waits because the link is slow; null while nothing does. */
  #held: Held[] | null = null;
  #heldBytes = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(socket: Socket, dialled: string | null) {
    this.socket = socket;
    this.dialled = dialled;
  }

  /** Bytes that have not left yet. */
  get waitingBytes(): number {
    return this.socket.writableLength + this.#heldBytes;
  }

  /** Queues a frame, to leave so much later; `uncork` puts on the wire what need not wait. */
  write(frame: Buffer, delayMs: number): void {
    // Also when the link is no longer slow: what waits goes first.
    if (delayMs > 0 || this.#held !== null) {
      this.#held ??= [];
      this.#held.push({ frame, dueMs: performance.now() + delayMs });
      this.#heldBytes += frame.length;
      this.#timer ??= setTimeout(() => this.#release(), delayMs);
      return;
    }
    if (!this.#corked) {
      this.#corked = true;
      this.socket.cork();
      setImmediate(() => this.uncork());
    }
    this.socket.write(frame);
  }

  uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.socket.uncork();
  }

  end(): void {
    this.gone = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.socket.destroy();
  }

  /** Lets go what has waited long enough. */
  #release(): void {
    this.#timer = null;
    const held = this.#held;
    if (held === null || this.gone) return;
    const nowMs = performance.now();
    // One that was to wait less than one before it leaves with that one.
    let count = 0;
    while (count < held.length && held[count]!.dueMs <= nowMs) count++;
    const due = held.splice(0, count);
    if (due.length > 0) this.socket.write(Buffer.concat(due.map(({ frame }) => frame)));
    for (const { frame } of due) this.#heldBytes -= frame.length;
    const next = held[0];
    if (next === undefined) this.#held = null;
    else this.#timer = setTimeout(() => this.#release(), Math.max(1, next.dueMs - nowMs));
  }
}

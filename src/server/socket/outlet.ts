/**
 * The way out to one client. Frames are written whole, straight to the connection, beside `ws`, which does so too;
 * nothing is queued in between, so what is buffered is what the connection says it buffers.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { EdgeLimits } from '../options.ts';
import type { Corks } from './corks.ts';

export class Outlet {
  readonly #ws: WebSocket;
  readonly #connection: Duplex;
  readonly #limits: EdgeLimits;
  readonly #corks: Corks;
  #isCorked = false;
  #isDraining = false;

  constructor(ws: WebSocket, connection: Duplex, limits: EdgeLimits, corks: Corks) {
    this.#ws = ws;
    this.#connection = connection;
    this.#limits = limits;
    this.#corks = corks;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }

  /** Whether anything waits for the client to read. */
  get isWaiting(): boolean {
    return this.#connection.writableLength > 0;
  }

  /** Whether so much waits that nothing should be added. */
  get isHigh(): boolean {
    return this.#connection.writableLength > this.#limits.socketBufferHighBytes;
  }

  /** Whether more waits than a socket may cost. */
  get isOver(): boolean {
    return this.#connection.writableLength > this.#limits.socketBufferMaxBytes;
  }

  /** Writes a whole frame now. */
  write(frame: Buffer): void {
    if (this.isOpen) this.#connection.write(frame);
  }

  /** Writes a whole frame together with whatever else this turn brings. */
  writeWithTurn(frame: Buffer): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#corks.hold(this.#connection, () => {
        this.#isCorked = false;
      });
    }
    this.write(frame);
  }

  /** Reads nothing from the client until it has read what waits for it; then calls `drained`. */
  drain(drained: () => void): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#ws.pause();
    this.#connection.once('drain', () => {
      this.#isDraining = false;
      this.#ws.resume();
      drained();
    });
  }

  ping(): void {
    if (this.isOpen) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
    setTimeout(() => this.#ws.terminate(), this.#limits.socketCloseMaxMs).unref();
  }

  terminate(): void {
    this.#ws.terminate();
  }
}

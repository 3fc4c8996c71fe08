/**
 * The events of one room (or of the workspace) in one turn, as the one or two frames that its sockets share. A socket
 * that gets several chunks in a turn gets all but the last with `upto` before the turn: if it is cut off in between, it
 * resumes from there.
 */
import { eventsFrame } from './text-frame.ts';

export class Chunk {
  readonly #room: string | null;
  readonly #before: number;
  readonly #upto: number;
  readonly #events: readonly string[];
  #middle: Buffer | null = null;
  #last: Buffer | null = null;

  constructor(room: string | null, before: number, upto: number, events: readonly string[]) {
    this.#room = room;
    this.#before = before;
    this.#upto = upto;
    this.#events = events;
  }

  /** The frame when another one of the same turn follows. */
  get middle(): Buffer {
    this.#middle ??= eventsFrame(this.#room, this.#before, this.#events);
    return this.#middle;
  }

  /** The frame when it is the turn's last for its socket. */
  get last(): Buffer {
    this.#last ??= eventsFrame(this.#room, this.#upto, this.#events);
    return this.#last;
  }
}

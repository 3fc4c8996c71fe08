/**
 * Commands of this server's own clients, from the moment they are taken until they are committed. Nothing leaves this
 * list because a primary died: it is given to the next one, in the same order, with the same ids (rule 13).
 */
import type { NewEntry } from '../../log.ts';

interface Waiting {
  readonly command: NewEntry;
  readonly sinceMs: number;
  /** Whether a primary has ever been given it: then a deadline means *unknown*, not *unavailable*. */
  everGiven: boolean;
}

/** Bytes of a command in a frame, at most. */
const size = (command: NewEntry): number => command.body.length + 64;

export class PendingCommands {
  readonly #max: number;
  readonly #maxBytes: number;
  #bytes = 0;
  readonly #waiting = new Map<string, Waiting>();
  /** Ids not given to the present primary yet, in order. */
  #queue: string[] = [];

  constructor(max: number, maxBytes: number) {
    this.#max = max;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether there is something the present primary has not been given. */
  get hasQueue(): boolean {
    return this.#queue.length > 0;
  }

  /** Takes a command; false when the list is full. One that already waits stays where it is. */
  add(command: NewEntry, nowMs: number): boolean {
    if (this.#waiting.has(command.id)) return true;
    const bytes = this.#bytes + size(command);
    if (this.#waiting.size >= this.#max || bytes > this.#maxBytes) return false;
    this.#bytes = bytes;
    this.#waiting.set(command.id, { command, sinceMs: nowMs, everGiven: false });
    this.#queue.push(command.id);
    return true;
  }

  /** Hands out what the present primary has not been given, oldest first. */
  takeQueue(): readonly NewEntry[] {
    const commands: NewEntry[] = [];
    for (const id of this.#queue) {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) continue;
      waiting.everGiven = true;
      commands.push(waiting.command);
    }
    this.#queue = [];
    return commands;
  }

  /** A new primary: it is to be given everything. */
  requeueAll(): void {
    this.#queue = [...this.#waiting.keys()];
  }

  /** A command is committed, or given up. */
  settle(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    this.#bytes -= size(waiting.command);
  }

  /** Removes and returns the ids that have waited for longer than `deadlineMs`. */
  expire(nowMs: number, deadlineMs: number): { readonly unknown: string[]; readonly unavailable: string[] } {
    const unknown: string[] = [];
    const unavailable: string[] = [];
    for (const [id, waiting] of this.#waiting) {
      if (nowMs - waiting.sinceMs < deadlineMs) break;
      (waiting.everGiven ? unknown : unavailable).push(id);
    }
    for (const id of [...unknown, ...unavailable]) this.settle(id);
    if (unavailable.length > 0) this.#queue = this.#queue.filter((id) => this.#waiting.has(id));
    return { unknown, unavailable };
  }
}

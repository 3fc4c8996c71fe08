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

export class PendingCommands {
  readonly #max: number;
  readonly #waiting = new Map<string, Waiting>();
  /** Ids not given to the present primary yet, in order. */
  #queue: string[] = [];

  constructor(max: number) {
    this.#max = max;
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
    if (this.#waiting.size >= this.#max) return false;
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

  /** A command is committed. */
  settle(id: string): void {
    this.#waiting.delete(id);
  }

  /** Removes and returns the ids that have waited for longer than `deadlineMs`. */
  expire(nowMs: number, deadlineMs: number): { readonly unknown: string[]; readonly unavailable: string[] } {
    const unknown: string[] = [];
    const unavailable: string[] = [];
    for (const [id, waiting] of this.#waiting) {
      if (nowMs - waiting.sinceMs < deadlineMs) break;
      (waiting.everGiven ? unknown : unavailable).push(id);
    }
    for (const id of [...unknown, ...unavailable]) this.#waiting.delete(id);
    return { unknown, unavailable };
  }
}

/**
 * The commands without an answer, in the order they were made: which goes onto the wire next, and what an answer means.
 * Pure bookkeeping; `commands.ts` has the socket, the timer and the promises.
 *
 * A command leaves only by an answer that settles it. When the socket dies, those on the wire wait again, before those
 * that never left. A retryable refusal holds everything back, so that nothing overtakes what has to be sent again.
 */
import { limits } from '../protocol/index.ts';
import type { OutboxEntry } from './outbox.ts';

interface Item {
  readonly entry: OutboxEntry;
  /** Its place in the order. */
  readonly place: number;
  /** Times it was written to a socket. */
  written: number;
}

const inOrder = (items: Iterable<Item>): Map<string, Item> =>
  new Map([...items].sort((a, b) => a.place - b.place).map((item) => [item.entry.id, item]));

export class Outgoing {
  #places = 0;
  #waiting = new Map<string, Item>();
  #onWire = new Map<string, Item>();
  #held = false;

  get size(): number {
    return this.#waiting.size + this.#onWire.size;
  }

  get full(): boolean {
    return this.size >= limits.clientOutboxMax;
  }

  /** How many are on the wire. */
  get onWire(): number {
    return this.#onWire.size;
  }

  has(id: string): boolean {
    return this.#waiting.has(id) || this.#onWire.has(id);
  }

  /** Whether it waits to be written. */
  waits(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** All of them, in order. `sent`: on a living socket; `written`: was on some socket at some time. */
  all(): readonly { readonly entry: OutboxEntry; readonly sent: boolean; readonly written: boolean }[] {
    const items = inOrder([...this.#waiting.values(), ...this.#onWire.values()]).values();
    return Array.from(items, ({ entry, written }) => ({
      entry,
      sent: this.#onWire.has(entry.id),
      written: written > 0,
    }));
  }

  add(entry: OutboxEntry): void {
    this.#waiting.set(entry.id, { entry, place: this.#places++, written: 0 });
  }

  /** The next to write, which then counts as written; null while held back, at the window's end, or when none waits. */
  next(): OutboxEntry | null {
    if (this.#held || this.#onWire.size >= limits.clientInFlightMax) return null;
    const [first] = this.#waiting.values();
    if (first === undefined) return null;
    this.#waiting.delete(first.entry.id);
    this.#onWire.set(first.entry.id, first);
    first.written++;
    return first.entry;
  }

  /** Takes out an answered command; null when there is none of this id, as with a second answer. */
  settle(id: string): OutboxEntry | null {
    const item = this.#onWire.get(id) ?? this.#waiting.get(id);
    if (item === undefined) return null;
    this.#onWire.delete(id);
    this.#waiting.delete(id);
    return item.entry;
  }

  /** A retryable refusal: it waits again, in its place, and all are held back until `release`. Null when unknown. */
  postpone(id: string): OutboxEntry | null {
    const item = this.#onWire.get(id);
    if (item === undefined) return null;
    this.#onWire.delete(id);
    this.#waiting = inOrder([item, ...this.#waiting.values()]);
    this.#held = true;
    return item.entry;
  }

  release(): void {
    this.#held = false;
  }

  /** The socket died: whatever was on the wire waits again, in its place. Gives those. */
  lost(): readonly OutboxEntry[] {
    const back = [...this.#onWire.values()];
    this.#waiting = inOrder([...back, ...this.#waiting.values()]);
    this.#onWire = new Map();
    this.#held = false;
    return back.map((item) => item.entry);
  }
}

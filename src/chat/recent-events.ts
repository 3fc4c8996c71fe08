/**
 * The events of the newest positions, in memory: after a takeover everybody comes back at once, and most of them missed
 * the same few. Empty when the chat is opened; what is not here is in the tables. Never the only place of anything.
 */
import type { AddressedEvent } from '../protocol/index.ts';
import type { Applied } from './machine/machine.ts';

const none: readonly AddressedEvent[] = [];

export class RecentEvents {
  readonly #slots: (readonly AddressedEvent[])[];
  /** Everything after this index, up to the newest, is here. */
  #after: number;
  #newest: number;

  /**
   * @param position newest index applied so far
   * @param capacity positions kept
   */
  constructor(position: number, capacity: number) {
    this.#slots = new Array(capacity).fill(none);
    this.#after = position;
    this.#newest = position;
  }

  /** Takes in what became of the entries up to and including `upto`. */
  add(applied: readonly Applied[], upto: number): void {
    const capacity = this.#slots.length;
    const oldest = Math.max(this.#newest, upto - capacity);
    for (let index = oldest + 1; index <= upto; index++) this.#slots[index % capacity] = none;
    for (const { index, events } of applied) if (index > oldest) this.#slots[index % capacity] = events;
    this.#newest = upto;
    this.#after = Math.max(this.#after, upto - capacity);
  }

  /** The events of the positions after `after` up to and including `upto`, or null when not all of them are here. */
  between(after: number, upto: number): readonly AddressedEvent[] | null {
    if (after < this.#after || upto > this.#newest) return null;
    const events: AddressedEvent[] = [];
    for (let index = after + 1; index <= upto; index++) events.push(...this.#slots[index % this.#slots.length]!);
    return events;
  }
}

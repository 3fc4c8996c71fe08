/**
 * Scrubbing: moments are asked for faster than they can be shown. The newest is shown, one at a time; what was asked for
 * in between is left out. Keeps the page's address at the moment that is shown, so that it can be given to others.
 */
import type { ErrorCode } from '../../client/index.ts';
import { EstafetError } from '../../client/index.ts';
import type { ClusterHistory } from '../../protocol/index.ts';
import type { ClusterStore } from './cluster-store.ts';
import { momentPath } from './rewind-link.ts';

/** Why a moment is not shown. */
export type NotShown =
  | { readonly why: 'too-old' | 'future'; readonly at: number }
  | { readonly why: 'failed'; readonly code: ErrorCode };

/** The oldest moment of which anything is remembered; null when nothing is. */
const oldestOf = ({ topologies, events }: ClusterHistory): number | null => {
  const first = Math.min(topologies[0]?.at ?? Number.POSITIVE_INFINITY, events[0]?.at ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : null;
};

export class Rewinder {
  readonly #store: ClusterStore;
  readonly #listeners = new Set<() => void>();
  #wanted: { readonly at: number | null } | null = null;
  #busy = false;
  #notShown: NotShown | null = null;

  constructor(store: ClusterStore) {
    this.#store = store;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Why the moment that was asked for last is not shown; null when it is. */
  readonly notShown = (): NotShown | null => this.#notShown;

  /** Shows a moment, or with null the present, unless another one is asked for before. */
  show(at: number | null): void {
    this.#wanted = { at };
    if (!this.#busy) void this.#work();
  }

  /** Shows the moment of an address. What is not remembered any more is not shown, and that is said. */
  async open(at: number): Promise<void> {
    if (at > this.#store.now()) {
      this.#say({ why: 'future', at });
      return;
    }
    try {
      const oldest = oldestOf(await this.#store.loadHistory());
      if (oldest === null || at < oldest) this.#say({ why: 'too-old', at });
      else this.show(at);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#wanted !== null) {
      const { at } = this.#wanted;
      this.#wanted = null;
      try {
        await this.#store.rewind(at);
        this.#say(null);
        // The address follows when the hand rests: browsers allow only so many changes of it.
        if (this.#wanted === null) history.replaceState(null, '', momentPath(at));
      } catch (error) {
        this.#fail(error);
      }
    }
    this.#busy = false;
  }

  #fail(error: unknown): void {
    this.#say({ why: 'failed', code: error instanceof EstafetError ? error.code : 'internal' });
  }

  #say(notShown: NotShown | null): void {
    if (notShown === this.#notShown) return;
    this.#notShown = notShown;
    for (const listener of [...this.#listeners]) listener();
  }
}

const rewinders = new WeakMap<ClusterStore, Rewinder>();

/** The one of this page. */
export const rewinderOf = (store: ClusterStore): Rewinder => {
  const known = rewinders.get(store) ?? new Rewinder(store);
  rewinders.set(store, known);
  return known;
};

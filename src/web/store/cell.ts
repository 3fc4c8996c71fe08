/**
 * A value that any part of the page may change and any component may show: for what is open, where no props lead. What
 * the servers know belongs in the store instead.
 */
import { useSyncExternalStore } from 'react';

export interface Cell<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export const cell = <T>(first: T): Cell<T> => {
  const listeners = new Set<() => void>();
  let value = first;
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** The value of a cell, and again whenever it changes. */
export const useCell = <T>(of: Cell<T>): T => useSyncExternalStore(of.subscribe, of.get);

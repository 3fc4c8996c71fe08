/** A typed emitter. A handler that throws stops neither the other handlers nor the one who emits. */
import type { Unsubscribe } from './common-types.ts';

export interface Emitter<Signals> {
  on<K extends keyof Signals>(name: K, handler: (value: Signals[K]) => void): Unsubscribe;
  emit<K extends keyof Signals>(name: K, value: Signals[K]): void;
  /** How many handlers listen to it. */
  count(name: keyof Signals): number;
  /** Forgets all handlers. */
  clear(): void;
}

/** @param onThrow gets what a handler threw, or rejected with */
export const emitter = <Signals>(onThrow: (error: unknown, name: keyof Signals) => void): Emitter<Signals> => {
  const handlers: { [K in keyof Signals]?: Set<{ readonly call: (value: Signals[K]) => unknown }> } = {};
  return {
    on: (name, handler) => {
      // Wrapped, so that a handler that was added twice is called twice and removed once.
      const entry = { call: handler };
      const set = handlers[name] ?? new Set();
      handlers[name] = set;
      set.add(entry);
      return () => void set.delete(entry);
    },
    emit: (name, value) => {
      for (const { call } of [...(handlers[name] ?? [])]) {
        try {
          const result = call(value);
          if (result instanceof Promise) result.catch((error: unknown) => onThrow(error, name));
        } catch (error) {
          onThrow(error, name);
        }
      }
    },
    count: (name) => handlers[name]?.size ?? 0,
    clear: () => {
      for (const name of Object.keys(handlers) as (keyof Signals)[]) handlers[name]?.clear();
    },
  };
};

/** Waiting for a condition, with a bound, and without outliving an abort. */
import { setTimeout as pause } from 'node:timers/promises';

/** A run that could not be carried out to its end. The message says what did not happen in time. */
export class ChaosFailure extends Error {
  readonly exitCode = 1;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ChaosFailure';
  }
}

/** Resolves with what `look` answers once that is not null. Throws a ChaosFailure when it takes longer than `maxMs`. */
export const until = async <Found>(
  look: () => Promise<Found | null> | Found | null,
  { maxMs, everyMs = 20, what, signal }: { maxMs: number; everyMs?: number; what: () => string; signal: AbortSignal },
): Promise<Found> => {
  const deadline = performance.now() + maxMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new ChaosFailure(`${what()} (waited ${Math.round(maxMs / 1_000)} s)`);
    await pause(everyMs, undefined, { signal });
  }
};

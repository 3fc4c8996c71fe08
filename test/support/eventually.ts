/** Waiting for a condition, with a deadline and never with a fixed sleep. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `question` again and again until it answers with something that is neither false, null nor undefined, and
 * resolves to that. What it throws counts as no answer yet.
 * @throws Error naming `what` when there is none within `deadlineMs`
 */
export const eventually = async <T>(
  what: string,
  question: () => T | Promise<T>,
  { deadlineMs = 30_000, pollMs = 20 }: { readonly deadlineMs?: number; readonly pollMs?: number } = {},
): Promise<Exclude<T, false | null | undefined>> => {
  const deadline = performance.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await question();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`After ${deadlineMs / 1000} s still not: ${what}`, { cause: lastError });
    }
    await pause(pollMs);
  }
};

/**
 * How much of the processors' time a virtual machine wanted and was not given, as Linux counts it (`steal` in
 * `/proc/stat`): a time measured while much was stolen is the host's as much as the program's.
 */
import { readFileSync } from 'node:fs';

/** Linux counts hundredths of a second here, whatever its own clock is (USER_HZ). */
const msPerTick = 10;
const stealColumn = 8;

/** What `stat`, the text of `/proc/stat`, says was stolen from all processors since the machine started, ms; null when it does not say. */
export const stolenIn = (stat: string): number | null => {
  const columns = /^cpu .*$/m.exec(stat)?.[0].split(/\s+/);
  const ticks = Number(columns?.[stealColumn] ?? Number.NaN);
  return Number.isFinite(ticks) ? ticks * msPerTick : null;
};

/** The same, of this machine now; null where nobody counts it. */
export const stolenMs = (): number | null => {
  try {
    return stolenIn(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
};

/** What was stolen since `before`; null where nobody counts it. */
export const stolenSince = (before: number | null): number | null => {
  const now = stolenMs();
  return before === null || now === null ? null : now - before;
};

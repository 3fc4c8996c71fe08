/**
 * Who took the lock last, in `primary.json`: for the others to know whom to kill should that process hang. It proves
 * nothing, and nobody trusts it for more.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LockHolder {
  readonly name: string;
  readonly pid: number;
  /** What tells the process from another of the same number; null where the system cannot say. */
  readonly identity: string | null;
}

const pathIn = (data: string): string => join(data, 'primary.json');

/** Says that this process has just taken the lock. */
export const announceHolder = (data: string, holder: LockHolder): void =>
  writeFileSync(pathIn(data), JSON.stringify(holder));

/** Who took the lock last, or undefined when nobody has said so. */
export const lastHolder = (data: string): LockHolder | undefined => {
  try {
    return JSON.parse(readFileSync(pathIn(data), 'utf8')) ?? undefined;
  } catch {
    return undefined;
  }
};

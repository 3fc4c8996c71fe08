/**
 * Who took the lock last, in `primary.json`: for the others to know whom to kill should that process hang. It proves
 * nothing, and nobody trusts it for more.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface LockHolder {
  readonly name: string;
  readonly pid: number;
  /** What tells the process from another of the same number; null where the system cannot say. */
  readonly identity: string | null;
  /** When it took the lock: ms since 1970 on this machine's clock. */
  readonly atMs: number;
}

const pathIn = (data: string): string => join(data, 'primary.json');

/** What is written is as long each time, so that the file is never cut: some file systems take their time over that. */
const fileChars = 512;

/** Says that this process has just taken the lock. */
export const announceHolder = (data: string, holder: LockHolder): void => {
  const file = openSync(pathIn(data), constants.O_WRONLY | constants.O_CREAT, 0o644);
  try {
    writeSync(file, JSON.stringify(holder).padEnd(fileChars), 0);
  } finally {
    closeSync(file);
  }
};

/**
 * Who took the lock last, or undefined when nobody has said so, or has had it for less than `minMs`: the first word of a
 * new primary may still be on its way, and whoever was silent before it is gone.
 */
export const lastHolder = (data: string, minMs: number): LockHolder | undefined => {
  try {
    const holder: LockHolder | null = JSON.parse(readFileSync(pathIn(data), 'utf8'));
    const heldMs = Date.now() - (holder?.atMs ?? 0);
    return holder === null || (heldMs >= 0 && heldMs < minMs) ? undefined : holder;
  } catch {
    return undefined;
  }
};

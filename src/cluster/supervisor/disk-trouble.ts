/**
 * Tells a disk that cannot be used from a bug, whoever noticed it (the operating system, or SQLite), and says so to the
 * person at the terminal.
 */
import { statfsSync } from 'node:fs';
import { Refusal, systemCode } from './refusal.ts';

export type DiskTrouble = 'full' | 'read-only' | 'failing' | 'damaged';

const bySystemCode: Readonly<Record<string, DiskTrouble>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EIO: 'failing',
};

/** SQLite's primary result codes (https://sqlite.org/rescode.html); an extended code has its primary one in the low byte. */
const bySqliteCode: Readonly<Record<number, DiskTrouble>> = {
  8: 'read-only',
  10: 'failing',
  11: 'damaged',
  13: 'full',
  14: 'failing',
  26: 'damaged',
};

const sqliteCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : 0;

/** The error of the disk that `error` is, or was caused by, and what it says of the disk; null when there is none. */
const find = (error: unknown): { readonly trouble: DiskTrouble; readonly reason: string } | null => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const trouble = bySystemCode[systemCode(cause)] ?? bySqliteCode[sqliteCode(cause)];
    if (trouble !== undefined) return { trouble, reason: cause.message };
  }
  return null;
};

/** What is wrong with the disk, if that is what `error` is about; null otherwise. */
export const diskTrouble = (error: unknown): DiskTrouble | null => find(error)?.trouble ?? null;

/** Whether there is no space: SQLite calls a full disk a failing one when it cannot make room for its index of the WAL. */
const isFull = (folder: string): boolean => {
  try {
    return statfsSync(folder).bavail < 8;
  } catch {
    return false;
  }
};

const safe = 'Nothing that it could not store was acknowledged.';

const sentence = (trouble: DiskTrouble, folder: string, reason: string): string => {
  switch (trouble) {
    case 'full':
      return `The disk of ${folder} is full. ${safe} Free some space, then start it again.`;
    case 'read-only':
      return `The disk of ${folder} is mounted read-only. ${safe} Make it writable, then start it again.`;
    case 'failing':
      return `The disk of ${folder} fails: ${reason}. ${safe} Mend the disk or its mount, then start it again.`;
    case 'damaged':
      return `A database in ${folder} is damaged: ${reason}. Start it again: what is damaged is then made anew.`;
  }
};

/** The refusal that says what is wrong with the disk that `folder` is on; null when `error` is about something else. */
export const diskRefusal = (folder: string, error: unknown): Refusal | null => {
  const found = find(error);
  if (found === null) return null;
  const trouble = found.trouble === 'failing' && isFull(folder) ? 'full' : found.trouble;
  return new Refusal('io', sentence(trouble, folder, found.reason), { cause: error });
};

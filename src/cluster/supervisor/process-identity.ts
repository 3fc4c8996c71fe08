/**
 * Tells a process from a later one that was given the same pid: by when it started. Nothing here signals a process on
 * the strength of its pid alone.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
};

/** Field 22 of /proc/<pid>/stat (proc(5)): when the process started, in clock ticks since boot. */
const fromProc = (pid: number): string | null => {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses and may hold anything, so the fields are counted after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId()}/${fields[19]}`;
};

const fromPs = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
};

/** What tells this process from any other that has or will have its pid; null when there is none, or only its remains. */
export const processIdentity = (pid: number): string | null =>
  process.platform === 'linux' ? fromProc(pid) : fromPs(pid);

/** A process as it was written down. */
export interface ProcessMark {
  readonly pid: number;
  readonly identity: string;
}

/** Whether that very process still runs. */
export const isRunning = ({ pid, identity }: ProcessMark): boolean => processIdentity(pid) === identity;

/** Sends a signal to that very process. Returns false when it runs no more. */
export const signalProcess = (mark: ProcessMark, signal: NodeJS.Signals): boolean => {
  if (!isRunning(mark)) return false;
  try {
    process.kill(mark.pid, signal);
    return true;
  } catch {
    return false;
  }
};

/** The mark of this process itself. */
export const ownMark = (): ProcessMark => ({ pid: process.pid, identity: processIdentity(process.pid) ?? '' });

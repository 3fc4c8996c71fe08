/** Tells whether a pid is still the same process: pids are used again, start times are not. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When the process with this pid started, as the system says it, or null when there is none. Only for comparison. */
export const processIdentity = (pid: number): string | null => {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name, in parentheses, may hold anything; the 22nd field is the 20th after it. A zombie is dead.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${bootId}/${fields[19]}`;
    }
    if (process.platform === 'win32') return null;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
};

/** Kills a process if it is still the one of that identity and not this one. True when the signal was sent. */
export const killIfSame = (pid: number, identity: string | null): boolean => {
  if (pid === process.pid || identity === null || processIdentity(pid) !== identity) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
};

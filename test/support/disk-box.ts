/**
 * A box to run a cluster in: file systems of its own, small ones in memory, mounted over folders of the data, and
 * processes of its own, so that mounts and processes are gone when the box is, or when whoever made it dies. Needs to be
 * root, or a kernel that lets others be root in a namespace of their own.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type EstafetCommand, estafet, type Running } from './estafet.ts';
import { eventually } from './eventually.ts';

export interface DiskBox extends AsyncDisposable {
  /** What runs in it, and what it has said. */
  readonly running: Running;
  /** How this process reaches a path of the box. */
  path(inside: string): string;
  /** Takes all the space of the disk that `folder` is on, but for what lies in files already. */
  fill(folder: string): void;
  /** Gives it back. */
  free(folder: string): void;
  /** Kills the process of this number in the box, if there is one. */
  kill(inside: number): void;
  /** Makes the disk mounted at `folder` read-only, or writable again. Throws while anything there is open for writing. */
  remount(folder: string, how: 'ro' | 'rw'): void;
}

const isRoot = process.getuid?.() === 0;
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const ballast = 'ballast';

/** The process that `unshare` has started: process 1 of the box, under the number that it has outside. */
const innerPid = (pid: number): number | null => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? null : Number(children.split(' ')[0]);
};

/**
 * Runs `command` in a box where a disk of `sizeKb` is mounted at each of the folders, which are made if need be. The
 * last argument's folder may lie on an earlier one's disk.
 */
export const startBox = async (
  command: EstafetCommand,
  args: readonly string[],
  disks: readonly { readonly folder: string; readonly sizeKb: number }[],
): Promise<DiskBox> => {
  const mounts = disks.map(({ folder, sizeKb }) => {
    const at = quoted(folder);
    return `mkdir -p ${at} && mount -t tmpfs -o size=${sizeKb}k,mode=700 estafet-test ${at}`;
  });
  const script = `${mounts.join(' && ')} && exec "$@"`;
  const rights = isRoot ? [] : ['--user', '--map-root-user'];
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
  const running = estafet(['unshare', ...rights, ...namespaces, 'sh', '-c', script, 'sh', ...command, ...args], {}, [
    'setpriv',
    '--pdeathsig',
    'KILL',
  ]);
  const outer = running.child.pid;
  if (outer === undefined)
    throw new Error('There is no setpriv or unshare here: on Debian, apt-get install util-linux.');
  const pid = await eventually('the box is there', () => innerPid(outer)).catch((cause: unknown) => {
    throw new Error(`Nothing can be mounted here, not even in a namespace: run the tests as root. ${running.err()}`, {
      cause,
    });
  });
  const path = (inside: string): string => join(`/proc/${pid}/root`, inside);
  const user = isRoot ? [] : ['--user', '--preserve-credentials'];
  const enter = (inBox: readonly string[]) =>
    spawnSync('nsenter', ['--target', String(pid), '--mount', '--pid', ...user, ...inBox], { encoding: 'utf8' });
  return {
    running,
    path,
    fill: (folder) => {
      const file = openSync(path(join(folder, ballast)), 'a');
      try {
        for (const size of [65_536, 4_096]) fillBy(file, Buffer.alloc(size, 1));
      } finally {
        closeSync(file);
      }
    },
    free: (folder) => rmSync(path(join(folder, ballast))),
    kill: (inside) => {
      const { status, stderr } = enter(['kill', '-KILL', String(inside)]);
      if (status !== 0 && !/no such process/i.test(stderr)) throw new Error(stderr);
    },
    remount: (folder, how) => {
      const { status, stderr } = enter(['mount', '-o', `remount,${how}`, folder]);
      if (status !== 0) throw new Error(stderr);
    },
    [Symbol.asyncDispose]: async () => {
      running.child.kill('SIGKILL');
      await running.ended;
    },
  };
};

const fillBy = (file: number, block: Buffer): void => {
  try {
    while (writeSync(file, block) === block.length);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
};

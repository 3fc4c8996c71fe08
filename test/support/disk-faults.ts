/**
 * Makes real system calls of one process fail: the Nth write, sync or rename of a server's files, once or from then on
 * for good. strace stops the process at each such call and has the kernel answer it with the error; every other call
 * goes through. All the calls that count are made by one thread, which is why they can be counted: SQLite's and Node's
 * own synchronous ones.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What fails. A `file` is any that is not a database: written whole, once. */
export const faultKinds = ['write', 'file', 'sync', 'rename'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How the kernel says it: a broken disk, a full one, one that was made read-only. */
export type DiskError = 'EIO' | 'ENOSPC' | 'EROFS';

export interface Fault {
  readonly kind: FaultKind;
  /** Which one of its kind, from 1. */
  readonly nth: number;
  /** Whether all that come after it fail too. */
  readonly forGood: boolean;
  readonly error: DiskError;
}

/** A `?` lets strace pass over a call that this machine's kernel does not have. */
const calls: Readonly<Record<FaultKind, string>> = {
  write: '?pwrite64',
  file: '?write',
  sync: '?fsync,?fdatasync',
  rename: '?rename,?renameat,?renameat2',
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The databases of a server, its files and its folder, as words for the shell; `$$` is the server's own pid. */
const pathsOf = (data: string, name: string, kind: FaultKind): string[] => {
  const folder = join(data, name);
  const databases = [join(data, 'lock.db'), join(folder, 'log.db'), join(folder, 'chat.db')].flatMap((path) =>
    ['', '-journal', '-wal', '-shm'].map((suffix) => path + suffix),
  );
  const whole = [join(data, 'primary.json'), join(folder, 'chat.origin.new')];
  const replaced = [join(data, 'estafet.json'), join(data, 'machine.key'), join(folder, 'server.json')];
  const files = [...whole.map(quoted), ...replaced.map((path) => `${quoted(`${path}.`)}$$'.new'`)];
  switch (kind) {
    case 'write':
      return databases.map(quoted);
    case 'file':
      return files;
    case 'sync':
      return [...databases, folder, data].map(quoted);
    case 'rename':
      return files;
  }
};

/**
 * The command that runs `command`, which is to be the server `name` on `data`, with its calls of this kind counted in
 * the file `trace` and, if there is a fault, failing as it says. The process keeps its pid, its exit code and its
 * parent.
 */
export const withFault = (
  command: readonly string[],
  at: { readonly data: string; readonly name: string; readonly trace: string },
  kind: FaultKind,
  fault: Fault | null,
): [string, ...string[]] => {
  const inject = fault === null ? [] : ['-e', injection(fault)];
  const options = ['-D', '-f', '-y', '-q', '--seccomp-bpf', '-o', at.trace, '-e', `trace=${calls[kind]}`, ...inject];
  const paths = pathsOf(at.data, at.name, kind).map((path) => `-P ${path}`);
  return ['sh', '-c', `exec strace ${options.map(quoted).join(' ')} ${paths.join(' ')} "$@"`, 'sh', ...command];
};

const injection = ({ kind, nth, forGood, error }: Fault): string =>
  `inject=${calls[kind]}:error=${error}:when=${nth}${forGood ? '+' : ''}`;

const called = /^\d+\s+\w+\(/;

/** What the trace of a run without a fault counts: how many calls there were. */
export const callsIn = (trace: string): number =>
  readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => called.test(line)).length;

/** The last part of the path whose call was the first to fail, or null when none did. */
export const failedIn = (trace: string): string | null => {
  const line = readFileSync(trace, 'utf8')
    .split('\n')
    .find((one) => one.includes('(INJECTED)'));
  if (line === undefined) return null;
  const path = /<([^>]*)>|"([^"]*)"/.exec(line);
  return (path?.[1] ?? path?.[2] ?? '?')
    .split('/')
    .at(-1)!
    .replace(/\.\d+\.new$/, '');
};

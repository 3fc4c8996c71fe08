/**
 * One server under supervision: a process that is started, watched, and started again when it dies. It is in a process
 * group of its own, so that Ctrl-C in the terminal does not reach it, and it outlives the supervisor, from which it has
 * no pipe. One that an earlier supervisor left behind is adopted: watched by its pid and start time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { backoffLimits, newBackoff } from './backoff.ts';
import { openWordsFile } from './last-words.ts';
import { isRunning, type ProcessMark, processIdentity, signalProcess } from './process-identity.ts';
import { endProcesses } from './stop-servers.ts';

/** How a process ended. `lastWords` is the last sentence on its standard error; empty when it said nothing. */
export interface Death {
  readonly pid: number;
  readonly code: number | null;
  /** Also null when the process was not our child, so that we could not be told. */
  readonly signal: NodeJS.Signals | null;
  readonly lastWords: string;
}

export interface ServerProcessOptions {
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  /** Arguments of the first start only. */
  readonly firstArgs: readonly string[];
  /** The server's own folder; what the process writes to its standard error goes to `stderr.log` there. */
  readonly folder: string;
  readonly onStart: (pid: number) => void;
  readonly onDeath: (death: Death, restartInMs: number) => void;
  /** It has stopped as it was told to. */
  readonly onStop: () => void;
}

export interface ServerProcess {
  readonly name: string;
  /** The running process, or null between two. */
  readonly mark: ProcessMark | null;
  /** Deaths since it last ran long enough to serve. */
  readonly deaths: number;
  /** Between two, when it is started again: ms since 1970. Null while one runs, or until it is told to start. */
  readonly startsAt: number | null;
  /** Starts the server, or takes over the process that is it already. */
  run(adopted: ProcessMark | null): void;
  /** Starts it at once, if no process is there and it is not retired. */
  start(): void;
  /** Ends the process in order, killing it when that takes too long, and does not start it again until it is told to. */
  stop(): Promise<void>;
  /** Does not start it again from now on. */
  retire(): void;
  /** Sends a signal. Returns false when no process is there. */
  signal(signal: NodeJS.Signals): boolean;
  /** Resolves when no process is there; never while it is not retired. */
  readonly gone: Promise<void>;
}

/** How often an adopted process, of whose death nobody tells us, is looked at. */
const adoptedPollMs = 100;

/** glibc: one arena for all threads. See `serverCommand`. */
const leanMalloc = { MALLOC_ARENA_MAX: '1' };

export const newServerProcess = (options: ServerProcessOptions): ServerProcess => {
  const backoff = newBackoff();
  const gone = Promise.withResolvers<void>();
  let mark: ProcessMark | null = null;
  let deaths = 0;
  let retired = false;
  let restart: NodeJS.Timeout | null = null;
  let startsAt: number | null = null;
  let startedBefore = false;
  /** Resolved when the process is gone that was told to stop. */
  let stopping: PromiseWithResolvers<void> | null = null;

  const cancelRestart = (): void => {
    if (restart !== null) clearTimeout(restart);
    [restart, startsAt] = [null, null];
  };

  const died = (death: Death, ranMs: number): void => {
    mark = null;
    if (stopping !== null && !retired) {
      stopping.resolve();
      options.onStop();
      return;
    }
    const delayMs = backoff.next(ranMs);
    deaths = delayMs === backoffLimits.firstMs ? 1 : deaths + 1;
    options.onDeath(death, delayMs);
    stopping?.resolve();
    if (retired) {
      gone.resolve();
      return;
    }
    startsAt = Date.now() + delayMs;
    restart = setTimeout(start, delayMs);
  };

  const start = (): void => {
    cancelRestart();
    stopping = null;
    const words = openWordsFile(options.folder);
    const output = words.descriptor ?? 'ignore';
    const startedAt = performance.now();
    const [program, ...args] = options.command;
    if (!startedBefore) args.push(...options.firstArgs);
    startedBefore = true;
    let child: ChildProcess;
    try {
      const env = { ...leanMalloc, ...process.env };
      child = spawn(program, args, { detached: true, env, stdio: ['ignore', output, output] });
    } finally {
      if (words.descriptor !== null) closeSync(words.descriptor);
    }
    const pid = child.pid;
    if (pid === undefined) {
      child.once('error', (error) => died({ pid: 0, code: null, signal: null, lastWords: error.message }, 0));
      return;
    }
    mark = { pid, identity: processIdentity(pid) ?? '' };
    options.onStart(pid);
    child.once('exit', (code, signal) =>
      died({ pid, code, signal, lastWords: words.lastWords(options.name, code) }, performance.now() - startedAt),
    );
  };

  const adopt = (process: ProcessMark): void => {
    mark = process;
    const startedAt = performance.now();
    const look = setInterval(() => {
      if (isRunning(process)) return;
      clearInterval(look);
      died({ pid: process.pid, code: null, signal: null, lastWords: '' }, performance.now() - startedAt);
    }, adoptedPollMs);
  };

  return {
    name: options.name,
    get mark() {
      return mark;
    },
    get deaths() {
      return deaths;
    },
    get startsAt() {
      return startsAt;
    },
    run: (adopted) => (adopted === null ? start() : adopt(adopted)),
    start: () => {
      if (mark === null && !retired) start();
    },
    stop: async () => {
      cancelRestart();
      stopping ??= Promise.withResolvers();
      if (mark === null) return;
      const gone = stopping.promise;
      await endProcesses([mark]);
      await gone;
    },
    retire: () => {
      retired = true;
      cancelRestart();
      if (mark === null) gone.resolve();
    },
    signal: (signal) => mark !== null && signalProcess(mark, signal),
    gone: gone.promise,
  };
};

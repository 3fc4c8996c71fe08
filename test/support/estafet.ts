/** Runs the command line as people do, by `bin/estafet.js`, on the pinned Node. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../bin/estafet.js', import.meta.url));

/** A started command, and what it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves when it has ended and said all. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** How the command line is started: program and first arguments. */
export type EstafetCommand = readonly [string, ...string[]];

/** This checkout's command line. */
export const checkout: EstafetCommand = [process.execPath, entry];

/** The same, never bundled: for tests that reach into its modules. */
export const sources: EstafetCommand = [
  process.execPath,
  fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
];

/** Starts a command. Its standard input is empty, and its output no terminal. */
export const estafet = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  [program, ...first]: EstafetCommand = checkout,
): Running => {
  const child = spawn(program, [...first, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, out: () => out, err: () => err, ended };
};

/** Runs a command to its end. */
export const estafetResult = async (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  command: EstafetCommand = checkout,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> => {
  const running = estafet(args, env, command);
  const { code } = await running.ended;
  return { code, out: running.out(), err: running.err() };
};

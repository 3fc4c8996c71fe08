/**
 * A real cluster for a test: `estafet up` on free ports and a folder of its own. Whatever happens to the test, or to
 * vitest, all its processes are ended and its folder is removed: a process that outlives us sees to it (`reaper.ts`).
 *
 *     await using cluster = await startTestCluster();
 *     cluster.kill('s1');
 *     await cluster.waitFor('another primary', ({ primary }) => primary !== null && primary !== 's1');
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  runningServer,
  runningServers,
  runningSupervisor,
  type ServerStatus,
  signalProcess,
  stopCluster,
  topologyFrom,
} from '../../src/cluster/supervisor/index.ts';
import type { Role, TopologyView } from '../../src/protocol/index.ts';
import { checkout, type EstafetCommand, estafet, estafetResult, type Running } from './estafet.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './ports.ts';

export interface TestClusterOptions {
  /** How many; 3 unless told. */
  readonly servers?: number;
  /** `127.0.0.1` unless told. */
  readonly host?: string;
  /** Port of the first server; a free stretch of ports below the ephemeral ones unless told. */
  readonly port?: number;
  /** The front door's; the one after the servers' unless told. */
  readonly front?: number;
  /** The command line to run; this checkout's unless told. */
  readonly command?: EstafetCommand;
  /** Further options of `estafet up`. */
  readonly args?: readonly string[];
  /** Further variables of the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take to be ready; 30 s unless told. */
  readonly deadlineMs?: number;
}

export interface TestCluster extends AsyncDisposable {
  /** URL of the front door. */
  readonly front: string;
  /** The servers as they were when all were ready. */
  readonly servers: readonly ServerStatus[];
  /** The data folder. */
  readonly data: string;
  /** `estafet up`: its process and what it has printed. */
  readonly up: Running;
  /** The port of the first server, and the front door's. */
  readonly port: number;
  readonly frontPort: number;
  /** The pid of the server of this name now; null between two. */
  pid(name: string): number | null;
  /** The cluster as the first server that answers sees it; null when none does. */
  topology(): Promise<TopologyView | null>;
  /** Waits until the topology, as a live server sees it, is as asked. */
  waitFor(what: string, holds: (topology: TopologyView) => boolean, deadlineMs?: number): Promise<TopologyView>;
  /** Waits until there is a primary and all servers are in sync. */
  settled(deadlineMs?: number): Promise<TopologyView>;
  /** A new token; each name is a person of its own. */
  token(name?: string, role?: Role): Promise<string>;
  /** Sends a signal, SIGKILL unless told, to a server. Returns its pid; throws when it does not run. */
  kill(name: string, signal?: NodeJS.Signals): number;
  /** Kills the supervisor alone. Resolves when it is gone. */
  killSupervisor(): Promise<void>;
  /** Runs `estafet up` again with the same options, and resolves when it is ready. */
  upAgain(): Promise<Running>;
  /** Ends all processes, in order where they still listen, and removes the folder. */
  stop(): Promise<void>;
}

const reaper = fileURLToPath(new URL('./reaper.ts', import.meta.url));

const ready = async (up: Running, deadlineMs: number): Promise<{ front: string; servers: ServerStatus[] }> => {
  let ended = false;
  void up.ended.then(() => {
    ended = true;
  });
  await eventually('estafet up says that it is ready', () => ended || up.out().includes('\n'), { deadlineMs });
  const line = up.out().split('\n')[0] ?? '';
  if (line === '') throw new Error(`estafet up ended before it was ready: ${up.err()}`);
  return JSON.parse(line) as { front: string; servers: ServerStatus[] };
};

/** Starts a cluster and resolves when all its servers are ready. */
export const startTestCluster = async (options: TestClusterOptions = {}): Promise<TestCluster> => {
  const { servers: count = 3, host = '127.0.0.1', deadlineMs = 30_000, command = checkout } = options;
  const folder = mkdtempSync(join(tmpdir(), 'estafet-cluster-'));
  const data = join(folder, 'data');
  const watch = spawn(process.execPath, [reaper, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watch.unref();

  const port = options.port ?? (await freePorts(host, count + 1));
  const frontPort = options.front ?? port + count;
  const shape = ['--servers', count, '--port', port, '--front', frontPort, '--host', host, '--data', data].map(String);
  const run = (): Running => estafet(['up', ...shape, '--json', ...(options.args ?? [])], options.env, command);

  const stop = async (): Promise<void> => {
    await stopCluster(data);
    rmSync(folder, { recursive: true, force: true });
    watch.stdin.end();
  };

  const up = run();
  const told = await ready(up, deadlineMs).catch(async (error: unknown) => {
    await stop();
    throw error;
  });

  const topology = (): Promise<TopologyView | null> => topologyFrom(runningServers(data).map(({ url }) => url));
  const waitFor: TestCluster['waitFor'] = (what, holds, limitMs = 60_000) =>
    eventually(
      what,
      async () => {
        const now = await topology();
        return now !== null && holds(now) ? now : null;
      },
      { deadlineMs: limitMs },
    );

  return {
    ...told,
    data,
    up,
    port,
    frontPort,
    pid: (name) => runningServer(data, name)?.pid ?? null,
    topology,
    waitFor,
    settled: (limitMs) =>
      waitFor(
        'a primary, and all servers in sync',
        ({ primary, servers }) =>
          primary !== null && servers.filter(({ inSync, role }) => inSync && role !== 'down').length === count,
        limitMs,
      ),
    token: async (name = 'Test', role = 'member') => {
      const { code, out, err } = await estafetResult(
        ['token', '--name', name, '--role', role, '--data', data],
        {},
        command,
      );
      if (code !== 0) throw new Error(`estafet token ended with ${code}: ${err}`);
      return out.trim();
    },
    kill: (name, signal = 'SIGKILL') => {
      const server = runningServer(data, name);
      if (server === null || !signalProcess(server, signal)) throw new Error(`Server ${name} does not run.`);
      return server.pid;
    },
    killSupervisor: async () => {
      const supervisor = runningSupervisor(data);
      if (supervisor === null || !signalProcess(supervisor, 'SIGKILL')) throw new Error('There is no supervisor.');
      await eventually('the supervisor is gone', () => runningSupervisor(data) === null);
    },
    upAgain: async () => {
      const again = run();
      await ready(again, deadlineMs);
      return again;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};

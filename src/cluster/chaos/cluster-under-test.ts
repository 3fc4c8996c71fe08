/**
 * A real cluster for a run: `estafet up` as a child process on a data folder and ports of its own. Nothing here knows
 * how the servers work; it finds them by the files in which they say who they are, asks each over HTTP, and signals
 * only processes that those files name and whose start time agrees.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerView, TopologyView } from '../../protocol/index.ts';
import { readMachineKey, runningServers } from '../supervisor/data-folder.ts';
import { portTrouble } from '../supervisor/network.ts';
import { isRunning, type ProcessMark, signalProcess } from '../supervisor/process-identity.ts';
import { ask } from './api.ts';
import type { ChaosOptions } from './options.ts';
import { ChaosFailure, until } from './waiting.ts';

const host = '127.0.0.1';
/** This file and that one have the same ending, in a checkout as in an installed package. */
const reaperPath = fileURLToPath(import.meta.url).replace(/cluster-under-test(\.[jt]s)$/, 'reaper$1');
/** Where the search for free ports begins: below the ports that outgoing connections get, which could take a dead server's. */
const firstPort = 5_500;
const lastPort = 5_599;

/** The newest output of `estafet up` that is kept to explain a failure. */
const outputMaxChars = 8_000;

export interface ClusterUnderTest {
  readonly data: string;
  readonly names: readonly string[];
  readonly machineKey: string;
  /** A server's own address, the same for as long as the cluster runs. */
  url(name: string): string;
  /** What each server itself says of the cluster now; null for one that does not answer. */
  topologies(): Promise<readonly (TopologyView | null)[]>;
  /** How far every server that answers has applied the log, by its own account. */
  applied(): Promise<number>;
  /** The primary's name when all servers are in sync. Throws when most of them know none. */
  requirePrimary(): Promise<string>;
  /** Resolves when all servers run, follow one primary and are in its in-sync set. Rejects after `maxMs`. */
  whenInSync(maxMs: number, signal: AbortSignal): Promise<void>;
  /** The process that is this server now; null when none is. */
  mark(name: string): ProcessMark | null;
  isRunning(mark: ProcessMark): boolean;
  /** Signals the process of this server, and that one only. Returns false when it is gone. */
  signal(mark: ProcessMark, signal: NodeJS.Signals): boolean;
  /** Removes what this server has on its disk. It must have been killed just before: the next process opens it soon. */
  wipe(name: string): void;
  /** Pairs of fingerprints that differ at one index, in words; looked for in every answer of `topologies`. */
  readonly divergences: readonly string[];
  /** Stops every process and removes what is temporary. Never throws. */
  stop(): Promise<void>;
}

const isAlive = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

const isFree = async (first: number, count: number): Promise<boolean> => {
  for (let port = first; port < first + count; port++) if ((await portTrouble(host, port)) !== null) return false;
  return true;
};

/** The first of `count` ports in a row that are all free. */
const freePorts = async (count: number): Promise<number> => {
  for (let first = firstPort; first + count - 1 <= lastPort; first += count)
    if (await isFree(first, count)) return first;
  throw new ChaosFailure(
    `no ${count} ports in a row are free between ${firstPort} and ${lastPort}; choose with --port`,
  );
};

/** Starts a cluster. It is not ready yet: see `whenInSync`. */
export const startClusterUnderTest = async (options: ChaosOptions): Promise<ClusterUnderTest> => {
  const { up, servers } = options;
  const port = options.port ?? (await freePorts(servers + 1));
  const data = options.data === null ? mkdtempSync(join(tmpdir(), 'estafet-chaos-')) : resolve(options.data);
  mkdirSync(data, { recursive: true });
  const reaper = spawn(process.execPath, [reaperPath, data, options.data === null ? 'remove' : 'keep'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const [program, ...args] = up;
  const shape = ['--servers', servers, '--port', port, '--front', port + servers, '--host', host, '--data', data];
  // A process group of its own: Ctrl-C in the terminal is for us, and we stop the cluster in order.
  const supervisor = spawn(program, [...args, ...shape.map(String), '--json'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputMaxChars);
    });
  }
  supervisor.once('error', (error) => {
    output += error.message;
  });

  const names = Array.from({ length: servers }, (_, at) => `s${at + 1}`);
  const url = (name: string): string => `http://${host}:${port + names.indexOf(name)}`;
  const fingerprints = newFingerprints();

  const topologies = (): Promise<readonly (TopologyView | null)[]> =>
    Promise.all(
      names.map(async (name) => {
        const answer = await ask(url(name), '/topology', { maxMs: 1_000 }).catch(() => null);
        if (answer?.status !== 200) return null;
        const topology = answer.body as TopologyView;
        for (const server of topology.servers) fingerprints.see(server);
        return topology;
      }),
    );

  const mark = (name: string): ProcessMark | null => {
    const file = runningServers(data).find((server) => server.name === name);
    return file === undefined ? null : { pid: file.pid, identity: file.identity };
  };

  const whenInSync = async (maxMs: number, signal: AbortSignal): Promise<void> => {
    let seen: readonly (TopologyView | null)[] = [];
    await until(
      async () => {
        if (!isAlive(supervisor)) {
          throw new ChaosFailure(`estafet up has ended. Its last words:\n${output}`);
        }
        const running = runningServers(data);
        seen = await topologies();
        return isInSync(seen, running) ? true : null;
      },
      { maxMs, everyMs: 40, signal, what: () => `the servers are not in sync: ${describe(names, seen)}\n${output}` },
    );
  };

  const primary = async (): Promise<string | null> => {
    const votes = (await topologies()).flatMap((topology) => topology?.primary ?? []);
    return votes.find((name) => votes.filter((vote) => vote === name).length * 2 > votes.length) ?? null;
  };

  return {
    data,
    names,
    get machineKey() {
      return readMachineKey(data);
    },
    url,
    topologies,
    applied: async () => {
      const own = (await topologies()).flatMap((topology) => {
        return topology?.servers.find(({ name }) => name === topology.you)?.applied ?? [];
      });
      return own.length === 0 ? 0 : Math.min(...own);
    },
    requirePrimary: async () => {
      const name = await primary();
      if (name === null) throw new ChaosFailure('all servers are in sync, and most of them know no primary');
      return name;
    },
    whenInSync,
    mark,
    isRunning,
    signal: signalProcess,
    wipe: (name) => {
      const folder = join(data, name);
      for (const file of readdirSync(folder))
        if (/^(log|chat)\.db/.test(file)) rmSync(join(folder, file), { force: true });
    },
    divergences: fingerprints.divergences,
    stop: async () => {
      await stopProcesses(supervisor, data);
      if (options.data === null) rmSync(data, { recursive: true, force: true, maxRetries: 5 });
      reaper.kill('SIGKILL');
    },
  };
};

/** Every server answers, names one primary of one epoch, has all in sync, and is the process that runs now. */
const isInSync = (
  topologies: readonly (TopologyView | null)[],
  running: readonly { readonly name: string; readonly pid: number }[],
): boolean => {
  const first = topologies[0];
  if (!first || first.primary === null) return false;
  return topologies.every(
    (topology) =>
      topology !== null &&
      topology.primary === first.primary &&
      topology.epoch === first.epoch &&
      topology.servers.length === topologies.length &&
      topology.servers.every(({ name, pid, role, inSync }) => {
        return role !== 'down' && inSync && running.some((server) => server.name === name && server.pid === pid);
      }),
  );
};

const describe = (names: readonly string[], topologies: readonly (TopologyView | null)[]): string =>
  names
    .map((name, at) => {
      const topology = topologies[at];
      if (!topology) return `${name} does not answer`;
      const servers = topology.servers.map(
        (server) => `${server.name} ${server.role}${server.inSync ? '' : ' not in sync'}`,
      );
      return `${name} sees epoch ${topology.epoch}: ${servers.join(', ')}`;
    })
    .join('; ');

/** Compares every fingerprint that any server shows with the others at the same index. */
const newFingerprints = () => {
  const seen = new Map<number, { readonly name: string; readonly fingerprint: string }>();
  const divergences: string[] = [];
  return {
    divergences,
    see: ({ name, applied, fingerprint }: ServerView): void => {
      if (fingerprint === '') return;
      const other = seen.get(applied);
      if (other === undefined) seen.set(applied, { name, fingerprint });
      else if (other.fingerprint !== fingerprint) {
        divergences.push(`${name} and ${other.name} differ at ${applied}: ${fingerprint}, ${other.fingerprint}`);
      }
    },
  };
};

/** Longer than the servers' own bound for stopping in order, twice. */
const stopMaxMs = 25_000;

/** Asks the supervisor to stop all, and kills what is still there. */
const stopProcesses = async (supervisor: ChildProcess, data: string): Promise<void> => {
  const isUp = (): boolean => isAlive(supervisor);
  // A stopped process does not hear SIGTERM.
  for (const server of runningServers(data)) signalProcess(server, 'SIGCONT');
  if (isUp()) supervisor.kill('SIGTERM');
  const deadline = performance.now() + stopMaxMs;
  while (isUp() && performance.now() < deadline) await pause(20);
  if (isUp()) supervisor.kill('SIGKILL');
  while (isUp()) await pause(20);
  const left = runningServers(data);
  for (const server of left) signalProcess(server, 'SIGKILL');
  while (left.some(isRunning)) await pause(20);
};

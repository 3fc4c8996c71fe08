/**
 * Runs a cluster on this machine: one process a server. It starts them, starts again what dies, adopts what an earlier
 * supervisor left running, and stops all in order. It is no part of what the cluster promises: when it is killed the
 * servers go on serving, and the next supervisor takes them over.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerRole, TopologyView } from '../../protocol/index.ts';
import { type CatchUpNews, CatchUps } from './catch-up.ts';
import {
  claimSupervision,
  ensureMachineKey,
  openDataFolder,
  releaseSupervision,
  runningServer,
} from './data-folder.ts';
import { type FrontForwarder, startFrontForwarder } from './front-forwarder.ts';
import { HangWatch } from './hang-watch.ts';
import { urlOf } from './network.ts';
import { type ClusterShape, checkShape, type PlannedServer, planCluster } from './plan.ts';
import { isReady, topologyFrom, unreadinessFrom } from './probe.ts';
import { exitCodes, Refusal } from './refusal.ts';
import { type Death, newServerProcess, type ServerProcess } from './server-process.ts';
import { stopServers } from './stop-servers.ts';

/** Something that a person at the terminal wants to know. */
export type ClusterEvent =
  | { readonly what: 'started'; readonly name: string; readonly pid: number }
  | { readonly what: 'ready'; readonly name: string; readonly pid: number }
  | { readonly what: 'died'; readonly name: string; readonly death: Death; readonly restartInMs: number }
  | { readonly what: 'hung'; readonly name: string; readonly pid: number }
  | { readonly what: 'primary'; readonly name: string; readonly epoch: number }
  | CatchUpNews;

export interface ClusterOptions extends ClusterShape {
  /** Program and first arguments of the command line; `serve` and its options are added. */
  readonly command: readonly [string, ...string[]];
  /** The version of Estafet. */
  readonly version: string;
  /** Further options of `serve`. */
  readonly serveOptions: readonly string[];
  /** Name of a server that is to lead with the log it has, whatever the manifest says: an operator's last resort. */
  readonly unsafePromote?: string;
  readonly onEvent: (event: ClusterEvent) => void;
}

/** One server as it is now. */
export interface ServerStatus {
  readonly name: string;
  readonly url: string;
  readonly pid: number | null;
  readonly role: ServerRole;
}

export interface Cluster {
  /** URL of the front door, as this machine reaches it. */
  readonly front: string;
  /**
   * Resolves when all servers are ready, or at least one is and the others fail again and again. Rejects with a Refusal
   * when none can be had; nothing runs then. Also resolves when the cluster is stopped before it is ready.
   */
  readonly ready: Promise<void>;
  status(): ServerStatus[];
  /** Stops all servers in order, the primary last, and resolves when none runs. */
  stop(): Promise<void>;
  /** Kills all servers at once. */
  kill(): void;
}

/** A server that dies this often in a row while the cluster starts is not waited for. */
const startDeathsMax = 3;
const startDeadlineMs = 30_000;
/** How long roles may take to show after all servers are ready. */
const rolesDeadlineMs = 2_000;
/** The others are started when the first has said who it is, or after this. */
const headStartMs = 1_000;
const headStartPollMs = 10;
const startingPollMs = 50;
const quietPollMs = 500;

interface Supervised {
  readonly planned: PlannedServer;
  readonly process: ServerProcess;
  ready: boolean;
  lastDeath: Death | null;
}

/**
 * Checks that nothing is in the way and starts the cluster.
 * @throws Refusal when something is; nothing was started then
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  checkShape(options);
  openDataFolder(options.data, options.version);
  claimSupervision(options.data);
  try {
    ensureMachineKey(options.data);
    const plan = await planCluster(options);
    return await supervise(options, plan);
  } catch (error) {
    releaseSupervision(options.data);
    throw error;
  }
};

const serveArgs = (options: ClusterOptions, { name, port }: PlannedServer): string[] => [
  ...['serve', '--name', name, '--port', String(port), '--host', options.host, '--data', options.data],
  ...(options.forwarder ? [] : ['--front', String(options.front)]),
  ...options.serveOptions,
];

const supervise = async (options: ClusterOptions, plan: readonly PlannedServer[]): Promise<Cluster> => {
  let stopping = false;
  let topology: TopologyView | null = null;

  const newSupervised = (planned: PlannedServer): Supervised => {
    const { name } = planned;
    const process = newServerProcess({
      name,
      command: [...options.command, ...serveArgs(options, planned)],
      firstArgs: options.unsafePromote === name ? ['--unsafe-promote'] : [],
      folder: join(options.data, name),
      onStart: (pid) => options.onEvent({ what: 'started', name, pid }),
      onDeath: (death, restartInMs) => {
        one.ready = false;
        one.lastDeath = death;
        if (!stopping) options.onEvent({ what: 'died', name, death, restartInMs });
      },
    });
    const one: Supervised = { planned, process, ready: false, lastDeath: null };
    return one;
  };
  const all = plan.map(newSupervised);

  /** Ports of the servers for the next connection: ready ones in turn, then the others. */
  let turn = 0;
  const targets = (): number[] => {
    turn = (turn + 1) % all.length;
    const inTurn = [...all.slice(turn), ...all.slice(0, turn)];
    return [...inTurn.filter(({ ready }) => ready), ...inTurn.filter(({ ready }) => !ready)].map(
      ({ planned }) => planned.port,
    );
  };
  const forwarder: FrontForwarder | null = options.forwarder
    ? await startFrontForwarder({ host: options.host, port: options.front, targets })
    : null;

  const catchUps = new CatchUps();
  const lookOnce = async (): Promise<void> => {
    const starting = all.filter(({ ready, process }) => !ready && process.mark !== null);
    await Promise.all(
      starting.map(async (one) => {
        const { mark } = one.process;
        if (!(await isReady(one.planned.url)) || mark === null || one.process.mark !== mark) return;
        one.ready = true;
        if (!stopping) options.onEvent({ what: 'ready', name: one.planned.name, pid: mark.pid });
      }),
    );
    const before = topology;
    topology = (await topologyFrom(all.filter(({ ready }) => ready).map(({ planned }) => planned.url))) ?? topology;
    if (topology === null || topology.primary === null || stopping) return;
    for (const news of catchUps.look(topology, performance.now())) options.onEvent(news);
    if (before?.primary !== topology.primary || before.epoch !== topology.epoch) {
      options.onEvent({ what: 'primary', name: topology.primary, epoch: topology.epoch });
    }
  };

  const roleOf = ({ planned, ready }: Supervised): ServerRole =>
    ready ? (topology?.servers.find(({ name }) => name === planned.name)?.role ?? 'down') : 'down';

  const hasFailed = ({ ready, process }: Supervised): boolean => !ready && process.deaths >= startDeathsMax;

  /** The first server gets a head start, so that as a rule it is the first primary: the one that people look for. */
  const launch = async (): Promise<void> => {
    const [first, ...others] = all;
    if (first === undefined) return;
    first.process.run(first.planned.adopted);
    const deadline = performance.now() + headStartMs;
    const hasBegun = (): boolean =>
      first.process.deaths > 0 || runningServer(options.data, first.planned.name) !== null;
    while (!stopping && !hasBegun() && performance.now() < deadline) await pause(headStartPollMs);
    if (!stopping) for (const { planned, process } of others) process.run(planned.adopted);
  };

  const start = async (): Promise<void> => {
    await launch();
    const deadline = performance.now() + startDeadlineMs;
    while (!stopping && performance.now() < deadline && !all.every((one) => one.ready || hasFailed(one))) {
      await lookOnce();
      await pause(startingPollMs);
    }
    if (stopping) return;
    if (!all.some(({ ready }) => ready)) {
      const why = await unreadinessFrom(all.map(({ planned }) => planned.url));
      // Before the stop, which ends one that is just being started again, and says nothing about why.
      const death = all.find(({ lastDeath }) => lastDeath !== null)?.lastDeath;
      await stop();
      if (death === null || death === undefined) {
        throw new Refusal(
          'unavailable',
          `No server was ready within ${startDeadlineMs / 1000} s. ${why ?? ''} Their logs are in ${join(options.data, '<server>', 'server.log')}.`,
        );
      }
      throw new Refusal(death.code ?? exitCodes.software, `The servers do not start. ${death.lastWords}`);
    }
    const rolesDeadline = performance.now() + rolesDeadlineMs;
    while (performance.now() < rolesDeadline && all.some((one) => one.ready && roleOf(one) === 'down')) {
      await pause(startingPollMs);
      await lookOnce();
    }
  };

  const hangWatch = new HangWatch();
  /** Kills a server that does not answer any more; the others have long gone on without it. */
  const killHung = async (one: Supervised): Promise<void> => {
    const { mark } = one.process;
    if (!one.ready || mark === null || !(await hangWatch.isHung(one.planned.name, one.planned.url, mark))) return;
    if (stopping || one.process.mark !== mark) return;
    options.onEvent({ what: 'hung', name: one.planned.name, pid: mark.pid });
    one.process.signal('SIGKILL');
  };

  const watch = async (): Promise<void> => {
    while (!stopping) {
      await pause(all.every(({ ready }) => ready) ? quietPollMs : startingPollMs);
      for (const one of all) void killHung(one);
      await lookOnce();
    }
  };

  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll());
  const stopAll = async (): Promise<void> => {
    stopping = true;
    for (const { process } of all) process.retire();
    await stopServers(
      all.flatMap(({ planned, process }) => (process.mark === null ? [] : [{ ...process.mark, ...planned }])),
    );
    await Promise.all(all.map(({ process }) => process.gone));
    await forwarder?.close();
    releaseSupervision(options.data);
  };

  const ready = start();
  ready.then(watch, () => undefined);

  return {
    front: urlOf(options.host, options.front),
    ready,
    status: () =>
      all.map((one) => ({
        name: one.planned.name,
        url: one.planned.url,
        pid: one.process.mark?.pid ?? null,
        role: roleOf(one),
      })),
    stop,
    kill: () => {
      stopping = true;
      for (const { process } of all) {
        process.retire();
        process.signal('SIGKILL');
      }
      releaseSupervision(options.data);
    },
  };
};

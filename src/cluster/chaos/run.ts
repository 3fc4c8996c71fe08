/**
 * One chaos run: a real cluster, real clients under load, faults at random moments, and at the end the judgement of the
 * checker over everything that was seen from outside. Leaves no process and no folder behind, however it ends.
 */
import { performance } from 'node:perf_hooks';
import { checkHistory } from '../checker/index.ts';
import { closeConnections } from './api.ts';
import { type ClusterUnderTest, startClusterUnderTest } from './cluster-under-test.ts';
import { startHttpPoster } from './http-poster.ts';
import type { LoadContext, Poster } from './load.ts';
import { type FaultRecord, planFaults, runNemesis } from './nemesis.ts';
import { type ChaosOptions, chaosLimits } from './options.ts';
import { prepareWorkspace, type Workspace } from './people.ts';
import { newRandom, type Random } from './random.ts';
import { newRecorder, type Recorder } from './recorder.ts';
import { type ChaosReport, reportOf } from './report.ts';
import { type SdkClient, startSdkClient } from './sdk-client.ts';
import { readHistories, whenSettled } from './settle.ts';
import { ChaosFailure, until } from './waiting.ts';

/** Rooms that the load posts to; one more is for the probes. */
const loadRooms = 4;

export interface ChaosWatch {
  /** Ends the run early, with its reason. */
  readonly signal: AbortSignal;
  /** Gets a line whenever something happened. */
  readonly onProgress: (line: string) => void;
}

interface Load {
  readonly sdkClients: readonly SdkClient[];
  readonly posters: readonly Poster[];
}

/** Runs chaos. Rejects with a ChaosFailure when the run could not be carried out to its end. */
export const runChaos = async (options: ChaosOptions, watch: ChaosWatch): Promise<ChaosReport> => {
  const cluster = await startClusterUnderTest(options);
  const sdkClients: SdkClient[] = [];
  try {
    watch.onProgress(
      `${options.servers} servers start on ${cluster.url('s1')} and the ports after it, seed ${options.seed}`,
    );
    return await runOn(cluster, options, watch, sdkClients);
  } catch (error) {
    // What an abort broke off is not the reason.
    if (watch.signal.aborted) throw watch.signal.reason;
    throw error;
  } finally {
    for (const client of sdkClients) client.close();
    closeConnections();
    await cluster.stop();
  }
};

const runOn = async (
  cluster: ClusterUnderTest,
  options: ChaosOptions,
  { signal, onProgress }: ChaosWatch,
  sdkClients: SdkClient[],
): Promise<ChaosReport> => {
  const random = newRandom(options.seed);
  const recorder = newRecorder();
  await cluster.whenInSync(chaosLimits.startMaxMs, signal);
  const workspace = await prepareWorkspace(cluster, namesOf(options), loadRooms + 1);
  // From here on everybody is in every room, on every server.
  const { index: after } = await whenSettled(cluster, signal);

  const startedAt = performance.now();
  const load = startLoad(cluster, options, workspace, random.fork(), recorder, after, sdkClients);
  const records = await runNemesis(planFaults(options, random), {
    cluster,
    random,
    recorder,
    token: workspace.tokens.get(probeName)!,
    room: workspace.rooms.at(-1)!,
    signal,
    whenConnected: () => untilConnected(sdkClients, signal),
    onFault: (record, at, of) =>
      onProgress(`${at}/${of} ${faultLine(record)}; ${recorder.acknowledged} acknowledged so far`),
  }).catch(async (error) => {
    await stopLoad(load);
    throw error;
  });
  await stopLoad(load);
  await untilAnswered(recorder, signal);
  const loadMs = performance.now() - startedAt;

  onProgress('the load has ended; waiting until every server has everything');
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const settled = await whenSettled(cluster, signal);
  const servers = await readHistories(cluster, workspace.tokens.get(probeName)!, workspace.rooms);
  const newest = Math.max(after, ...servers.map(({ entries }) => entries.at(-1)?.index ?? 0));
  await untilReceived(sdkClients, newest, signal);

  onProgress('checking');
  const operations = recorder.operations();
  const streams = sdkClients.flatMap((client) => client.streams(newest));
  const verdict = checkHistory({ operations, reads: recorder.reads, streams, servers });
  return reportOf({
    options,
    verdict,
    records,
    operations,
    divergences: cluster.divergences,
    contradictions: recorder.contradictions,
    turnedAway: sdkClients.flatMap(({ turnedAway }, at) =>
      turnedAway === null ? [] : [`${sdkName(at)} was told that its session is no good: ${turnedAway}`],
    ),
    received: streams.reduce((sum, { received }) => sum + received.length, 0),
    connections: sdkClients.reduce((sum, { connections }) => sum + connections, 0),
    resets: sdkClients.reduce((sum, { resets }) => sum + resets, 0),
    reads: recorder.reads.length,
    ...settled,
    loadMs,
  });
};

const probeName = 'probe';
const sdkName = (at: number): string => `client-${at + 1}`;
const posterName = (at: number): string => `poster-${at + 1}`;

const namesOf = ({ clients, servers }: ChaosOptions): string[] => [
  probeName,
  ...Array.from({ length: clients }, (_, at) => sdkName(at)),
  ...Array.from({ length: servers }, (_, at) => posterName(at)),
];

/** Starts all clients, an equal part of them at each server first. */
const startLoad = (
  cluster: ClusterUnderTest,
  options: ChaosOptions,
  { tokens, rooms }: Workspace,
  random: Random,
  recorder: Recorder,
  after: number,
  sdkClients: SdkClient[],
): Load => {
  const rate = options.rate / (options.clients + options.servers);
  const context = (name: string, first: number): LoadContext => {
    const servers = cluster.names.map((_, at) => cluster.names[(first + at) % cluster.names.length]!);
    return {
      name,
      token: tokens.get(name)!,
      servers: servers.map((server) => ({ name: server, url: cluster.url(server) })),
      // The SDK clients are subscribed to the probes' room as well, and now and then write there.
      rooms,
      rate,
      random: random.fork(),
      recorder,
    };
  };
  for (let at = 0; at < options.clients; at++) sdkClients.push(startSdkClient(context(sdkName(at), at), after));
  const posters = cluster.names.map((_, at) => startHttpPoster(context(posterName(at), at)));
  return { sdkClients, posters };
};

const stopLoad = async ({ sdkClients, posters }: Load): Promise<void> => {
  await Promise.all([...sdkClients, ...posters].map((poster) => poster.stop()));
};

/** Waits for the last answers. What has none when the bound passes stays unknown, which is no fault. */
const untilAnswered = (recorder: Recorder, signal: AbortSignal): Promise<unknown> =>
  until(() => (recorder.open === 0 ? true : null), {
    maxMs: chaosLimits.drainMaxMs,
    signal,
    what: () => `${recorder.open} messages have no answer`,
  }).catch(onlyChaosFailure);

const untilConnected = async (clients: readonly SdkClient[], signal: AbortSignal): Promise<void> => {
  await until(() => (clients.every(({ isSettled }) => isSettled) ? true : null), {
    maxMs: chaosLimits.recoverMaxMs,
    signal,
    what: () => `${clients.filter(({ isSettled }) => !isSettled).length} clients do not find a server`,
  });
};

/** Waits until every client has everything. What one has not received when the bound passes is a gap. */
const untilReceived = (clients: readonly SdkClient[], index: number, signal: AbortSignal): Promise<unknown> =>
  until(() => (clients.every(({ position }) => position >= index) ? true : null), {
    maxMs: chaosLimits.settleMaxMs,
    signal,
    what: () => `some clients have not received everything up to ${index}`,
  }).catch(onlyChaosFailure);

const onlyChaosFailure = (error: unknown): void => {
  if (!(error instanceof ChaosFailure)) throw error;
};

const faultLine = ({ kind, servers, writesResumedMs, inSyncMs }: FaultRecord): string => {
  const what = {
    'kill-primary': 'killed the primary',
    'pause-primary': 'paused the primary',
    'kill-backup': 'killed the backup',
    blackout: 'killed all servers,',
    storm: 'killed, one after the other,',
    freeze: 'froze the backups and killed the primary,',
    wipe: 'killed the primary and removed its disk,',
  }[kind];
  const resumed = writesResumedMs === null ? '' : ` writes went on after ${writesResumedMs.toFixed(1)} ms,`;
  return `${what} ${servers.join(', ')}:${resumed} all in sync after ${(inSyncMs / 1_000).toFixed(2)} s`;
};

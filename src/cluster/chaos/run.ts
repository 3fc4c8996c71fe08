/**
 * One chaos run: a real cluster, real clients under load, faults at random moments, and at the end the judgement of the
 * checker over everything that was seen from outside. Leaves no process and no folder behind, however it ends.
 */
import { performance } from 'node:perf_hooks';
import { checkHistory } from '../checker/index.ts';
import { Actor } from './actor.ts';
import { closeConnections } from './api.ts';
import { type ClusterUnderTest, startClusterUnderTest } from './cluster-under-test.ts';
import { Entries } from './events.ts';
import { startHttpClient } from './http-client.ts';
import type { Client, LoadContext } from './load.ts';
import { type FaultRecord, planFaults, runNemesis } from './nemesis.ts';
import { type ChaosOptions, chaosLimits } from './options.ts';
import { prepareWorkspace, sayTheEnd, type Workspace, witness } from './people.ts';
import { newRandom, type Random } from './random.ts';
import { newRecorder, type Recorder } from './recorder.ts';
import { type ChaosReport, reportOf } from './report.ts';
import { type SdkClient, startSdkClient } from './sdk-client.ts';
import { newServerHistories } from './server-histories.ts';
import { compareFingerprints, readContents, whenSettled } from './settle.ts';
import { ChaosFailure, until } from './waiting.ts';

/** Rooms that the load begins with; one more is for the probes. */
const loadRooms = 4;
/** Clients with the SDK that are in the probes' room. The probes write so much that all of them would be a load of their own. */
const listeners = 2;

export interface ChaosWatch {
  /** Ends the run early, with its reason. */
  readonly signal: AbortSignal;
  /** Gets a line whenever something happened. */
  readonly onProgress: (line: string) => void;
}

interface Load {
  readonly sdkClients: readonly SdkClient[];
  readonly httpClients: readonly Client[];
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
  const entries = new Entries();
  await cluster.whenInSync(chaosLimits.startMaxMs, signal);
  const people = [probeName, ...names(options.clients, sdkName), ...names(options.servers, httpName)];
  const nearProbes = [probeName, ...names(Math.min(options.clients, listeners), sdkName)];
  const workspace = await prepareWorkspace(cluster, { people, nearProbes, rooms: loadRooms }, recorder);
  // From here on everybody is in every room, on every server.
  const { index: after } = await whenSettled(cluster, signal);
  const { tokens, nameOf, probeRoom } = workspace;
  const servers = cluster.names.map((name) => ({ name, url: cluster.url(name) }));
  const histories = newServerHistories(servers, { name: witness, token: tokens.get(witness)!, nameOf }, entries);

  const startedAt = performance.now();
  const load = startLoad(servers, options, workspace, { random: random.fork(), recorder, entries, after }, sdkClients);
  const records = await runNemesis(planFaults(options, random), {
    cluster,
    random,
    recorder,
    probe: { name: probeName, token: tokens.get(probeName)!, room: probeRoom },
    signal,
    whenConnected: () => untilConnected(sdkClients, signal),
    onFault: async (record, at, of) => {
      onProgress(`${at}/${of} ${faultLine(record)}; ${recorder.acknowledged} acknowledged so far`);
      const applied = await cluster.applied();
      if (histories.isDue(applied)) await histories.readUpto(applied);
    },
  }).catch(async (error) => {
    await stopLoad(load);
    throw error;
  });
  await stopLoad(load);
  await untilAnswered(recorder, signal);
  const loadMs = performance.now() - startedAt;

  onProgress('the load has ended; waiting until every server has everything');
  await cluster.whenInSync(chaosLimits.recoverMaxMs, signal);
  const end = await sayTheEnd(cluster, workspace, recorder);
  const settled = await whenSettled(cluster, signal);
  await untilReceived(sdkClients, end, signal);
  onProgress('reading what each server tells and holds');
  await histories.readUpto(settled.index);
  const contents = await readContents(cluster, workspace);
  const differences = await compareFingerprints(cluster, settled.index);

  onProgress('checking');
  const operations = recorder.operations();
  const streams = sdkClients.flatMap((client) => client.streams(end));
  const { reads, losses } = recorder;
  const verdict = checkHistory({ operations, reads, losses, streams, servers: histories.all, contents });
  return reportOf({
    options,
    verdict,
    records,
    operations,
    divergences: [...cluster.divergences, ...differences],
    contradictions: recorder.contradictions,
    turnedAway: sdkClients.flatMap(({ name, turnedAway }) =>
      turnedAway === null ? [] : [`${name} was told that its session is no good: ${turnedAway}`],
    ),
    received: streams.reduce((sum, { received }) => sum + received.length, 0),
    connections: sdkClients.reduce((sum, { connections }) => sum + connections, 0),
    resets: sdkClients.reduce((sum, { resets }) => sum + resets, 0),
    reads: reads.length,
    ...settled,
    loadMs,
  });
};

const probeName = 'probe';
const sdkName = (at: number): string => `client-${at + 1}`;
const httpName = (at: number): string => `http-${at + 1}`;
const names = (count: number, nameAt: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => nameAt(at));

/** What all clients of a run share. */
interface Shared {
  readonly random: Random;
  readonly recorder: Recorder;
  readonly entries: Entries;
  /** The position after which their streams begin. */
  readonly after: number;
}

/** Starts all clients, an equal part of them at each server first. */
const startLoad = (
  servers: readonly { readonly name: string; readonly url: string }[],
  options: ChaosOptions,
  { tokens, nameOf, rooms }: Workspace,
  { random, recorder, entries, after }: Shared,
  sdkClients: SdkClient[],
): Load => {
  const rate = options.rate / (options.clients + options.servers);
  const context = (name: string, first: number): LoadContext => ({
    actor: new Actor(name, rooms, random.fork(), recorder),
    token: tokens.get(name)!,
    servers: servers.map((_, at) => servers[(first + at) % servers.length]!),
    rate,
    entries,
    nameOf,
  });
  for (let at = 0; at < options.clients; at++) sdkClients.push(startSdkClient(context(sdkName(at), at), after));
  return { sdkClients, httpClients: servers.map((_, at) => startHttpClient(context(httpName(at), at))) };
};

const stopLoad = async ({ sdkClients, httpClients }: Load): Promise<void> => {
  await Promise.all([...sdkClients, ...httpClients].map((client) => client.stop()));
};

/** Waits for the last answers. What has none when the bound passes stays unknown, which is no fault. */
const untilAnswered = (recorder: Recorder, signal: AbortSignal): Promise<unknown> =>
  until(() => (recorder.open === 0 ? true : null), {
    maxMs: chaosLimits.drainMaxMs,
    signal,
    what: () => `${recorder.open} commands have no answer`,
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

const faultLine = (record: FaultRecord): string => {
  const { kind, servers, writesResumedMs, longestWritesMs, inSyncMs, stolenMs } = record;
  const what = {
    'kill-primary': 'killed the primary',
    'pause-primary': 'paused the primary',
    'kill-backup': 'killed the backup',
    double: 'killed the primary and who followed it,',
    rolling: 'restarted in order, one after the other,',
    blackout: 'killed all servers,',
    storm: 'killed, one after the other,',
    freeze: 'froze the backups and killed the primary,',
    wipe: 'killed the primary and removed its disk,',
  }[kind];
  const resumed = writesResumedMs === null ? '' : ` writes went on after ${writesResumedMs.toFixed(1)} ms,`;
  const longest =
    longestWritesMs.length === 0 ? '' : ` no write took more than ${Math.max(...longestWritesMs).toFixed(1)} ms,`;
  const stolen = (stolenMs ?? 0) === 0 ? '' : `; the host withheld ${stolenMs} ms of the processors’ time`;
  return `${what} ${servers.join(', ')}:${resumed}${longest} all in sync after ${(inSyncMs / 1_000).toFixed(2)} s${stolen}`;
};

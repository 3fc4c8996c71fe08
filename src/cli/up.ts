/** `estafet up`: runs the supervisor of a cluster in this process, and tells the person at the terminal what happens. */
import { newAuditPanel } from '../cluster/audit/index.ts';
import { type ClusterEvent, lanAddress, startCluster } from '../cluster/supervisor/index.ts';
import { openAuditSession } from './audit-session.ts';
import { serverCommand, version, webRoot } from './package-paths.ts';
import { banner, eventLine, summary } from './up-banner.ts';

export interface UpOptions {
  readonly servers: number;
  readonly port: number;
  readonly front: number;
  readonly host: string;
  readonly data: string;
  readonly workspace?: string;
  readonly snapshotEvery: number;
  /** Whether people may break things on purpose. */
  readonly chaos: boolean;
  readonly unsafePromote?: string;
  readonly json?: boolean;
}

/** Ctrl-C reaches us from the terminal and from whatever passes signals on, at the same time; that is one Ctrl-C. */
const sameSignalMs = 500;
const killedExitCode = 130;

/** Where the operating system does not balance connections over processes that share a port, the supervisor does it. */
const needsForwarder = (): boolean => process.platform !== 'linux' || process.env.ESTAFET_FRONT === 'forwarder';

/** Starts the cluster, and resolves when it is ready. The process then lives until the cluster is stopped. */
export const up = async (options: UpOptions): Promise<void> => {
  const quiet = options.json === true;
  let isReady = false;
  const onEvent = (event: ClusterEvent): void => {
    const line = eventLine(event, isReady);
    if (line !== null && !quiet) process.stdout.write(`${line}\n`);
  };
  const cluster = await startCluster({
    servers: options.servers,
    port: options.port,
    front: options.front,
    host: options.host,
    data: options.data,
    forwarder: needsForwarder(),
    command: serverCommand(),
    version: version(),
    serveOptions: [
      ...['--snapshot-every', String(options.snapshotEvery)],
      ...(options.chaos ? [] : ['--no-chaos']),
      ...(options.workspace === undefined ? [] : ['--workspace', options.workspace]),
    ],
    ...(options.unsafePromote === undefined ? {} : { unsafePromote: options.unsafePromote }),
    audit: (entries) => newAuditPanel({ entries, openSession: () => openAuditSession(options.data, entries) }),
    onEvent,
  });

  let firstSignalAt: number | null = null;
  const stop = async (): Promise<void> => {
    const now = performance.now();
    if (firstSignalAt !== null) {
      if (now - firstSignalAt < sameSignalMs) return;
      cluster.kill();
      process.exit(killedExitCode);
    }
    firstSignalAt = now;
    if (!quiet) process.stdout.write('\nStopping all servers; Ctrl-C again kills them.\n');
    await cluster.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

  await cluster.ready;
  if (firstSignalAt !== null) return;
  isReady = true;
  const { front } = cluster;
  const servers = cluster.status();
  if (quiet) {
    process.stdout.write(`${summary({ front, servers, data: options.data })}\n`);
    return;
  }
  if (webRoot() === null) {
    process.stdout.write('The web app has not been built: "npm run build:web" builds it; then start again.\n');
  }
  const address = lanAddress(options.host);
  const lan = address === null ? null : `http://${address}:${options.front}`;
  const isTerminal = process.stdout.isTTY === true;
  process.stdout.write(banner({ front, servers, data: options.data, lan, isTerminal }));
};

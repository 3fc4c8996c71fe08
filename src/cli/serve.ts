/**
 * `estafet serve`: one server process. Opens the log, then the server; says who it is in `server.json`; stops in order
 * when asked to, handing the primary's role over first; and exits with a sentence when it can no longer serve.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { snapshotBytes, snapshotPieces, snapshotPlace, writeSnapshot } from '../chat/index.ts';
import {
  announceServer,
  diskRefusal,
  ensureMachineKey,
  exitCodes,
  openDataFolder,
  Refusal,
  runningServer,
  runningSupervisor,
  urlOf,
  withdrawServer,
} from '../cluster/supervisor/index.ts';
import { completePieces, PieceStore, piecesBeside, piecesFolderOf } from '../files/index.ts';
import { openEmbeddedLog } from '../log/embedded/index.ts';
import type { EngineFault, ReplicatedLog } from '../log/index.ts';
import { type RunningServer, startServer } from '../server/index.ts';
import { version, webRoot } from './package-paths.ts';
import { newServerLogger } from './server-log.ts';

export interface ServeOptions {
  readonly name: string;
  readonly port: number;
  readonly front?: number;
  readonly host: string;
  readonly data: string;
  readonly workspace?: string;
  readonly unsafePromote?: boolean;
  readonly snapshotEvery: number;
  /** Whether people may break things on purpose. */
  readonly chaos: boolean;
}

/** Each step of a stop has this long, and all of them together that. */
const stepMs = 3_000;
const stopMs = 8_000;

/** An error of the disk that `folder` is on, in words that say so; any other as it is. */
const inWords = (error: unknown, folder: string): Error =>
  (hasExitCode(error) ? error : diskRefusal(folder, error)) ??
  (error instanceof Error ? error : new Error(String(error)));

const hasExitCode = (error: unknown): error is Error & { readonly exitCode: number } =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';

/** Waits for a step of the stop, no longer than it may take, and whatever becomes of it. */
const bounded = (step: Promise<unknown>, logger: Logger, what: string): Promise<void> =>
  new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      logger.warn(`stopping: ${what} took too long`);
      resolve();
    }, stepMs);
    step
      .catch((error: unknown) => logger.warn({ err: error }, `stopping: ${what} failed`))
      .finally(() => {
        clearTimeout(giveUp);
        resolve();
      });
  });

/** Whether this server is the primary and another one could be. */
const canHandOver = (log: ReplicatedLog): boolean => {
  const { self, primary, replicas } = log.topology();
  return primary === self && replicas.some(({ name, role, inSync }) => name !== self && role === 'backup' && inSync);
};

/** Runs the server until it is told to stop or can no longer serve; then the process exits. */
export const serve = async (options: ServeOptions): Promise<void> => {
  const { name, data, host, port } = options;
  const folder = join(data, name);
  const front = options.front ?? null;
  const startedAt = Date.now();
  const ownVersion = version();

  openDataFolder(data, ownVersion);
  const other = runningServer(data, name);
  if (other !== null) {
    throw new Refusal('unavailable', `Server ${name} of ${data} runs already, as process ${other.pid}.`);
  }
  const machineKey = ensureMachineKey(data);
  const announce = (actualPort: number): void =>
    announceServer(data, {
      name,
      startedAt,
      port: actualPort,
      front,
      url: urlOf(host, actualPort),
      version: ownVersion,
    });
  announce(port);

  const logger = newServerLogger(name, join(folder, 'server.log'));
  const fatal = (what: string, error: unknown, exitCode: number): never => {
    logger.fatal({ err: error }, what);
    withdrawServer(data, name);
    process.exit(exitCode);
  };
  /** Why it cannot go on: the error's own sentence when it is one that was to be expected, and the disk's among them. */
  const giveUp = (error: unknown): never => {
    const known = inWords(error, folder);
    return fatal(known.message, error, hasExitCode(known) ? known.exitCode : exitCodes.software);
  };
  const failed = (error: unknown): never => {
    const known = inWords(error, folder);
    if (hasExitCode(known)) return fatal(known.message, error, known.exitCode);
    return fatal(`It failed, which is a bug: ${known.message}`, error, exitCodes.software);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  logger.info({ version: ownVersion, node: process.version, pid: process.pid, port, front }, 'starting');

  let log: ReplicatedLog | null = null;
  let server: RunningServer | null = null;
  let stopping = false;
  /** Why the log has stopped by itself, even if that was while the server was stopping. */
  let fault: EngineFault | null = null;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fatal('It did not stop in time.', null, exitCodes.software), stopMs).unref();
    if (log !== null && canHandOver(log)) await bounded(log.stepDown(), logger, 'the hand-over');
    if (server !== null) await bounded(server.close(), logger, 'the server');
    if (log !== null) await bounded(log.close(), logger, 'the log');
    if (fault !== null) fatal(fault.message, fault, fault.exitCode);
    withdrawServer(data, name);
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);

  if (options.unsafePromote === true) {
    logger.warn(
      'told to lead with the log it has (--unsafe-promote): what it lacks is lost, even if it was acknowledged',
    );
  }
  try {
    const database = join(folder, 'chat.db');
    const pieces = new PieceStore(piecesFolderOf(data, name));
    log = await openEmbeddedLog({
      name,
      data,
      logger,
      unsafePromote: options.unsafePromote ?? false,
      snapshots: {
        bytes: () => snapshotBytes(database),
        write: (path, signal) => writeSnapshot(database, path, signal),
        place: snapshotPlace,
        complete: async (path, from, progress, signal) => {
          const folders = piecesBeside(data, name, from);
          const { brought, missing } = await completePieces(pieces, folders, snapshotPieces(path), progress, signal);
          logger.info({ from, brought: brought.length, missing: missing.length }, 'has the pieces of a snapshot');
        },
      },
      snapshotEvery: options.snapshotEvery,
    });
    void log.closed.then((reason) => {
      fault = reason;
      if (fault !== null && !stopping) fatal(fault.message, fault, fault.exitCode);
    });
    server = await startServer({
      name,
      log,
      dataDir: folder,
      pieces,
      siblingPieces: () => piecesBeside(data, name),
      host,
      port,
      frontPort: front,
      webRoot: webRoot(),
      version: ownVersion,
      machineKey,
      chaos: options.chaos,
      supervisorPort: () => runningSupervisor(data)?.door ?? null,
      logger,
      ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
    });
  } catch (error) {
    return giveUp(error);
  }
  void server.failed.then((error) => {
    if (!stopping) giveUp(error);
  });
  if (server.port !== port) announce(server.port);
  logger.info({ url: server.url }, 'serving');
};

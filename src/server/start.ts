/** Puts one server together: the log it follows, the chat machine it keeps, and the ports it answers on. */
import { setTimeout as pause } from 'node:timers/promises';
import { closeCodes, EstafetError, limits as standardLimits } from '../protocol/index.ts';
import { buildApp } from './app.ts';
import { Applier, OtherHistory } from './applier.ts';
import { ClusterNews } from './cluster-news.ts';
import { Commands } from './commands.ts';
import type { Edge } from './edge.ts';
import { type OpenPort, openPort, type PortHandlers } from './listen.ts';
import { distrust, openChatOf } from './open-chat.ts';
import type { EdgeLimits, RunningServer, ServerOptions } from './options.ts';
import { Presence } from './presence.ts';
import { Reporter } from './reporter.ts';
import { Sessions } from './sessions.ts';
import { Corks } from './socket/corks.ts';
import { Hub } from './socket/hub.ts';
import { Resumer } from './socket/resumer.ts';
import { Roster } from './socket/roster.ts';
import type { SessionSocket } from './socket/session-socket.ts';
import { Sockets } from './socket/sockets.ts';
import { ClusterView } from './topology-view.ts';
import { Typing } from './typing.ts';

/** An address by which this machine reaches what listens on `host`. */
const ownHostname = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * Starts a server. Rejects when a port or the database cannot be opened. The log stays the caller's: it is followed
 * until `close()` and not closed.
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { name, log, dataDir, host, frontPort, webRoot, logger } = options;
  const limits: EdgeLimits = { ...standardLimits, ...options.limits };
  const failed = Promise.withResolvers<Error>();
  const chat = openChatOf(log, dataDir, logger);
  const startedAt = Date.now();
  let port = options.port;
  let closing = false;

  const hub = new Hub(chat);
  const corks = new Corks();
  const cluster = new ClusterView(log, chat, frontPort, () => ({ port, startedAt, connections: sockets.count }));
  const commands = new Commands(log, chat, limits, () => cluster.stored);
  const applier = new Applier(log, chat, limits, (turn) => {
    hub.deliver(turn);
    commands.settle(turn.entries, turn.applied);
    for (const { sessionsEnded } of turn.applied) if (sessionsEnded.length > 0) roster.end(sessionsEnded);
    reporter.moved();
  });
  const roster = new Roster<SessionSocket>(() => presence.changed());
  const presence = new Presence(log, hub, limits, () => roster.online());
  const edge: Edge = {
    name,
    workspace: options.workspace ?? 'Estafet',
    defaultHostname: ownHostname(host),
    machineKey: options.machineKey,
    limits,
    logger,
    log,
    chat,
    applier,
    commands,
    sessions: new Sessions(chat, log, applier, limits),
    cluster,
    hub,
    roster,
    resumer: new Resumer(limits.resumeTurnMs),
    corks,
    presence,
    typing: new Typing(log, chat, hub),
    isClosing: () => closing,
  };
  const sockets = new Sockets(edge, () => reporter.moved());
  const reporter = new Reporter(limits.reportIntervalMs, () => {
    const { index, hash } = chat.position;
    log.report(index, { port, fingerprint: hash, connections: sockets.count, startedAt });
  });

  const ports: OpenPort[] = [];
  const openPorts = async (): Promise<void> => {
    const app = await buildApp(edge, webRoot);
    const handlers: PortHandlers = {
      request: app.handler,
      upgrade: (request, connection, head) => sockets.upgrade(request, connection, head),
    };
    const own = await openPort(handlers, { host, port, shared: false });
    ports.push(own);
    port = own.port;
    if (frontPort === null) return;
    const front = await openPort(handlers, { host, port: frontPort, shared: true }).catch((error: unknown) => {
      if (Object(error).code !== 'ENOTSUP') throw error;
      logger.warn({ frontPort }, 'this system cannot share a port between servers; going on without the front door');
      return null;
    });
    if (front !== null) ports.push(front);
  };

  const closePorts = (): Promise<unknown> => Promise.all(ports.map((open) => open.close()));
  const release = async (ended: Promise<unknown>): Promise<void> => {
    await Promise.race([ended, pause(limits.closeMaxMs / 4, undefined, { ref: false })]);
    for (const open of ports) open.cut();
    sockets.terminateAll();
    await ended;
    for (const part of [news, presence, edge.typing, reporter]) part.stop();
    chat.close();
  };

  const news = new ClusterNews(log, cluster, sockets, presence, limits);
  try {
    await openPorts();
  } catch (error) {
    closing = true;
    await commands.close(0);
    await release(closePorts());
    throw error;
  }
  cluster.refresh(log.topology());
  reporter.now();
  applier.run().catch((error: unknown) => {
    if (closing) return;
    commands.failAll(new EstafetError('unknown'));
    if (error instanceof OtherHistory) distrust(dataDir);
    const reason = error instanceof Error ? error.message : String(error);
    failed.resolve(new Error(`The log can no longer be applied to ${dataDir}: ${reason}`, { cause: error }));
  });
  log.closed.then((fault) => {
    if (closing) return;
    const reason = fault === null ? 'The log was closed under the server.' : fault.message;
    failed.resolve(Object.assign(new Error(reason), fault === null ? {} : { exitCode: fault.exitCode }));
  });

  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    closing = true;
    const ended = closePorts();
    await commands.close(limits.closeMaxMs / 2);
    applier.stop();
    sockets.closeAll(closeCodes.goingAway);
    await release(ended);
  };
  return {
    url: `http://${ownHostname(host)}:${port}`,
    port,
    failed: failed.promise,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};

/** Starts a server, notices when it can serve no longer, and stops it. */
import { setTimeout as pause } from 'node:timers/promises';
import { isDamaged } from '../chat/index.ts';
import { closeCodes, EstafetError } from '../protocol/index.ts';
import { OtherHistory } from './applier.ts';
import { assemble, type Life, ownHostname, type Parts } from './assemble.ts';
import type { OpenPort } from './listen.ts';
import { distrust, openChatOf } from './open-chat.ts';
import type { RunningServer, ServerOptions } from './options.ts';
import { openPorts } from './ports.ts';
import { watchedChat } from './watched-chat.ts';

/** Applies the log until the server stops. Resolves with why it cannot go on, and never when nothing is wrong. */
const serve = ({ edge }: Parts, life: Life, dataDir: string, broken: Promise<Error>): Promise<Error> => {
  const { promise, resolve } = Promise.withResolvers<Error>();
  broken.then((error) => {
    if (isDamaged(error)) distrust(dataDir);
    resolve(new Error(`The chat database in ${dataDir} cannot be read: ${error.message}`, { cause: error }));
  });
  edge.applier.run().catch((error: unknown) => {
    if (life.isClosing) return;
    edge.commands.failAll(new EstafetError('unknown'));
    if (error instanceof OtherHistory) distrust(dataDir);
    const reason = error instanceof Error ? error.message : String(error);
    resolve(new Error(`The log can no longer be applied to ${dataDir}: ${reason}`, { cause: error }));
  });
  edge.log.closed.then((fault) => {
    if (life.isClosing) return;
    if (fault === null) resolve(new Error('The log was closed under the server.'));
    else resolve(Object.assign(new Error(fault.message), { exitCode: fault.exitCode }));
  });
  return promise;
};

/** Takes nothing more, answers what is under way, sends the clients elsewhere, and lets go. */
const stop = async ({ edge, sockets, stop: stopParts }: Parts, ports: readonly OpenPort[]): Promise<void> => {
  const { commands, applier, chat, search, lab, limits } = edge;
  const ended = Promise.all(ports.map((port) => port.close()));
  const endedOr = (waitMs: number) => Promise.race([ended, pause(waitMs, undefined, { ref: false })]);
  await commands.close(limits.closeMaxMs / 2);
  applier.stop();
  sockets.closeAll(closeCodes.goingAway);
  await endedOr(limits.closeMaxMs / 4);
  for (const port of ports) port.cut();
  sockets.terminateAll();
  await endedOr(limits.closeMaxMs / 4);
  stopParts();
  await lab.close();
  // Its thread reads the chat database, and whoever closes that last puts it in order.
  await search.close();
  chat.close();
};

/**
 * Starts a server. Rejects when a port or the database cannot be opened. The log stays the caller's: it is followed
 * until `close()` and not closed. When `failed` resolves, its error may carry an `exitCode` for the process.
 */
export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { log, dataDir, host, logger } = options;
  const life: Life = { port: options.port, isClosing: false };
  const { chat, broken } = watchedChat(openChatOf(log, dataDir, logger));
  const parts = assemble(options, chat, life);
  const ports = await openPorts(options, parts.edge, parts.sockets).catch(async (error: unknown) => {
    life.isClosing = true;
    await stop(parts, []);
    throw error;
  });
  const { port } = ports[0];
  life.port = port;
  parts.edge.cluster.refresh(log.topology());
  parts.reporter.now();
  const failed = serve(parts, life, dataDir, broken);

  let closed: Promise<void> | null = null;
  return {
    url: `http://${ownHostname(host)}:${port}`,
    port,
    failed,
    close: () => {
      life.isClosing = true;
      closed ??= stop(parts, ports);
      return closed;
    },
  };
};

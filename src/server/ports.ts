/** The ports of a server: its own, and the front door that all servers of the machine share. */
import { buildApp } from './app.ts';
import type { Edge } from './edge.ts';
import { type OpenPort, openPort, type PortHandlers } from './listen.ts';
import type { ServerOptions } from './options.ts';
import type { Sockets } from './socket/sockets.ts';

/** Opens them; the first is the server's own. Rejects, with none left open, when one cannot be opened. */
export const openPorts = async (
  { host, port, frontPort, webRoot, logger }: ServerOptions,
  edge: Edge,
  sockets: Sockets,
): Promise<readonly [OpenPort, ...OpenPort[]]> => {
  const app = await buildApp(edge, webRoot);
  const handlers: PortHandlers = {
    request: app.handler,
    upgrade: (request, connection, head) => sockets.upgrade(request, connection, head),
  };
  const own = await openPort(handlers, { host, port, shared: false });
  if (frontPort === null) return [own];
  try {
    return [own, await openPort(handlers, { host, port: frontPort, shared: true })];
  } catch (error) {
    if (Object(error).code === 'ENOTSUP') {
      logger.warn({ frontPort }, 'this system cannot share a port between servers; going on without the front door');
      return [own];
    }
    own.cut();
    await own.close();
    throw error;
  }
};

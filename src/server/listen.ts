/** Opens the server's ports, and says clearly why one cannot be opened. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { EstafetError, limits } from '../protocol/index.ts';

/** What answers on a port. */
export interface PortHandlers {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, connection: Duplex, head: Buffer) => void;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Lets other processes listen on the same port; the system spreads connections over them. */
  readonly shared: boolean;
}

export interface OpenPort {
  readonly port: number;
  /** Takes no new connections and ends idle ones. Resolves when all have ended. */
  close(): Promise<void>;
  /** Ends all connections. */
  cut(): void;
}

const serverOptions: ServerOptions = {
  // The whole request has a time of its own, but for uploads: see `hurry`.
  requestTimeout: 0,
  headersTimeout: limits.httpRequestMaxMs,
  keepAliveTimeout: limits.httpIdleMaxMs,
  // Any other upgrade that a client offers (HTTP/2, say) may be ignored, and the request answered as it is.
  shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
};

const codeOf = (error: unknown): string => String(Object(error).code);

const explain = (error: unknown, { host, port }: ListenOptions): Error => {
  const where = `port ${port} on ${host}`;
  const reasons: Record<string, string> = {
    EADDRINUSE: `${where} is in use by another program; choose another port or stop that program`,
    EACCES: `${where} may not be opened by this user; ports below 1024 need a privilege`,
    EADDRNOTAVAIL: `${host} is not an address of this machine`,
  };
  const message = reasons[codeOf(error)] ?? `${where} cannot be opened: ${codeOf(error)}`;
  return Object.assign(new Error(message, { cause: error }), { code: codeOf(error) });
};

/** What is not HTTP, or too long for it, gets an answer with a code, and the end of its connection. */
const refuseClient = (error: Error, connection: Duplex): void => {
  if (!connection.writable || codeOf(error) === 'ECONNRESET') {
    connection.destroy();
    return;
  }
  const isTooLong = codeOf(error) === 'HPE_HEADER_OVERFLOW';
  const status = isTooLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const body = JSON.stringify({ error: new EstafetError(isTooLong ? 'too-large' : 'bad-request').toBody() });
  connection.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => connection.destroy(),
  );
};

const isUpload = ({ method, url }: IncomingMessage): boolean =>
  method === 'PATCH' && url?.startsWith('/files/') === true;

/**
 * A body that takes too long costs a connection that somebody else could use, so it is cut off. An upload may take as
 * long as it needs while something of it comes; who takes uploads sees to that.
 */
const hurry = (request: IncomingMessage): void => {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  if (request.complete || isUpload(request)) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, limits.httpRequestMaxMs);
  request.once('close', () => clearTimeout(timer));
};

const listening = (server: Server, { host, port, shared }: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, reusePort: shared, backlog: 4_096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Opens a port. Rejects with an error whose message is for the person who starts the server; `code` is the system's. */
export const openPort = async (handlers: PortHandlers, options: ListenOptions): Promise<OpenPort> => {
  const server = createServer(serverOptions, (request, response) => {
    hurry(request);
    handlers.request(request, response);
  });
  server.on('upgrade', handlers.upgrade);
  server.on('clientError', refuseClient);
  await listening(server, options).catch((error: unknown) => {
    throw explain(error, options);
  });
  server.on('error', () => {});
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    cut: () => server.closeAllConnections(),
  };
};

/**
 * The front door where the operating system cannot share one port between processes (SO_REUSEPORT with balancing, which
 * Linux has): a listener in the supervisor that passes each connection on to a live server, bytes untouched. It must
 * not make a stranger look like this machine itself: what comes from outside is passed on by the outside address, so
 * that the server still sees that it is not local.
 */
import { connect, createServer, type Socket } from 'node:net';
import { isLoopback, lanAddress, ownHost } from './network.ts';

export interface FrontForwarder {
  readonly port: number;
  close(): Promise<void>;
}

export interface ForwarderOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Ports of the servers to try, in order, for the next connection. */
  readonly targets: () => readonly number[];
}

/**
 * The address by which a connection from `remote` is passed on to servers that listen on `host`: loopback for this
 * machine's own only. Null when there is none, and the connection must not be passed on.
 */
export const hostFor = (remote: string, host: string): string | null =>
  isLoopback(remote) ? ownHost(host) : lanAddress(host);

/** How long a server may take to accept a connection before the next one is tried. */
const connectTimeoutMs = 1_000;

const reach = (host: string, port: number): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    const giveUp = (): void => {
      socket.destroy();
      resolve(null);
    };
    socket.setTimeout(connectTimeoutMs, giveUp);
    socket.once('error', giveUp);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', giveUp);
      resolve(socket);
    });
  });

const join = (client: Socket, server: Socket): void => {
  const both = [client, server] as const;
  for (const [one, other] of [both, [server, client] as const]) {
    one.setNoDelay(true);
    one.on('error', () => other.destroy());
    one.on('close', (hadError) => (hadError ? other.destroy() : other.end()));
    one.pipe(other);
  }
};

/** Opens the forwarder. Rejects when the port cannot be had. */
export const startFrontForwarder = async (options: ForwarderOptions): Promise<FrontForwarder> => {
  const sockets = new Set<Socket>();
  const pass = async (client: Socket): Promise<void> => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    const host = hostFor(client.remoteAddress ?? '', options.host);
    if (host === null) return void client.destroy();
    for (const port of options.targets()) {
      const server = await reach(host, port);
      if (server === null) continue;
      if (client.destroyed) server.destroy();
      else join(client, server);
      return;
    }
    client.destroy();
  };
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => void pass(client));
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen({ host: options.host, port: options.port }, resolve);
  });
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

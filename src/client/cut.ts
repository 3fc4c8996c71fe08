/**
 * Cutting a WebSocket that does not close. The platform's `close()` waits for the other side's answer without a limit,
 * and has no other end: a stopped server would keep a Node program alive. Node tells through its diagnostics channels
 * which connection a WebSocket has; elsewhere (a page needs it less: it ends with its sockets) nothing happens.
 */

interface RawConnection {
  readonly localPort?: number;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

interface Channels {
  subscribe(name: string, listener: (message: unknown) => void): void;
}

interface NodeGlobal {
  readonly process?: { getBuiltinModule?(name: string): Channels | undefined };
}

interface HeadersSent {
  readonly request?: { readonly upgrade?: unknown };
  readonly socket?: RawConnection;
}

interface Opened {
  readonly websocket?: WebSocket;
  readonly address?: { readonly port?: number };
}

/** How long the other side may take to answer a close. */
const closeDeadlineMs = 1_000;

const upgrading = new Map<number, RawConnection>();
const connections = new WeakMap<WebSocket, RawConnection>();
let watching = false;

/** Begins to learn the connections of WebSockets. To be called before one is made. */
export const watchConnections = (): void => {
  if (watching) return;
  watching = true;
  const channels = (globalThis as NodeGlobal).process?.getBuiltinModule?.('node:diagnostics_channel');
  channels?.subscribe('undici:client:sendHeaders', (message) => {
    const { request, socket } = message as HeadersSent;
    const port = socket?.localPort;
    if (request?.upgrade !== 'websocket' || socket === undefined || port === undefined) return;
    upgrading.set(port, socket);
    socket.once('close', () => upgrading.delete(port));
  });
  channels?.subscribe('undici:websocket:open', (message) => {
    const { websocket, address } = message as Opened;
    const connection = upgrading.get(address?.port ?? -1);
    if (websocket === undefined || connection === undefined) return;
    connections.set(websocket, connection);
  });
};

/** Closes a WebSocket, and cuts its connection if the other side does not answer in time. */
export const closeOrCut = (socket: WebSocket): void => {
  socket.close(1000);
  const connection = connections.get(socket);
  if (connection === undefined) return;
  const timer = setTimeout(() => connection.destroy(), closeDeadlineMs);
  socket.addEventListener('close', () => clearTimeout(timer));
};

/**
 * A server that does what a test tells it, frame by frame, and nothing by itself but answer pings: for what a real one
 * does only when it is broken. It speaks the socket's protocol over a real WebSocket on a free port of this machine.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ClientFrame, type HelloFrame, type ServerFrame, subprotocol } from '../../src/protocol/index.ts';
import { eventually } from './eventually.ts';

/** One socket of a client, as the scripted server has it. */
export interface ScriptedSocket {
  /** Frames that came, pings left out. */
  readonly frames: ClientFrame[];
  readonly pings: number;
  readonly isOpen: boolean;
  /** Sends a frame, or any text. */
  send(frame: ServerFrame | string): void;
  close(code: number): void;
  /** Cuts the connection, as a killed process does. */
  cut(): void;
  /** Reads nothing more from it, not even a close. */
  pause(): void;
}

export interface ScriptedServer {
  readonly url: string;
  readonly name: string;
  readonly sockets: readonly ScriptedSocket[];
  /** The hello of each socket that said one. */
  readonly hellos: readonly HelloFrame[];
  /** Whether pings are answered. */
  answersPings: boolean;
  /** Answers HTTP; 404 unless replaced. */
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called with each frame of each socket, so that a script can answer. */
  onFrame: (frame: ClientFrame, socket: ScriptedSocket) => void;
  /** Accepts connections and says nothing at all on them, as a stopped process does. */
  stopAccepting(): void;
  /** Waits for the newest socket to be open and to have said hello, `count` of them so far. */
  greeted(count: number): Promise<ScriptedSocket>;
  close(): Promise<void>;
}

/** Opens a scripted server on `port`, a free one unless given. */
export const scriptedServer = async (name: string, port = 0): Promise<ScriptedServer> => {
  const sockets: ScriptedSocket[] = [];
  const connections = new Set<Socket>();
  let isMute = false;
  const http: Server = createServer((request, response) => server.onRequest(request, response));
  const wss = new WebSocketServer({ noServer: true, handleProtocols: () => subprotocol });
  http.on('connection', (connection) => {
    connections.add(connection);
    connection.on('error', () => {});
    connection.on('close', () => connections.delete(connection));
  });
  http.on('upgrade', (request, connection, head) => {
    if (isMute) return;
    wss.handleUpgrade(request, connection, head, (socket) => adopt(socket));
  });

  const adopt = (socket: WebSocket): void => {
    let pings = 0;
    const scripted: ScriptedSocket = {
      frames: [],
      get pings() {
        return pings;
      },
      get isOpen() {
        return socket.readyState === socket.OPEN;
      },
      send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
      close: (code) => socket.close(code),
      cut: () => socket.terminate(),
      pause: () => socket.pause(),
    };
    sockets.push(scripted);
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as ClientFrame;
      if (frame.type === 'ping') {
        pings++;
        if (server.answersPings) scripted.send({ type: 'pong' });
        return;
      }
      scripted.frames.push(frame);
      server.onFrame(frame, scripted);
    });
  };

  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const server: ScriptedServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    name,
    sockets,
    get hellos() {
      return sockets.flatMap(({ frames }) => frames.filter((frame) => frame.type === 'hello'));
    },
    answersPings: true,
    onRequest: (_, response) => void response.writeHead(404).end(),
    onFrame: () => {},
    stopAccepting: () => {
      isMute = true;
    },
    greeted: (count) =>
      eventually(`${count} hellos at ${name}`, () => {
        const greeted = sockets.filter(({ frames }) => frames[0]?.type === 'hello');
        return greeted.length >= count ? greeted[count - 1]! : null;
      }),
    close: async () => {
      for (const socket of sockets) socket.cut();
      for (const connection of connections) connection.destroy();
      if (!http.listening) return;
      http.close();
      await once(http, 'close');
    },
  };
  return server;
};

/** A welcome by `server`, whose cluster has `servers`; the stream goes on after `index`. */
export const welcomeOf = (server: ScriptedServer, index: number, servers: readonly ScriptedServer[]): ServerFrame => ({
  type: 'welcome',
  server: server.name,
  index,
  at: Date.now(),
  you: { id: 'u1', name: 'Ana', role: 'member', joinedAt: 0 },
  epoch: 1,
  primary: servers[0]?.name ?? null,
  front: null,
  servers: servers.map(({ name, url }, at) => ({
    name,
    url,
    role: at === 0 ? 'primary' : 'backup',
    inSync: true,
    last: index,
  })),
});

/** Makes servers answer each hello with a welcome that takes the hello's position, or `index` when it has none. */
export const welcoming = (servers: readonly ScriptedServer[], index = 0): void => {
  for (const server of servers) {
    server.onFrame = (frame, socket) => {
      if (frame.type === 'hello') socket.send(welcomeOf(server, frame.after ?? index, servers));
    };
  }
};

/**
 * The address `/ws`: checks an upgrade request (address, origin, room for one more), completes the handshake, and keeps
 * the sockets there are. A request that is refused gets an HTTP answer with a stable code.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fastifyCookie } from '@fastify/cookie';
import { WebSocketServer } from 'ws';
import { type ClusterBrief, EstafetError, sessionCookie, subprotocol } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import { isOwnOrigin, mayUseCookie, parseHost } from '../origin.ts';
import { Heartbeat } from './heartbeat.ts';
import { SessionSocket } from './session-socket.ts';
import { textFrame } from './text-frame.ts';
import { WaitingRoom } from './waiting-room.ts';

const refuse = (connection: Duplex, error: EstafetError): void => {
  const body = JSON.stringify({ error: error.toBody() });
  connection.end(
    `HTTP/1.1 ${error.status} Refused\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => connection.destroy(),
  );
};

const cookieToken = (header: string | undefined): string | null =>
  header === undefined ? null : (fastifyCookie.parse(header)[sessionCookie] ?? null);

export class Sockets {
  readonly #edge: Edge;
  readonly #server: WebSocketServer;
  readonly #heartbeat: Heartbeat;
  readonly #all = new Set<SessionSocket>();
  readonly #waitingRoom: WaitingRoom;
  readonly #countChanged: () => void;

  constructor(edge: Edge, countChanged: () => void) {
    this.#edge = edge;
    this.#countChanged = countChanged;
    this.#heartbeat = new Heartbeat(edge.chat, edge.limits);
    this.#waitingRoom = new WaitingRoom({
      isSettled: () => edge.log.isSettled(),
      waitMaxMs: edge.limits.arrivalYieldMs,
      lookMs: edge.limits.arrivalLookMs,
    });
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: edge.limits.socketFrameMaxBytes,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    });
  }

  get count(): number {
    return this.#all.size;
  }

  /** Takes over an HTTP connection whose request asks for an upgrade. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', () => connection.destroy());
    if (this.#all.size + this.#waitingRoom.size >= this.#edge.limits.socketsPerServerMax) {
      refuse(connection, new EstafetError('overloaded'));
      return;
    }
    this.#waitingRoom.come(() => this.#enter(request, connection, head));
  }

  #enter(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    // Whoever waited may have gone.
    if (connection.destroyed) return;
    try {
      const arrival = this.#admit(request);
      this.#server.handleUpgrade(request, connection, head, (ws) => {
        const socket = new SessionSocket(this.#edge, ws, connection, arrival);
        this.#all.add(socket);
        const still = this.#heartbeat.add(socket);
        this.#countChanged();
        ws.once('close', () => {
          still();
          this.#all.delete(socket);
          this.#countChanged();
        });
      });
    } catch (error) {
      refuse(connection, error instanceof EstafetError ? error : new EstafetError('internal'));
    }
  }

  /** Tells every live socket about the cluster, encoded once a host name. */
  tellServers(briefOf: (hostname: string) => ClusterBrief): void {
    const frames = new Map<string, Buffer>();
    for (const socket of this.#all) {
      // Who is not live yet is told when it is.
      if (!socket.isLive) continue;
      let frame = frames.get(socket.hostname);
      if (frame === undefined) {
        frame = textFrame(JSON.stringify({ type: 'servers', ...briefOf(socket.hostname) }));
        frames.set(socket.hostname, frame);
      }
      socket.write(frame);
    }
  }

  /** Asks every client to go elsewhere, for good. */
  closeAll(code: number): void {
    this.#heartbeat.stop();
    this.sendAway(code, 'shutting-down');
  }

  /** Asks every client to go elsewhere, or to come back. */
  sendAway(code: number, reason: string): void {
    for (const socket of [...this.#all]) socket.close(code, reason);
  }

  terminateAll(): void {
    for (const socket of [...this.#all]) socket.terminate();
  }

  #admit(request: IncomingMessage): { readonly hostname: string; readonly cookieToken: string | null } {
    const { cluster, limits, defaultHostname } = this.#edge;
    const { origin, cookie } = request.headers;
    const host = parseHost(request.headers.host);
    const fetchSite = request.headers['sec-fetch-site'];
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/ws') throw new EstafetError('not-found');
    if (this.#edge.isClosing()) throw new EstafetError('shutting-down');
    if (this.#all.size >= limits.socketsPerServerMax) throw new EstafetError('overloaded');
    if (origin !== undefined && !isOwnOrigin(origin, host, cluster.ports)) throw new EstafetError('foreign-origin');
    const token = cookieToken(cookie);
    const source = { origin, host, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    if (token !== null && !mayUseCookie(source, cluster.ports)) throw new EstafetError('foreign-origin');
    return { hostname: host?.hostname ?? defaultHostname, cookieToken: token };
  }
}

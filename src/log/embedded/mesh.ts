/**
 * Links between the replicas of one data folder: a local socket each, one link a pair. Finds siblings by looking into
 * the folder, dials those whose names come before its own, and dials again when a link breaks. Delivers frames whole
 * and in order, or cuts the link; it never resends.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { limits } from '../../protocol/index.ts';
import { decodeCast, decodeJson, decodeMessage, encodeCast, encodeJson, encodeMessage, kinds } from './codec.ts';
import { Link } from './link.ts';
import type { PeerMessage } from './replica/messages.ts';

/** How a replica introduces itself when a link is made. */
export interface Hello {
  readonly protocol: 1;
  readonly name: string;
  readonly incarnation: string;
  readonly pid: number;
  /** The process's start time, so that a pid can be told from a later process's. */
  readonly identity: string | null;
}

export interface MeshHandlers {
  linked(hello: Hello): void;
  unlinked(peer: string): void;
  message(peer: string, message: PeerMessage): void;
  cast(peer: string, topic: string, body: Uint8Array): void;
  status(peer: string, status: unknown): void;
  /** Something on a link was not as it must be; the link has been cut. */
  broken(peer: string, error: unknown): void;
}

/** Longest path of a local socket that all systems take. */
const socketPathMax = 100;
const redialMs = 100;

/** Where a replica listens: in its own folder, or in a private one where that path is too long for a socket. */
export const peerAddress = (data: string, name: string): string => {
  const folder = resolve(data);
  const path = join(folder, name, 'peer.sock');
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\estafet-${digest}-${name}`;
  if (Buffer.byteLength(path) <= socketPathMax) return path;
  const short = join(tmpdir(), `estafet-${userInfo().uid}-${digest}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return join(short, `${name}.sock`);
};

/** Names of the replicas that have a folder beside this one. */
export const siblings = (data: string, self: string): string[] => {
  try {
    return readdirSync(data, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== self && existsSync(join(data, entry.name, 'log.db')))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
};

export class Mesh {
  readonly #data: string;
  readonly #hello: Hello;
  readonly #handlers: MeshHandlers;
  readonly #server: Server;
  readonly #links = new Map<string, Link>();
  readonly #open = new Set<Link>();
  readonly #dialling = new Set<string>();
  /** Peers to which no link may be, on purpose. */
  readonly #cutFrom = new Set<string>();
  /** So much later leaves what is sent, on purpose. */
  #delayMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(data: string, hello: Hello, handlers: MeshHandlers) {
    this.#data = data;
    this.#hello = hello;
    this.#handlers = handlers;
    this.#server = createServer((socket) => this.#attach(new Link(socket, null)));
  }

  /** Listens and begins to dial. Rejects when the address cannot be listened on. */
  async start(): Promise<void> {
    const address = peerAddress(this.#data, this.#hello.name);
    // What is left of a dead process. A live one of the same name has been ruled out by its hold on the folder.
    if (process.platform !== 'win32') rmSync(address, { force: true });
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(address, () => {
        this.#server.off('error', failed);
        done();
      });
    });
    this.#server.on('error', (error) => this.#handlers.broken(this.#hello.name, error));
    this.#dial();
    this.#timer = setInterval(() => this.#dial(), redialMs);
  }

  /** Queues a message to some peers, encoded once; `flush` puts it on the wire. */
  send(peers: readonly string[], message: PeerMessage): void {
    this.#write(peers, encodeMessage(message));
  }

  /** Queues a cast to every peer whose link is not busy. */
  cast(topic: string, body: Uint8Array): void {
    const frame = encodeCast(topic, body);
    const free = [...this.#links].filter(([, link]) => link.waitingBytes < limits.appendFrameMaxBytes);
    this.#write(
      free.map(([peer]) => peer),
      frame,
    );
  }

  /** Tells every peer about this server. */
  status(status: unknown): void {
    this.#write([...this.#links.keys()], encodeJson(kinds.status, status));
  }

  /** Puts everything queued on the wire, before the event loop is given to the disk. */
  flush(): void {
    for (const link of this.#links.values()) link.uncork();
  }

  /** Servers to which no link may be, on purpose. */
  get cutFrom(): readonly string[] {
    return [...this.#cutFrom].sort();
  }

  /** Drops the link to a peer, on purpose, and has none until it is healed. */
  cutFromPeer(peer: string): void {
    this.#cutFrom.add(peer);
    for (const link of [...this.#open]) if (link.peer === peer || link.dialled === peer) this.#cut(link);
  }

  /** Whoever of the two dials makes the link again. */
  heal(peer: string): void {
    this.#cutFrom.delete(peer);
  }

  get delayMs(): number {
    return this.#delayMs;
  }

  /** Has everything that is sent from now on leave so much later, on purpose, in order. */
  set delayMs(ms: number) {
    this.#delayMs = ms;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const link of [...this.#open]) this.#cut(link);
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }

  #write(peers: readonly string[], frame: Buffer): void {
    for (const peer of peers) {
      const link = this.#links.get(peer);
      if (link === undefined) continue;
      if (link.waitingBytes > limits.peerBufferMaxBytes) {
        this.#fail(link, new Error(`${peer} takes nothing: ${link.waitingBytes} bytes wait`));
        continue;
      }
      link.write(frame, this.#delayMs);
    }
  }

  #dial(): void {
    for (const name of siblings(this.#data, this.#hello.name)) {
      if (name > this.#hello.name || this.#links.has(name) || this.#dialling.has(name)) continue;
      if (this.#cutFrom.has(name)) continue;
      this.#dialling.add(name);
      const socket = connect(peerAddress(this.#data, name));
      const link = new Link(socket, name);
      socket.once('close', () => this.#dialling.delete(name));
      this.#attach(link);
    }
  }

  #attach(link: Link): void {
    const { socket } = link;
    this.#open.add(link);
    // Who has dialled says who it is by itself, and is told nothing first by one that may not have a link to it.
    if (link.dialled !== null) socket.on('connect', () => this.#greet(link));
    else if (this.#cutFrom.size === 0) this.#greet(link);
    socket.on('data', (chunk) => this.#read(link, chunk as Buffer));
    // Whichever comes first tells that the peer is gone; a dead process's socket ends at once.
    for (const event of ['end', 'close', 'error'] as const) socket.on(event, () => this.#cut(link));
  }

  #greet(link: Link): void {
    if (link.greeted || link.gone) return;
    link.greeted = true;
    link.socket.write(encodeJson(kinds.hello, this.#hello));
  }

  #read(link: Link, chunk: Buffer): void {
    try {
      for (const payload of link.reader.push(chunk)) {
        if (link.gone) return;
        this.#deliver(link, payload);
      }
    } catch (error) {
      this.#fail(link, error);
    }
  }

  #deliver(link: Link, payload: Buffer): void {
    if (link.peer === null) {
      this.#introduced(link, decodeJson(payload) as Hello);
      return;
    }
    const { peer } = link;
    if (payload[0] === kinds.cast) {
      const { topic, body } = decodeCast(payload);
      this.#handlers.cast(peer, topic, body);
    } else if (payload[0] === kinds.status) this.#handlers.status(peer, decodeJson(payload));
    else this.#handlers.message(peer, decodeMessage(payload));
  }

  #introduced(link: Link, hello: Hello): void {
    if (hello.protocol !== 1 || typeof hello.name !== 'string' || hello.name === this.#hello.name) {
      throw new Error(`${hello.name} speaks protocol ${hello.protocol}, and this replica protocol 1`);
    }
    if (this.#cutFrom.has(hello.name)) {
      this.#cut(link);
      return;
    }
    this.#greet(link);
    // The older link of the same name is that of a process which is no more.
    const older = this.#links.get(hello.name);
    if (older !== undefined) this.#cut(older);
    link.peer = hello.name;
    this.#links.set(hello.name, link);
    this.#handlers.linked(hello);
  }

  #fail(link: Link, error: unknown): void {
    this.#handlers.broken(link.peer ?? 'an unknown peer', error);
    this.#cut(link);
  }

  #cut(link: Link): void {
    if (link.gone) return;
    link.end();
    this.#open.delete(link);
    if (link.peer === null || this.#links.get(link.peer) !== link) return;
    this.#links.delete(link.peer);
    if (!this.#closed) this.#handlers.unlinked(link.peer);
  }
}

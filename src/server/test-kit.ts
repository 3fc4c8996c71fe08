/**
 * For tests: servers of one cluster within the test's process, on a log in memory, on free ports, in a folder that goes
 * away; and clients that speak plain HTTP and sockets to them, without the SDK.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, WebSocket } from 'ws';
import type { ReplicatedLog } from '../log/index.ts';
import { openMemoryLogs } from '../log/memory/index.ts';
import type { ClientCommandKind, ServerFrame } from '../protocol/index.ts';
import { type ClientFrame, type CommandBody, newCommandId, subprotocol, type User } from '../protocol/index.ts';
import { type EdgeLimits, type RunningServer, type ServerOptions, startServer } from './index.ts';

export const machineKey = 'c0ffee'.repeat(10);

const deadlineMs = 30_000;

const nothing = (): void => {};
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

type Frame<T extends ServerFrame['type']> = Extract<ServerFrame, { readonly type: T }>;

/** A socket of a test: keeps all frames, and waits for those that are not there yet. */
export class TestSocket {
  readonly frames: ServerFrame[] = [];
  readonly ws: WebSocket;
  /** Resolves when the socket has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #wakers: (() => void)[] = [];

  constructor(url: string, options: ClientOptions = {}) {
    this.ws = new WebSocket(`${url.replace('http', 'ws')}/ws`, [subprotocol], { maxPayload: 0, ...options });
    this.ws.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()) as ServerFrame);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.ws.on('error', nothing);
    this.ws.on('open', () => this.#wake());
    this.ws.on('close', () => this.#wake());
  }

  /** Resolves when `condition` gives something; rejects when it has not in time. */
  async until<T>(condition: () => T | null | undefined | false, what = condition.toString()): Promise<T> {
    const endMs = performance.now() + deadlineMs;
    for (;;) {
      const value = condition();
      if (value !== null && value !== undefined && value !== false) return value;
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) throw new Error(`waited in vain for ${what}; last: ${JSON.stringify(this.frames.slice(-3))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(leftMs, 50));
        this.#wakers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The first frame of a type that fits. */
  frame<T extends ServerFrame['type']>(type: T, fits: (frame: Frame<T>) => boolean = () => true): Promise<Frame<T>> {
    return this.until(
      () => this.frames.find((frame): frame is Frame<T> => frame.type === type && fits(frame as Frame<T>)),
      `a frame of type ${type}`,
    );
  }

  /** All events so far, with the room of their frame. */
  events() {
    return this.frames.flatMap((frame) =>
      frame.type === 'events' ? frame.events.map((event) => ({ room: frame.room, event })) : [],
    );
  }

  /** Up to where this socket has everything. */
  get cursor(): number {
    return this.frames.reduce((cursor, frame) => (frame.type === 'events' ? Math.max(cursor, frame.upto) : cursor), 0);
  }

  open(): Promise<true> {
    return this.until(() => this.ws.readyState === WebSocket.OPEN || null, 'the socket to open');
  }

  send(frame: ClientFrame | string): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a command; gives its id. */
  do<K extends ClientCommandKind>(kind: K, body: CommandBody<K>, id = newCommandId()): string {
    this.send({ type: 'do', id, kind, body });
    return id;
  }

  /** Sends a command and waits for its answer. */
  async done<K extends ClientCommandKind>(kind: K, body: CommandBody<K>, id?: string): Promise<Frame<'done'>> {
    const sent = this.do(kind, body, id);
    return this.frame('done', (frame) => frame.id === sent);
  }

  #wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Asking {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface TestClusterOptions {
  readonly names?: readonly string[];
  readonly limits?: Partial<EdgeLimits>;
  readonly server?: Partial<ServerOptions>;
  /** What each server gets instead of its log. */
  readonly wrap?: (log: ReplicatedLog) => ReplicatedLog;
}

export class TestCluster {
  readonly servers: readonly RunningServer[];
  readonly logs: readonly ReplicatedLog[];
  readonly #folder: string;
  readonly #sockets: TestSocket[] = [];

  constructor(servers: readonly RunningServer[], logs: readonly ReplicatedLog[], folder: string) {
    this.servers = servers;
    this.logs = logs;
    this.#folder = folder;
  }

  /** The folder of the server at this place. */
  dataDir(at = 0): string {
    return join(this.#folder, `s${at + 1}`);
  }

  url(at = 0): string {
    const server = this.servers[at];
    if (server === undefined) throw new Error(`there is no server ${at}`);
    return server.url;
  }

  async ask(method: string, path: string, { token, body, headers = {} }: Asking = {}, at = 0): Promise<Answer> {
    const response = await fetch(`${this.url(at)}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  }

  /** A new person. */
  async join(name: string, at = 0): Promise<{ readonly user: User; readonly token: string }> {
    const { status, body } = await this.ask('POST', '/api/v1/join', { body: { name, returnToken: true } }, at);
    if (status !== 201) throw new Error(`join: ${JSON.stringify(body)}`);
    return body as { user: User; token: string };
  }

  /** A socket that has not said hello. */
  rawSocket(at = 0, options: ClientOptions = {}): TestSocket {
    const socket = new TestSocket(this.url(at), options);
    this.#sockets.push(socket);
    return socket;
  }

  /** A socket that has been welcomed. */
  async socket(token: string, { at = 0, after }: { at?: number; after?: number } = {}): Promise<TestSocket> {
    const socket = this.rawSocket(at);
    await socket.open();
    socket.send({ type: 'hello', token, ...(after === undefined ? {} : { after }) });
    await socket.frame('welcome');
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.ws.terminate();
    await Promise.all(this.servers.map((server) => server.close()));
    await Promise.all(this.logs.map((log) => log.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A log that does some things in another way. */
export const delegate = (log: ReplicatedLog, other: Partial<ReplicatedLog>): ReplicatedLog => ({
  origin: log.origin,
  injection: log.injection,
  fingerprintAt: (index) => log.fingerprintAt(index),
  isSettled: () => log.isSettled(),
  append: (entry) => log.append(entry),
  follow: (after) => log.follow(after),
  cast: (topic, body) => log.cast(topic, body),
  onCast: (handler) => log.onCast(handler),
  report: (applied, facts) => log.report(applied, facts),
  topology: () => log.topology(),
  onTopology: (handler) => log.onTopology(handler),
  onTrace: (handler) => log.onTrace(handler),
  stepDown: () => log.stepDown(),
  closed: log.closed,
  close: () => log.close(),
  ...other,
});

/** Starts a cluster; whoever does closes it. */
export const startTestCluster = async (options: TestClusterOptions = {}): Promise<TestCluster> => {
  const { names = ['s1'], limits = {}, server = {}, wrap = (log) => log } = options;
  const folder = await mkdtemp(join(tmpdir(), 'estafet-server-'));
  const logs = openMemoryLogs(names);
  const servers: RunningServer[] = [];
  const cluster = new TestCluster(servers, logs, folder);
  try {
    for (const [at, name] of names.entries()) {
      const standard = { host: '127.0.0.1', port: 0, frontPort: null, webRoot: null, machineKey, logger: silent };
      const own = { name, log: wrap(logs[at]!), dataDir: join(folder, name), limits };
      servers.push(await startServer({ ...standard, ...own, ...server }));
    }
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
};

/** Waits until `condition` holds; rejects when it has not in time. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const endMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

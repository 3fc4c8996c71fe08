/**
 * Servers of one data folder, started by hand so that each can be given a disk of its own kind, and what a client sees
 * of them. None outlives the process that started it, however that one ends: the kernel sees to it.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChat } from '../../src/chat/index.ts';
import { portTrouble } from '../../src/cluster/supervisor/index.ts';
import { type MessagePage, newCommandId, type TopologyView } from '../../src/protocol/index.ts';
import { checkout, estafet, type Running } from './estafet.ts';
import { eventually } from './eventually.ts';

/** The kernel kills what follows when its parent is gone. */
const untilParentDies = ['setpriv', '--pdeathsig', 'KILL'];

export const host = '127.0.0.1';
const firstPort = 22_000;
const lastPort = 22_999;
let nextPort = firstPort + (process.pid % 100) * 10;

/** The first of `count` ports in a row that nobody uses. */
export const freePorts = async (count: number): Promise<number> => {
  for (;;) {
    if (nextPort + count > lastPort) nextPort = firstPort;
    const first = nextPort;
    nextPort += count;
    const ports = Array.from({ length: count }, (_, at) => first + at);
    const troubles = await Promise.all(ports.map((port) => portTrouble(host, port)));
    if (troubles.every((trouble) => trouble === null)) return first;
  }
};

/**
 * Makes a folder for a test. `remove` removes it, and so does a process that outlives this one, when this one ends
 * without having done so.
 */
export const temporaryFolder = (): { readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-disk-'));
  // It reads until the other end of its standard input is gone; then the servers are being killed, too.
  const script = 'cat; while ! rm -rf "$0"; do sleep 1; done';
  const remover = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  remover.unref();
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      remover.stdin.end();
    },
  };
};

/** A started server. */
export interface DiskServer {
  readonly name: string;
  readonly url: string;
  readonly running: Running;
  /** How it ended; null while it runs. */
  ending(): { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null;
}

/** A message that was acknowledged. */
export interface Acknowledged {
  readonly id: string;
  readonly text: string;
  readonly index: number;
}

export interface DiskServers extends AsyncDisposable {
  /** The folder of the test, with the data folder and whatever else belongs to the test. */
  readonly folder: string;
  readonly data: string;
  /** Starts a server; `wrap` may put another command around its own. */
  start(name: string, wrap?: (command: readonly string[]) => readonly [string, ...string[]]): Promise<DiskServer>;
  /** Ends all of them. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a data folder for servers to be started on. */
export const newDiskServers = (): DiskServers => {
  const { folder, remove } = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  const ports = new Map<string, number>();
  const started = new Set<DiskServer>();
  return {
    folder,
    data,
    start: async (name, wrap = ([program, ...args]) => [program!, ...args]) => {
      const port = ports.get(name) ?? (await freePorts(1));
      ports.set(name, port);
      const serve = ['serve', '--name', name, '--port', String(port), '--host', host, '--data', data];
      const running = estafet([], {}, wrap([...untilParentDies, ...checkout, ...serve]));
      let ended: Awaited<Running['ended']> | null = null;
      const server = { name, url: `http://${host}:${port}`, running, ending: () => ended };
      started.add(server);
      void running.ended.then((ending) => {
        ended = ending;
        started.delete(server);
      });
      return server;
    },
    [Symbol.asyncDispose]: async () => {
      const left = [...started];
      for (const { running } of left) running.child.kill('SIGKILL');
      await Promise.all(left.map(({ running }) => running.ended));
      remove();
    },
  };
};

const ask = (server: DiskServer, path: string, init: RequestInit = {}, maxMs = 3_000): Promise<Response | null> =>
  fetch(`${server.url}${path}`, { ...init, signal: AbortSignal.timeout(maxMs) }).catch(() => null);

const posting = (token: string, body: object): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' },
  body: JSON.stringify(body),
});

/** Whether it is ready; the reason why not as a string. Null when it does not answer. */
export const readiness = async (server: DiskServer): Promise<true | string | null> => {
  const answer = await ask(server, '/readyz');
  if (answer === null) return null;
  const text = await answer.text().catch(() => '');
  return answer.ok ? true : text;
};

/** What the server itself says of the cluster. */
export const topologyOf = async (server: DiskServer): Promise<TopologyView | null> => {
  const answer = await ask(server, '/api/v1/topology');
  return answer?.ok ? ((await answer.json()) as TopologyView) : null;
};

/** A person who posts, at whichever of the servers answers. */
export class Poster {
  readonly acknowledged: Acknowledged[] = [];
  readonly #data: string;
  #token: string | null = null;

  constructor(data: string) {
    this.#data = data;
  }

  /** Posts through the first of these servers that takes it; sends the same id again to the next when one does not. */
  async post(text: string, servers: () => readonly DiskServer[], deadlineMs: number): Promise<Acknowledged> {
    const id = newCommandId();
    let attempt = 0;
    return eventually(
      `"${text}" is acknowledged`,
      async () => {
        const among = servers().filter((server) => server.ending() === null);
        const server = among[attempt++ % Math.max(among.length, 1)];
        if (server === undefined) return null;
        const token = await this.token(server);
        if (token === null) return null;
        const answer = await ask(server, '/api/v1/rooms/general/messages', posting(token, { id, text }));
        if (answer?.status !== 201) return null;
        const { index } = (await answer.json()) as { index: number };
        const done = { id, text, index };
        this.acknowledged.push(done);
        return done;
      },
      { deadlineMs, pollMs: 10 },
    );
  }

  /** This person's token, taken from `server` if there is none yet. */
  async token(server: DiskServer): Promise<string | null> {
    if (this.#token !== null) return this.#token;
    const key = readFileSync(join(this.#data, 'machine.key'), 'utf8').trim();
    const answer = await ask(server, '/api/v1/tokens', posting(key, { name: 'Ana', role: 'member' }));
    if (answer === null || !answer.ok) return null;
    this.#token ??= ((await answer.json()) as { token: string }).token;
    return this.#token;
  }

  /** What a server's own history of the room lacks, has twice, or has elsewhere: a sentence each. */
  async faultsIn(server: DiskServer): Promise<string[]> {
    if (this.#token === null) return [];
    const headers = { authorization: `Bearer ${this.#token}`, connection: 'close' };
    const answer = await ask(server, '/api/v1/rooms/general/messages?limit=200', { headers });
    if (!answer?.ok) return [`${server.name} does not show its history: ${answer?.status ?? 'no answer'}`];
    const { messages } = (await answer.json()) as MessagePage;
    const faults: string[] = [];
    for (const { id, text, index } of this.acknowledged) {
      const found = messages.filter((message) => message.text === text);
      if (found.length === 0) faults.push(`${server.name} has lost "${text}"`);
      if (found.length > 1) faults.push(`${server.name} has "${text}" ${found.length} times`);
      const [first] = found;
      if (first !== undefined && (first.id !== id || first.index !== index)) {
        faults.push(`${server.name} has "${text}" at ${first.index}, and it was acknowledged at ${index}`);
      }
    }
    return faults;
  }
}

/** What stands between servers and being whole again: in sync, at one place, with one fingerprint. Null when nothing. */
export const unrest = async (servers: readonly DiskServer[]): Promise<string | null> => {
  const views = await Promise.all(servers.map(topologyOf));
  const rows = views.map((view) => view?.servers.find(({ name }) => name === view.you));
  const first = rows[0];
  for (const [at, row] of rows.entries()) {
    const { name } = servers[at]!;
    if (row === undefined) return `${name} does not answer`;
    if (!row.inSync || row.role === 'down') return `${name} is not in sync`;
    if (row.applied !== row.last || row.last !== first?.last) return `${name} is at ${row.applied} of ${row.last}`;
    if (row.fingerprint !== first.fingerprint) return `${name} has another fingerprint`;
  }
  return null;
};

/** The content hash of each server's chat database, of a copy: the servers run, and are at rest. */
export const contentHashes = (data: string, names: readonly string[]): string[] =>
  names.map((name) => {
    const folder = mkdtempSync(join(tmpdir(), 'estafet-hash-'));
    try {
      for (const file of ['chat.db', 'chat.db-wal']) {
        const from = join(data, name, file);
        if (existsSync(from)) copyFileSync(from, join(folder, file));
      }
      const chat = openChat(join(folder, 'chat.db'));
      try {
        return chat.contentHash();
      } finally {
        chat.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

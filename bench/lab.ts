/**
 * Whether a batch of the lab leaves the chat alone: `node bench/lab.ts [--rounds 5] [--rate 100] [--servers 3]`. A cluster
 * of real processes on this machine; a client posts so many messages a second to one server and times each answer, in
 * turns without and with a grid of 4 × 3 × 4 settings, 20,000 messages each by both methods, played by that very server.
 * Prints p50 and p99 of each, medians over the rounds, the ratio of the two, and how long the grid took.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { stopCluster } from '../src/cluster/supervisor/index.ts';
import { type LabBatchView, newCommandId, type ServerFrame, subprotocol } from '../src/protocol/index.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '100' },
    servers: { type: 'string', default: '3' },
  },
});
const [rounds, rate, servers] = [Number(values.rounds), Number(values.rate), Number(values.servers)];
const text =
  'A message of about a hundred characters, as people write them when they have something to say, or not so.';

/** The grid: loss × retries × timeout, by both methods. */
const rows = [0.01, 0.1, 0.3, 0.5].flatMap((loss) =>
  [0, 2, 5].flatMap((maxRetries) =>
    [300, 600, 1_000, 2_000].flatMap((ackTimeoutMs) =>
      ['direct', 'pubsub'].map((method) => ({ method, settings: { loss, maxRetries, ackTimeoutMs } })),
    ),
  ),
);
const messages = 20_000;
/** How long it is measured without a grid. */
const withoutMs = 6_000;

/** A port with as many free ones behind it. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return Math.min(port, 60_000);
};

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
const median = (of: readonly number[]): number =>
  quantile(
    of.toSorted((a, b) => a - b),
    0.5,
  );

/** Posts at the rate until told to stop; resolves with the time of each answer, ascending, ms. */
class Poster {
  readonly #socket: WebSocket;
  readonly #sentMs = new Map<string, number>();
  #times: number[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type !== 'done' && frame.type !== 'error') return;
      const sentMs = this.#sentMs.get(String(frame.id));
      if (sentMs === undefined) return;
      if (frame.type === 'error') throw new Error(JSON.stringify(frame));
      this.#times.push(performance.now() - sentMs);
      this.#sentMs.delete(String(frame.id));
    });
  }

  async during(work: () => Promise<unknown>): Promise<readonly number[]> {
    this.#times = [];
    const startMs = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      // Each at its time, however late the timer is: what waits for its turn here is no latency of the server's.
      for (; sent < ((performance.now() - startMs) * rate) / 1_000; sent++) {
        const id = newCommandId();
        this.#sentMs.set(id, performance.now());
        const body = { room: 'general', text: `${text} ${sent}` };
        this.#socket.send(JSON.stringify({ type: 'do', id, kind: 'message.post', body }));
      }
    }, 1);
    await work();
    clearInterval(timer);
    while (this.#sentMs.size > 0) await pause(10);
    return this.#times.toSorted((a, b) => a - b);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'estafet-lab-'));
const data = join(folder, 'data');
const port = await freePort();
const cli = new URL('../src/cli/main.ts', import.meta.url).pathname;
const shape = ['--servers', servers, '--port', port, '--front', port + servers, '--host', '127.0.0.1', '--data', data];
const up = spawn(process.execPath, [cli, 'up', ...shape.map(String), '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const told = await new Promise<string>((resolve, reject) => {
    up.stdout.once('data', (chunk) => resolve(String(chunk)));
    up.once('exit', (code) => reject(new Error(`estafet up ended with ${code}`)));
  });
  const { servers: started } = JSON.parse(told) as { servers: { url: string }[] };
  const url = started[0]!.url;
  const ask = async <T>(method: string, path: string, token: string | null, body?: object): Promise<T> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const { token } = await ask<{ token: string }>('POST', '/join', null, { name: 'Ann', returnToken: true });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, [subprotocol]);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })));
    socket.on('message', (message) => {
      if ((JSON.parse(String(message)) as ServerFrame).type === 'welcome') resolve();
    });
  });
  const poster = new Poster(socket);
  const gridMs: number[] = [];
  const grid = async (): Promise<void> => {
    const startMs = performance.now();
    const { id } = await ask<LabBatchView>('POST', '/lab/batches', token, { rows, messages, seed: 1 });
    for (let state = 'running'; state === 'running'; await pause(250)) {
      ({ state } = await ask<LabBatchView>('GET', `/lab/batches/${id}`, token));
      if (state !== 'running' && state !== 'done') throw new Error(`the grid is ${state}`);
    }
    gridMs.push(performance.now() - startMs);
  };
  // What is compiled and cached the first time is no part of it.
  await poster.during(() => pause(2_000));
  const found = { without: [], with: [] } as Record<'without' | 'with', (readonly number[])[]>;
  for (let round = 0; round < rounds; round++) {
    // A B, A B: what drifts, drifts for both.
    found.without.push(await poster.during(() => pause(withoutMs)));
    found.with.push(await poster.during(grid));
  }
  socket.terminate();
  const all = (messages * rows.length).toLocaleString('en');
  console.log(
    `a grid of ${rows.length / 2} settings by both methods, ${all} messages: ${(median(gridMs) / 1_000).toFixed(1)} s`,
  );
  for (const [name, q] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const [without, withGrid] = [found.without, found.with].map((turns) => turns.map((times) => quantile(times, q)));
    const ratios = withGrid!.map((ms, at) => ms / without![at]!);
    console.log(
      `${name}: ${median(without!).toFixed(1)} ms without, ${median(withGrid!).toFixed(1)} ms with the grid; ratio ` +
        `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${rounds} rounds)`,
    );
  }
} finally {
  await stopCluster(data);
  up.kill();
  rmSync(folder, { recursive: true, force: true });
}

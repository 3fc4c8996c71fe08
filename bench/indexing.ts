/**
 * Whether indexing for search slows acknowledgements: `node bench/indexing.ts [--seconds 4] [--rounds 7]`. Two servers of
 * one replica each, on this disk, one of them without its search, take the same posts in turns, so many in flight. Prints
 * the medians, and the ratio of the one with search to the one without: near 1 is what is wanted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { openEmbeddedLog } from '../src/log/embedded/index.ts';
import { newCommandId, type SearchPage, type ServerFrame, subprotocol } from '../src/protocol/index.ts';
import { startServer } from '../src/server/index.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '7' } },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const flights = [1, 64] as const;
const text = 'The quick brown fox jumps over the lazy dog, and then it writes a message of about a hundred characters.';
/** So long that it does not come. */
const neverMs = 2 ** 31 - 1;
const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

interface System {
  readonly socket: WebSocket;
  /** Resolves when search has taken everything in, so that none of it falls into the other's turn. */
  settled(): Promise<void>;
  answered: (() => void) | null;
  close(): Promise<void>;
}

const start = async (data: string, isSearched: boolean): Promise<System> => {
  const log = await openEmbeddedLog({ name: 's1', data });
  const limits = isSearched ? {} : { searchStartMs: neverMs, searchIntervalMs: neverMs };
  const where = { host: '127.0.0.1', port: 0, frontPort: null, webRoot: null, machineKey: 'c0ffee'.repeat(10) };
  const server = await startServer({ ...where, name: 's1', log, dataDir: join(data, 's1'), logger: silent, limits });
  const joined = await fetch(`${server.url}/api/v1/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ann', returnToken: true }),
  });
  const { token } = (await joined.json()) as { token: string };
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, [subprotocol]);
  const system: System = {
    socket,
    answered: null,
    settled: async () => {
      const headers = { authorization: `Bearer ${token}` };
      for (let upto = 0, before = -1; isSearched && upto !== before; ) {
        before = upto;
        const response = await fetch(`${server.url}/api/v1/search?q=fox&limit=1`, { headers });
        const page = (await response.json()) as Partial<SearchPage>;
        upto = page.indexedUpTo ?? -1;
      }
    },
    close: async () => {
      socket.terminate();
      await server.close();
      await log.close();
    },
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      if (frame.type === 'welcome') resolve();
      else if (frame.type === 'done') system.answered?.();
      else if (frame.type === 'error') reject(new Error(JSON.stringify(frame)));
    });
  });
  return system;
};

/** Acknowledged posts a second, so many in flight. */
const acknowledged = (system: System, inFlight: number): Promise<number> =>
  new Promise((resolve) => {
    const startMs = performance.now();
    let [sent, done] = [0, 0];
    const send = (): void => {
      const body = { room: 'general', text: `${text} ${sent++}` };
      system.socket.send(JSON.stringify({ type: 'do', id: newCommandId(), kind: 'message.post', body }));
    };
    system.answered = () => {
      done++;
      const tookMs = performance.now() - startMs;
      if (tookMs < seconds * 1_000) send();
      else if (done === sent) resolve((done * 1_000) / tookMs);
    };
    for (let n = 0; n < inFlight; n++) send();
  });

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)]!;

const folder = mkdtempSync(join(tmpdir(), 'estafet-indexing-'));
const systems: System[] = [];
try {
  for (const name of ['with', 'without']) systems.push(await start(join(folder, name), name === 'with'));
  for (const inFlight of flights) {
    const rates: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      // A B, B A, A B: what drifts, drifts for both.
      for (const at of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        rates[at].push(await acknowledged(systems[at]!, inFlight));
        await systems[at]!.settled();
      }
    }
    const ratios = rates[0].map((rate, at) => rate / rates[1][at]!);
    const [w, without] = rates.map(median).map((rate) => rate.toFixed(0));
    console.log(
      `${inFlight} in flight: ${w}/s with search, ${without}/s without; ratio ${median(ratios).toFixed(2)} ` +
        `(${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${rounds} rounds)`,
    );
  }
} finally {
  for (const system of systems) await system.close();
  rmSync(folder, { recursive: true, force: true });
}

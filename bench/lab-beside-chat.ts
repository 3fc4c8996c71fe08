/**
 * Whether the lab leaves the chat alone: `node bench/lab-beside-chat.ts [--rounds 4] [--seconds 8] [--nodes 30] [--json
 * file]`. A cluster of three; somebody writes 40 messages a second at one server and somebody reads at another. In every
 * other round, from a process of its own, the lab has all it can take: nodes that send as fast as they may, each other's
 * watchers, and one socket that says 2,000 words a second. Prints quantiles of the time to the acknowledgement, and to
 * the reader, with and without.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Chat, connect } from '../src/client/index.ts';
import type { LabNews } from '../src/protocol/index.ts';
import { startTestCluster } from '../test/support/cluster.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '8' },
    nodes: { type: 'string', default: '30' },
    json: { type: 'string' },
    flood: { type: 'string' },
  },
});
const everyMs = 25;
const rogueWordsPerSecond = 2_000;

interface Node {
  readonly chat: Chat;
  id: string;
}

/** What the lab has been told by its first node’s news: messages sent a second, and what the lab took itself. */
interface FloodFigures {
  readonly sentPerSecond: number;
  readonly ownMs: number | null;
  readonly relayLost: number;
}

const nodeAt = (url: string, token: string, name: string, heard: (news: LabNews) => void): Promise<Node> => {
  const { promise, resolve } = Promise.withResolvers<Node>();
  const node: Node = { chat: connect({ servers: [url], token }), id: '' };
  node.chat.watch('lab', (news) => {
    for (const { node: id, message, attempt } of news.deliveries ?? []) {
      node.chat.say('lab', { what: 'seen', node: id, seen: [[message, attempt]] });
    }
    if (node.id === '' && news.nodes !== undefined) node.chat.say('lab', { what: 'join', name });
    if (node.id === '' && news.you?.nodes[0] !== undefined) {
      node.id = news.you.nodes[0];
      resolve(node);
    }
    heard(news);
  });
  return promise;
};

/** The process that floods: on from its start to its end. */
const flood = async (given: string): Promise<void> => {
  const { urls, tokens } = JSON.parse(given) as { readonly urls: string[]; readonly tokens: string[] };
  let [sent, overMs, relayLost] = [0, 0, 0];
  const own: number[] = [];
  const measure = ({ samples = [], relayLost: lost }: LabNews): void => {
    relayLost = lost ?? relayLost;
    for (const { direct, pubsub, overMs: ms } of samples) {
      sent += direct.sent + pubsub.sent;
      overMs += ms;
      if (pubsub.ownMs.value !== null) own.push(pubsub.ownMs.value);
    }
  };
  const nodes = await Promise.all(
    tokens.map((token, at) => nodeAt(urls[at % urls.length]!, token, `node ${at}`, at === 0 ? measure : () => {})),
  );
  for (const [at, { chat, id }] of nodes.entries()) {
    const to = { node: nodes[(at + 1) % nodes.length]!.id };
    for (const method of ['direct', 'pubsub'] as const) {
      chat.say('lab', { what: 'send', node: id, method, to, text: 'flood', count: 10_000 });
    }
  }
  const rogue = setInterval(() => {
    for (let n = 0; n < rogueWordsPerSecond / 100; n++) {
      nodes.at(-1)!.chat.say('lab', { what: 'dials', change: { loss: (n % 10) / 100 } });
    }
  }, 10);
  process.send!('flooding');
  process.once('message', () => {
    clearInterval(rogue);
    for (const { chat, id } of nodes) chat.say('lab', { what: 'stop', node: id });
    own.sort((a, b) => a - b);
    const figures: FloodFigures = {
      sentPerSecond: Math.round((sent * 1_000) / overMs),
      ownMs: own[own.length >> 1] ?? null,
      relayLost,
    };
    process.send!(figures, () => process.exit());
  });
};

const quantiles = (times: number[]): Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>> => {
  times.sort((a, b) => a - b);
  const at = (q: number): number => Math.round((times[Math.ceil(q * times.length) - 1] ?? Number.NaN) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
};

const measure = async (): Promise<void> => {
  await using cluster = await startTestCluster();
  await cluster.settled();
  const urls = cluster.servers.map(({ url }) => url);
  const writer = connect({ servers: [urls[0]!], token: await cluster.token('Writer') });
  const reader = connect({ servers: [urls[1]!], token: await cluster.token('Reader') });
  await Promise.all([writer.ready(), reader.ready()]);
  const sentAt = new Map<string, number>();
  const times = {
    quiet: { acked: [] as number[], read: [] as number[] },
    flood: { acked: [] as number[], read: [] as number[] },
  };
  let now: keyof typeof times = 'quiet';
  reader.room('general').on('message', ({ text }) => {
    const startMs = sentAt.get(text);
    if (startMs !== undefined) times[now].read.push(performance.now() - startMs);
  });
  const write = async (seconds: number): Promise<void> => {
    const acks: Promise<void>[] = [];
    const endMs = performance.now() + seconds * 1_000;
    while (performance.now() < endMs) {
      const startMs = performance.now();
      const text = `${now} ${startMs}`;
      sentAt.set(text, startMs);
      acks.push(
        writer
          .room('general')
          .send(text)
          .then(() => void times[now].acked.push(performance.now() - startMs)),
      );
      await sleep(everyMs);
    }
    await Promise.all(acks);
    await sleep(500);
  };

  await write(2);
  for (const list of [times.quiet.acked, times.quiet.read]) list.length = 0;
  const floods: FloodFigures[] = [];
  const count = Number(values.nodes);
  const tokens: string[] = [];
  for (let at = 0; at < count; at++) tokens.push(await cluster.token(`Node ${at}`));
  for (let round = 0; round < Number(values.rounds); round++) {
    now = round % 2 === 0 ? 'quiet' : 'flood';
    if (now === 'quiet') {
      await write(Number(values.seconds));
      continue;
    }
    const child = fork(import.meta.filename, ['--flood', JSON.stringify({ urls, tokens })]);
    await new Promise((resolve) => child.once('message', resolve));
    await sleep(1_500);
    await write(Number(values.seconds));
    const figures = new Promise<FloodFigures>((resolve) =>
      child.once('message', (told) => resolve(told as FloodFigures)),
    );
    child.send('enough');
    floods.push(await figures);
    await sleep(1_500);
  }
  const result = {
    nodes: count,
    quiet: { acked: quantiles(times.quiet.acked), read: quantiles(times.quiet.read) },
    flood: { acked: quantiles(times.flood.acked), read: quantiles(times.flood.read) },
    lab: floods,
  };
  console.log('chat, ms            p50    p95    p99    max');
  for (const when of ['quiet', 'flood'] as const) {
    for (const what of ['acked', 'read'] as const) {
      const row = Object.values(result[when][what]).map((value) => `${value}`.padStart(7));
      console.log(`${`${what}, lab ${when === 'quiet' ? 'quiet' : 'full'}`.padEnd(16)}${row.join('')}`);
    }
  }
  for (const { sentPerSecond, ownMs, relayLost } of floods) {
    console.log(
      `the lab meanwhile: ${sentPerSecond} messages a second, ${ownMs} ms of its own, ${relayLost} casts lost`,
    );
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  writer.close();
  reader.close();
};

await (values.flood === undefined ? measure() : flood(values.flood));

/**
 * Whether the cluster's page keeps up: `node bench/cluster-page.ts [--servers 3] [--rate 3000] [--seconds 10]
 * [--phone] [--json file]`. A real cluster, so many messages a second sent to it by real clients, and a headless
 * Chromium with the page open that counts its frames: first with the servers idle, then under the load. Prints for each
 * how many frames a second there were, how late the slowest were, how busy the page's main thread was, and what was
 * really committed. The browser draws with the processor, without a graphics card: a worse case than most.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { type Chat, connect } from '../src/client/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { startTestCluster, type TestCluster } from '../test/support/cluster.ts';
import { eventually } from '../test/support/eventually.ts';
import { joinInBrowser } from '../test/support/web-people.ts';

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '3' },
    rate: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '10' },
    phone: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const servers = Number(values.servers);
const rate = Number(values.rate);
const seconds = Number(values.seconds);

interface Figures {
  readonly what: string;
  /** Entries committed in a second, as the cluster counts them. */
  readonly committedPerSecond: number;
  readonly framesPerSecond: number;
  /** Milliseconds from one frame to the next. */
  readonly frameMs: { readonly median: number; readonly p99: number; readonly max: number };
  /** Parts of the time that the page's main thread did something, and that it ran scripts. */
  readonly busy: number;
  readonly script: number;
  /** What the map says of itself. */
  readonly traffic: string;
}

/** Sends so many messages a second, evenly, through as many clients, and stops when told. */
const load = async (cluster: TestCluster): Promise<{ readonly stop: () => Promise<void> }> => {
  const clients = 24;
  const people: Chat[] = [];
  const token = await cluster.token('Load', 'admin');
  for (let at = 0; at < clients; at++) {
    const { url } = cluster.servers[at % cluster.servers.length]!;
    const chat = connect({ servers: [url], token });
    await chat.ready();
    people.push(chat);
  }
  await people[0]!.do('room.create', { name: 'load', topic: '' });
  const everyMs = 20;
  let owed = 0;
  let last = performance.now();
  let turn = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    // What could not be sent in half a second is not made up for.
    owed = Math.min(owed + ((now - last) / 1_000) * rate, rate / 2);
    last = now;
    for (; owed >= 1; owed--) {
      const chat = people[turn++ % clients]!;
      if (chat.pending.length < 250)
        void chat
          .room('load')
          .send(`message ${turn}`)
          .catch(() => null);
    }
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      for (const chat of people) chat.close();
    },
  };
};

const committed = async (cluster: TestCluster): Promise<number> => {
  const topology = await cluster.topology();
  return Math.max(0, ...(topology?.servers ?? []).map((server) => server.committed));
};

const timesOf = async (cdp: CDPSession): Promise<{ readonly task: number; readonly script: number }> => {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { task: of('TaskDuration'), script: of('ScriptDuration') };
};

/** The times of all frames in so many milliseconds, as the page itself sees them. */
const framesIn = (page: Page, ms: number): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const times = [];
    const end = performance.now() + ${ms};
    const frame = (now) => { times.push(now); now < end ? requestAnimationFrame(frame) : resolve(times); };
    requestAnimationFrame(frame);
  })`);

const measure = async (what: string, page: Page, cdp: CDPSession, cluster: TestCluster): Promise<Figures> => {
  const [before, first, began] = [await timesOf(cdp), await committed(cluster), performance.now()];
  const times = await framesIn(page, seconds * 1_000);
  const [after, last] = [await timesOf(cdp), await committed(cluster)];
  const lasted = (performance.now() - began) / 1_000;
  const gaps = times.slice(1).map((time, at) => time - times[at]!);
  gaps.sort((a, b) => a - b);
  const at = (part: number) => Math.round((gaps[Math.floor((gaps.length - 1) * part)] ?? 0) * 10) / 10;
  return {
    what,
    committedPerSecond: Math.round((last - first) / lasted),
    framesPerSecond: Math.round((gaps.length / (times.at(-1)! - times[0]!)) * 10_000) / 10,
    frameMs: { median: at(0.5), p99: at(0.99), max: at(1) },
    busy: Math.round(((after.task - before.task) / lasted) * 100) / 100,
    script: Math.round(((after.script - before.script) / lasted) * 100) / 100,
    traffic: (await page.locator('.legend-traffic').innerText()).replaceAll(/\s+/g, ' '),
  };
};

const print = (figures: Figures): void => {
  const { what, committedPerSecond, framesPerSecond, frameMs, busy, script, traffic } = figures;
  console.log(
    `${what.padEnd(6)} ${committedPerSecond} committed/s · ${framesPerSecond} frames/s · frame ${frameMs.median} ms median, ` +
      `${frameMs.p99} ms p99, ${frameMs.max} ms max · main thread busy ${Math.round(busy * 100)} %, scripts ${Math.round(script * 100)} % · ${traffic}`,
  );
};

const cluster = await startTestCluster({ servers });
const browser = await startBrowser();
try {
  await cluster.settled();
  console.log(`${servers} servers, ${rate} messages/s wanted, ${availableParallelism()} cores for all of it`);
  const page = await joinInBrowser(browser, cluster.front, 'Watcher', {
    reducedMotion: 'no-preference',
    viewport: values.phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
  });
  await page.goto(`${cluster.front}/cluster`);
  await page.locator('.map-node').first().waitFor();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await page.waitForTimeout(2_000);
  const idle = await measure('idle', page, cdp, cluster);
  print(idle);
  const { stop } = await load(cluster);
  const from = await committed(cluster);
  await eventually('the load has begun', async () => (await committed(cluster)) > from + rate);
  const loaded = await measure('load', page, cdp, cluster);
  print(loaded);
  await stop();
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ servers, rate, idle, loaded }, null, 2)}\n`);
} finally {
  await browser.close();
  await cluster.stop();
}

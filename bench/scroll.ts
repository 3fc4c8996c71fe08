/**
 * Whether a large room scrolls like a small one: `node bench/scroll.ts [--sizes 1000,100000] [--rounds 5] [--steps 240]
 * [--json file]`. Fills a room of a cluster of its own for each size, opens each in Chromium in turns, and scrolls
 * upwards by the wheel, a step a frame, through about 60 screens. Prints the medians of the rounds: how long the room
 * took to open, how long frames lasted, how long the longest task was, and how many messages the page held at the end.
 * Needs Chromium and the built web app.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { connect } from '../src/client/index.ts';
import { limits } from '../src/protocol/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { startTestCluster } from '../test/support/cluster.ts';
import { joinInBrowser } from '../test/support/web-people.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,100000' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '240' },
    json: { type: 'string' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];
const stepPx = 200;
const words = ['relay', 'baton', 'harbour', 'lantern', 'quorum', 'kitchen', 'ledger', 'mango', 'printer', 'violin'];
const roomOf = (size: number): string => `with-${size}`;

interface Measured {
  readonly openMs: number;
  readonly frameP50Ms: number;
  readonly frameP95Ms: number;
  readonly frameMaxMs: number;
  readonly longestTaskMs: number;
  readonly climbedPx: number;
  readonly rowsHeld: number;
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

const textOf = (at: number): string => {
  const length = 4 + ((at * 7) % 23);
  return Array.from({ length }, (_, n) => words[(at * 3 + n * n) % words.length]).join(' ');
};

/** Runs in the page: a wheel's step a frame, and what each frame and task took meanwhile. */
const climb = (page: Page): Promise<Omit<Measured, 'openMs'>> =>
  page.evaluate(`(async () => {
    const view = document.querySelector('.timeline');
    const tasks = [0];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration)));
    observer.observe({ type: 'longtask' });
    const frames = [];
    let climbed = 0;
    let last = await new Promise(requestAnimationFrame);
    for (let step = 0; step < ${steps}; step++) {
      view.dispatchEvent(new WheelEvent('wheel', { deltaY: -${stepPx}, bubbles: true }));
      const before = view.scrollTop;
      view.scrollTop = before - ${stepPx};
      climbed += Math.max(0, before - view.scrollTop);
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - last);
      last = now;
    }
    observer.disconnect();
    frames.sort((a, b) => a - b);
    const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))];
    return {
      frameP50Ms: at(0.5), frameP95Ms: at(0.95), frameMaxMs: at(1), longestTaskMs: Math.max(...tasks),
      climbedPx: climbed, rowsHeld: document.querySelectorAll('.timeline article').length,
    };
  })()`);

const open = async (page: Page, room: string): Promise<number> => {
  const began = performance.now();
  await page.getByRole('link', { name: room }).first().click();
  await page
    .getByRole('heading', { name: `#${room}` })
    .first()
    .waitFor();
  await page.getByRole('log').getByText('the newest of all', { exact: true }).waitFor();
  return performance.now() - began;
};

const cluster = await startTestCluster({ servers: 1 });
const browser = await startBrowser();
try {
  const chat = connect({ servers: [cluster.front], token: await cluster.token('Filler', 'admin') });
  await chat.ready();
  for (const size of sizes) {
    await chat.createRoom(roomOf(size));
    const room = chat.room(roomOf(size));
    for (let from = 0; from < size - 1; ) {
      const count = Math.min(Math.floor(limits.clientInFlightMax / 2), size - 1 - from);
      const begin = from;
      await Promise.all(Array.from({ length: count }, (_, n) => room.send(textOf(begin + n))));
      from += count;
    }
    await room.send('the newest of all');
    process.stderr.write(`${roomOf(size)} is filled\n`);
  }
  const page = await joinInBrowser(browser, cluster.front, 'Reader', { viewport: { width: 1440, height: 900 } });
  for (const size of sizes) {
    await page.goto(`${cluster.front}/rooms/${roomOf(size)}`);
    await page.getByRole('button', { name: /^Join/ }).first().click();
    await page.getByRole('textbox', { name: /^Message #/ }).waitFor();
  }
  const measured = new Map<number, Measured[]>(sizes.map((size) => [size, []]));
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      // A page that has just begun: what another turn left in memory is not this one's.
      await page.goto(`${cluster.front}/rooms/general`);
      await page.getByRole('heading', { name: '#general' }).first().waitFor();
      const openMs = await open(page, roomOf(size));
      measured.get(size)?.push({ openMs, ...(await climb(page)) });
    }
  }
  const keys = Object.keys(measured.get(sizes[0] ?? 0)?.[0] ?? {}) as (keyof Measured)[];
  const rows = sizes.map((size) => {
    const all = measured.get(size) ?? [];
    return {
      size,
      ...Object.fromEntries(keys.map((key) => [key, Math.round(10 * median(all.map((one) => one[key]))) / 10])),
    };
  });
  console.table(rows);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rounds, steps, rows }, null, 2)}\n`);
  chat.close();
} finally {
  await browser.close();
  await cluster.stop();
}

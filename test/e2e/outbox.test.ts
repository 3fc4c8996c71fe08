/** The SDK's outbox in a real browser's database: what several pages of one origin leave there, and who sends it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/client/index.ts';
import { startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';
import { startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';

declare global {
  var chat: Chat;
  var errors: string[];
}

const door = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));
const html = '<!doctype html><title>Outbox</title><script type="module" src="/page.js"></script>';

/** The page's script: a client with a lasting outbox. */
const bundle = async (folder: string): Promise<string> => {
  const entry = join(folder, 'entry.js');
  await writeFile(
    entry,
    `import { connect, indexedDbOutbox } from ${JSON.stringify(door)};
     globalThis.errors = [];
     globalThis.chat = connect({ servers: [], outbox: indexedDbOutbox(), you: 'me' });
     globalThis.chat.on('error', (error) => globalThis.errors.push(error.code));`,
  );
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['es'] } },
  });
  const [output] = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  if (output?.type !== 'chunk') throw new Error('the SDK was not bundled');
  return output.code;
};

let browser: Browser;
let folder: string;
let cluster: TestCluster;
let context: BrowserContext;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-outbox-'));
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'web', 'index.html'), html);
  await writeFile(join(folder, 'web', 'page.js'), await bundle(folder));
  [browser, cluster] = await Promise.all([
    startBrowser(),
    startTestCluster({ names: ['s1'], server: { webRoot: join(folder, 'web') } }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await cluster?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext();
});

afterEach(() => context.close());

/** A page whose client finds no server: what it does stays in its outbox. */
const away = async (): Promise<Page> => {
  const page = await context.newPage();
  await page.routeWebSocket(/\/ws$/, (socket) => socket.close());
  await page.goto(cluster.url(0));
  await page.waitForFunction('globalThis.chat !== undefined');
  return page;
};

const post = (page: Page, ...texts: string[]) =>
  page.evaluate((all) => {
    for (const text of all)
      chat
        .room('general')
        .send(text)
        .catch(() => {});
  }, texts);

/** What the page has to send, in order; those that its database has are marked. */
const waiting = (page: Page): Promise<string[]> =>
  page.evaluate(() => chat.pending.map(({ body, kept }) => `${(body as { text: string }).text}${kept ? ' ✓' : ''}`));

const waits = (page: Page, ...texts: string[]) =>
  expect.poll(() => waiting(page)).toEqual(texts.map((text) => `${text} ✓`));

describe('pages of one origin', () => {
  test('a page has what the one before it left, in the order it was made', async () => {
    const texts = Array.from({ length: 300 }, (_, n) => `${n}`);
    const first = await away();
    await post(first, ...texts);
    await waits(first, ...texts);
    await first.close();
    const second = await away();
    await waits(second, ...texts);
    await post(second, 'one more');
    await waits(second, ...texts, 'one more');
  });

  test('a page leaves alone what a living one has to send, and takes it over when that one is closed', async () => {
    const [first, second] = [await away(), await away()];
    await post(first, 'a 1', 'a 2');
    await waits(first, 'a 1', 'a 2');
    const third = await away();
    await post(third, 'c');
    await waits(third, 'c');
    expect(await waiting(second)).toEqual([]);
    await first.close();
    await eventually('one of the others having it', async () => {
      const both = [...(await waiting(second)), ...(await waiting(third))];
      return both.filter((text) => text.startsWith('a')).join() === 'a 1 ✓,a 2 ✓';
    });
  });

  test('a page that crashed leaves what it had to the next one that is looked at', async () => {
    const [first, second] = [await away(), await away()];
    await post(first, 'before the crash');
    await waits(first, 'before the crash');
    await first.goto('chrome://crash').catch(() => {});
    await second.evaluate('dispatchEvent(new Event("focus"))');
    await waits(second, 'before the crash');
  });

  test('a client that is closed leaves what it had to the next one of the same page', async () => {
    const page = await away();
    await post(page, 'left');
    await waits(page, 'left');
    await page.evaluate(() => chat.close());
    const other = await away();
    await waits(other, 'left');
  });

  test('what one person left is not sent by another, and stays for its person', async () => {
    const online = await context.newPage();
    await online.goto(cluster.url(0));
    await online.evaluate(() => chat.join('Ana'));
    await eventually('online', () => online.evaluate(() => chat.state.kind === 'online'));
    // Made by a page that found no server, and that remembers somebody else.
    const gone = await away();
    await post(gone, 'theirs', 'theirs too');
    await waits(gone, 'theirs', 'theirs too');
    await gone.close();
    await expect.poll(() => stored(online)).toHaveLength(2);
    expect(await online.evaluate(() => chat.pending.length)).toBe(0);
    await online.evaluate(() => chat.room('general').send('by Ana'));
    await expect.poll(() => stored(online)).toHaveLength(2);
    const texts = await online.evaluate(async () => (await chat.room('general').history()).messages.map((m) => m.text));
    expect(texts).toEqual(['by Ana']);
  });

  test('a browser without a database says so, and the commands wait in memory', async () => {
    await context.addInitScript('Object.defineProperty(globalThis, "indexedDB", { value: undefined })');
    const page = await away();
    await post(page, 'only here');
    await expect.poll(() => waiting(page)).toEqual(['only here']);
    expect(await page.evaluate(() => errors)).toContain('storage-refused');
  });

  test('a device that is full says so, and the command waits in memory', async () => {
    const page = await away();
    const browserItself = await context.newCDPSession(page);
    await browserItself.send('Storage.overrideQuotaForOrigin', { origin: cluster.url(0), quotaSize: 1 });
    await post(page, 'too much');
    await expect.poll(() => page.evaluate(() => errors)).toContain('storage-full');
    expect(await waiting(page)).toEqual(['too much']);
  });
});

/** The texts in the database, as it is. */
const stored = (page: Page): Promise<string[]> =>
  page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('estafet.outbox');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('entries').objectStore('entries').getAll();
      all.onsuccess = () => {
        opening.result.close();
        resolve(all.result.map(({ body }) => body.text));
      };
    };
  })`);

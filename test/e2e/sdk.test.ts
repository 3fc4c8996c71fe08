/** The SDK by itself in a real browser: a page's own server dies, before or after the page has begun. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/client/index.ts';
import { startTestCluster } from '../../src/server/test-kit.ts';
import { startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';

declare global {
  var chat: Chat;
  var begin: () => void;
}

const door = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));
const html = '<!doctype html><title>SDK</title><script type="module" src="/page.js"></script>';

/** The page's script: the SDK, connected to wherever the page came from, within reach of the test. */
const bundle = async (folder: string): Promise<string> => {
  const entry = join(folder, 'entry.js');
  await writeFile(
    entry,
    `import { connect } from ${JSON.stringify(door)};
     globalThis.begin = () => { globalThis.chat = connect({ servers: [] }); };
     if (location.hash !== '#later') begin();`,
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-sdk-'));
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'web', 'index.html'), html);
  await writeFile(join(folder, 'web', 'page.js'), await bundle(folder));
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const stateOf = (page: Page) => page.evaluate(() => chat.state);
const online = (page: Page, server: string) =>
  eventually(`the page being online at ${server}`, async () => {
    const state = await stateOf(page);
    return state.kind === 'online' && state.server === server;
  });

describe('a page that uses the SDK', () => {
  test('goes on with the others when its own server stops, and begins with them when that one is dead', async () => {
    const cluster = await startTestCluster({ names: ['s1', 's2'], server: { webRoot: join(folder, 'web') } });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(cluster.url(0));
      await eventually('signed out', async () => (await stateOf(page)).kind === 'signed-out');
      await page.evaluate(() => chat.join('Ana'));
      await online(page, 's1');
      await page.evaluate(() => chat.room('general').send('one'));

      const later = await context.newPage();
      await later.goto(`${cluster.url(0)}/#later`);
      await cluster.servers[0]!.close();
      await online(page, 's2');
      // The cookie and HTTP hold across the ports of one host name.
      const { rooms, stored } = await page.evaluate(async () => ({
        stored: (await chat.room('general').send('two')).stored,
        rooms: (await chat.rooms()).map(({ name }) => name),
      }));
      expect(rooms).toEqual(['general']);
      expect(stored).toBeGreaterThan(0);
      expect(await page.evaluate(() => chat.state)).toMatchObject({ continuity: 'recovered' });

      // A page of the dead server that begins only now: it has the addresses of the last time.
      await later.evaluate(() => begin());
      await online(later, 's2');
      const texts = await later.evaluate(async () => {
        const { messages } = await chat.room('general').history();
        return messages.map(({ text }) => text);
      });
      expect(texts).toEqual(['one', 'two']);
    } finally {
      await context.close();
      await cluster.close();
    }
  });

  test('tries at once when the network is back', async () => {
    const cluster = await startTestCluster({ names: ['s1'], server: { webRoot: join(folder, 'web') } });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(cluster.url(0));
      await page.evaluate(() => chat.join('Rui'));
      await online(page, 's1');
      await context.setOffline(true);
      // An open socket outlives the emulated outage, so the page is told to look for another and finds none.
      await page.evaluate(() => chat.signIn());
      await eventually('a long wait', async () => {
        const state = await stateOf(page);
        return state.kind === 'backing-off' && state.delayMs > 1_000;
      });
      await context.setOffline(false);
      await eventually('being online', async () => (await stateOf(page)).kind === 'online', { deadlineMs: 900 });
    } finally {
      await context.close();
      await cluster.close();
    }
  });
});

/** The web app is built anew while somebody has it open: they keep their page until they ask for the new one. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';
import { root } from '../house/source.ts';
import { startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';

let browser: Browser;
let folder: string;
let web: string;
let cluster: TestCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-version-'));
  web = join(folder, 'web');
  await cp(join(root, 'dist/web'), web, { recursive: true });
  [browser, cluster] = await Promise.all([
    startBrowser(),
    startTestCluster({ names: ['s1'], server: { webRoot: web } }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await cluster?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Makes another version of what is served: other in name only. */
const newVersion = async (): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(web, 'version.json'), 'utf8')) as { version: string };
  const next = `next-${version}`;
  for (const name of ['version.json', 'index.html', 'sw.js']) {
    const text = await readFile(join(web, name), 'utf8');
    expect(text).toContain(version);
    await writeFile(join(web, name), text.replace(version, next));
  }
  return next;
};

test('the page says that there is a new version, and becomes it when asked, whole', async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  let cut = (): unknown => null;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    cut = () => Promise.all([socket.close(), server.close()]);
  });
  await page.goto(cluster.url(0));
  await page.getByLabel('Your name').fill('Indah');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('textbox', { name: 'Message #general' }).waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => null)');
  const running = (): Promise<string> => page.evaluate(`document.querySelector('[name="estafet-version"]').content`);
  const before = await running();
  expect(await page.getByText('There is a new version').count()).toBe(0);

  const next = await newVersion();
  await cut();
  await page.getByText('There is a new version of this page.').waitFor();
  expect(await running()).toBe(before);
  // The page of a tab opened meanwhile is the old one still, from the device: never half of one and half of the other.
  const tab = await context.newPage();
  await tab.goto(cluster.url(0));
  expect(await tab.evaluate(`document.querySelector('[name="estafet-version"]').content`)).toBe(before);
  await tab.close();

  await page.getByRole('button', { name: 'Reload' }).click();
  await eventually('the new page', async () => (await running()) === next);
  await page.getByRole('textbox', { name: 'Message #general' }).waitFor();
  await expect.poll(() => page.evaluate('caches.keys()')).toEqual([`estafet-shell-${next}`]);
  await context.close();
});

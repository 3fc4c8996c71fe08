/**
 * The pictures of docs/lab.md, made anew: `node scripts/pictures-lab.ts [folder]`. Starts a cluster of its own, runs
 * experiments as a person would, kills a primary, and ends everything. Needs Chromium and the built web app.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sessionCookie } from '../src/protocol/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { startTestCluster } from '../test/support/cluster.ts';

const folder = process.argv[2] ?? 'docs/pictures';
mkdirSync(folder, { recursive: true });
const [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);

/** A page of an admin's, as wide and as high as the picture is to be. */
const open = async (path: string, height: number, width = 1280): Promise<Page> => {
  const context = await browser.newContext({
    locale: 'en-GB',
    colorScheme: 'light',
    viewport: { width, height },
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  const value = await cluster.token('Ayu Lestari', 'admin');
  await context.addCookies([{ name: sessionCookie, value, url: cluster.front }]);
  const page = await context.newPage();
  await page.goto(`${cluster.front}/lab/experiments/${path}`);
  return page;
};

const run = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('article', { name: 'Report' }).waitFor({ timeout: 120_000 });
  // What fades in and what loads late.
  await page.waitForTimeout(900);
};

const shoot = async (page: Page, name: string, part?: string): Promise<void> => {
  const path = join(folder, `${name}.png`);
  if (part === undefined) await page.screenshot({ path });
  else await page.locator(part).first().screenshot({ path });
  await page.context().close();
};

try {
  await cluster.settled();
  const report = await open('1?seed=7&messages=1000', 1_000);
  await report.getByLabel('Of the messages sent Direct, how many arrive?').fill('90');
  await report.getByLabel('And by PubSub?').fill('95');
  await report.getByLabel('How often is a PubSub message sent, on average?').fill('1.3');
  await report.getByRole('button', { name: 'Lock my prediction' }).click();
  await run(report);
  await shoot(report, 'lab-report');

  const maps = await open('4?seed=3&messages=20000&loss=0.3', 1_500, 1_480);
  await maps.getByRole('button', { name: 'Run without one' }).click();
  await run(maps);
  await shoot(maps, 'lab-heat-maps', '.report-charts');

  const failover = await open('6?perSecond=50&seconds=8&killAfter=2500', 900);
  await failover.getByRole('button', { name: 'Run without one' }).click();
  await run(failover);
  await shoot(failover, 'lab-failover', '.plot-figure');
} finally {
  await browser.close();
  await cluster.stop();
}

/**
 * The pictures of docs/cluster.md, made anew: `node scripts/cluster-pictures.ts [folder]`. Starts a cluster of its own,
 * has its primary die of two requests and hand over once, and ends everything. Needs Chromium and the built web app.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startBrowser } from '../test/support/browser.ts';
import { startTestCluster } from '../test/support/cluster.ts';
import { eventually } from '../test/support/eventually.ts';
import { joinInBrowser } from '../test/support/web-people.ts';

const folder = process.argv[2] ?? 'docs/pictures';
mkdirSync(folder, { recursive: true });
const [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);

const shoot = async (what: Page | Locator, name: string): Promise<void> => {
  await what.screenshot({ path: join(folder, `${name}.png`) });
};

const open = async (name: string, phone = false): Promise<Page> => {
  const page = await joinInBrowser(browser, cluster.front, name, {
    colorScheme: phone ? 'dark' : 'light',
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: 2,
  });
  await page.goto(`${cluster.front}/cluster`);
  await page.locator('.cluster-sentence').waitFor();
  return page;
};

const failing = async (page: Page): Promise<void> => {
  const { epoch } = await cluster.settled();
  await page.getByRole('button', { name: 'Send failing request' }).click();
  await cluster.waitFor('another primary', (now) => now.primary !== null && now.epoch > epoch);
  await cluster.settled();
};

try {
  await cluster.settled();
  const page = await open('Ayu Lestari');
  await page.getByRole('button', { name: 'Send request' }).click();
  await failing(page);
  await failing(page);
  const sequence = page.locator('.cluster-sequence');
  await page.locator('[data-verdict="holds"]').waitFor({ timeout: 60_000 });
  await page.locator('.requests-list').getByText('data-3').waitFor();
  await shoot(page, 'cluster');
  await shoot(page.locator('.cluster-audit'), 'cluster-audit');

  // The second failing request, from where it is taken.
  const scroll = sequence.locator('.sequence-scroll');
  await eventually('the diagram shows who dies', async () => {
    await scroll.evaluate((element) => {
      element.scrollTop -= 40;
    });
    const dying = sequence.locator('.sequence-note[data-what="dying"]').last();
    const [inner, outer] = await Promise.all([dying.boundingBox(), scroll.boundingBox()]);
    return inner !== null && outer !== null && inner.y > outer.y + 90;
  });
  await shoot(sequence, 'cluster-sequence');
  await shoot(page.locator('.cluster-stopwatch'), 'cluster-stopwatch');

  await page.getByRole('button', { name: 'Earlier mark' }).click();
  await page.locator('.rewind-banner').waitFor();
  await page.locator('#main').evaluate((element) => {
    element.scrollTop = 0;
  });
  await eventually('the page shows that moment', async () => (await page.getByText('Failed').count()) > 0);
  await shoot(page, 'cluster-past');
  await page.locator('.rewind-banner').getByRole('button', { name: 'Back to now' }).click();

  const phone = await open('Budi', true);
  await phone.getByRole('button', { name: 'Send request' }).waitFor();
  await phone.locator('[data-what], .cluster-sentence').first().waitFor();
  await shoot(phone, 'cluster-phone');
} finally {
  await browser.close();
  await cluster.stop();
}

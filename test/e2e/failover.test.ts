/** Two people in real browsers on two real servers, and what they see when the primary is killed. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

/** High enough for the virtual list to show every message of a test. */
const tall = { width: 1440, height: 4_000 };

const urlOf = (cluster: TestCluster, name: string): string => {
  const server = cluster.servers.find((each) => each.name === name);
  if (server === undefined) throw new Error(`there is no server ${name}`);
  return server.url;
};

/** Opens a server's own page as a new person, and marks the document so that a reload would be noticed. */
const join = async (browser: Browser, url: string, name: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: tall });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await composer(page).waitFor();
  await page.evaluate(() => {
    Reflect.set(globalThis, 'sameDocument', true);
  });
  return page;
};

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message #general' });
const log = (page: Page) => page.getByRole('log', { name: 'Messages in #general' });

const say = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
};

/** The numbered messages on the page, top to bottom. */
const numbersOn = async (page: Page): Promise<string[]> =>
  [...(await log(page).innerText()).matchAll(/\bnumber \d+ by \w+/g)].map(([text]) => text);

const wasNotReloaded = (page: Page): Promise<boolean> =>
  page.evaluate(() => Reflect.get(globalThis, 'sameDocument') === true);

describe('two people on two servers', () => {
  let browser: Browser;
  let cluster: TestCluster;
  beforeAll(async () => {
    [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
    await cluster.settled();
  });
  afterAll(async () => {
    await browser?.close();
    await cluster?.stop();
  });

  test('see each other’s messages at once, and lose nothing when the primary is killed while one types', async () => {
    const { primary } = await cluster.settled();
    const [backup, otherBackup] = cluster.servers.map(({ name }) => name).filter((name) => name !== primary);
    const ayu = await join(browser, urlOf(cluster, primary!), 'Ayu');
    const joao = await join(browser, urlOf(cluster, backup!), 'Joao');

    await say(ayu, 'number 1 by Ayu');
    await log(joao).getByText('number 1 by Ayu').waitFor({ timeout: 2_000 });
    await say(joao, 'number 1 by Joao');
    await log(ayu).getByText('number 1 by Joao').waitFor({ timeout: 2_000 });

    // Ayu sits on the primary; it dies in the middle of what she types.
    for (let n = 2; n <= 15; n++) {
      await say(ayu, `number ${n} by Ayu`);
      if (n === 6) cluster.kill(primary!);
      await say(joao, `number ${n} by Joao`);
    }

    const expected = Array.from({ length: 15 }, (_, at) => at + 1);
    for (const page of [ayu, joao]) {
      const shown = await eventually('every message is on the page', async () => {
        const numbers = await numbersOn(page);
        return numbers.length >= 30 ? numbers : null;
      });
      expect(new Set(shown).size).toBe(30);
      expect(shown).toHaveLength(30);
      for (const name of ['Ayu', 'Joao']) {
        const own = shown.filter((text) => text.endsWith(name));
        expect(own).toEqual(expected.map((n) => `number ${n} by ${name}`));
      }
    }
    expect(await numbersOn(ayu)).toEqual(await numbersOn(joao));
    expect(await wasNotReloaded(ayu)).toBe(true);
    expect(await wasNotReloaded(joao)).toBe(true);
    expect((await cluster.settled()).servers.map(({ name }) => name)).toContain(otherBackup);
  });

  test('say which server they are on, and on how many disks a message is', async () => {
    await cluster.settled();
    const page = await join(browser, cluster.front, 'Budi');
    await say(page, 'stored where?');
    const message = log(page).getByText('stored where?');
    await message.waitFor();
    await page.getByText('On disk on 3 servers').first().waitFor({ state: 'attached' });
    await page
      .getByText(/\bs[123]\b/)
      .first()
      .waitFor({ state: 'attached' });
  });

  test('a message written while no server runs is kept on the page, and delivered once when they are back', async () => {
    await cluster.settled();
    const page = await join(browser, cluster.front, 'Citra');
    await cluster.killSupervisor();
    for (const { name } of cluster.servers) cluster.kill(name);
    await say(page, 'written in the dark');
    await log(page).getByText('written in the dark').waitFor();
    await cluster.upAgain();
    await cluster.settled();
    await page.getByText('On disk on').last().waitFor({ state: 'attached', timeout: 20_000 });
    const other = await join(browser, cluster.front, 'Dewi');
    await log(other).getByText('written in the dark').waitFor();
    expect(await log(other).getByText('written in the dark').count()).toBe(1);
    expect(await wasNotReloaded(page)).toBe(true);
  });
});

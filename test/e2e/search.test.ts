/** Search in the web app, in real browsers on a real cluster. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/client/index.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { composer, joinByApi, joinInBrowser } from '../support/web-people.ts';

let browser: Browser;
let cluster: TestCluster;
let owner: Chat;
let page: Page;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster({ servers: 2 })]);
  owner = (await joinByApi(cluster.front, 'Olga Owner')).chat;
  for (const name of ['garden', 'kitchen']) await owner.do('room.create', { name });
  await owner.do('room.create', { name: 'vault', access: 'closed' });
  await owner.room('vault').send('the walrus is ours alone');
  await owner.room('garden').send('a walrus sleeps in the garden');
  for (let at = 1; at <= 120; at++) await owner.room('garden').send(`leaf ${at}`);
  for (let at = 1; at <= 25; at++) await owner.room('kitchen').send(`plate ${at} for the walrus`);
  page = await joinInBrowser(browser, cluster.front, 'Sam Seeker');
  await composer(page).waitFor();
});
afterAll(async () => {
  owner?.close();
  await browser?.close();
  await cluster?.stop();
});

const panel = (on: Page) => on.getByRole('complementary', { name: 'Search' });
const field = (on: Page) => panel(on).getByRole('textbox', { name: 'Search messages' });
const hits = (on: Page) => panel(on).getByRole('listitem');
const look = async (on: Page, text: string): Promise<void> => {
  if ((await panel(on).count()) === 0) await on.keyboard.press('Control+Shift+F');
  await field(on).fill(text);
};

describe('a search', () => {
  test('finds what one may read, marks the words, and shows a hit in its place among old messages', async () => {
    await look(page, 'walrus sleeps');
    const hit = hits(page).first();
    await hit.waitFor();
    expect(await hits(page).count()).toBe(1);
    expect(await hit.locator('mark').allTextContents()).toEqual(['walrus', 'sleeps']);
    await hit.getByText('#garden').waitFor();
    await hit.getByText('Olga Owner').waitFor();
    await hit.getByRole('button').click();
    await page.getByRole('heading', { name: '#garden', level: 1 }).waitFor();
    await page.getByRole('log').getByText('a walrus sleeps in the garden').waitFor();
    await page.getByRole('log').getByText('leaf 1', { exact: true }).waitFor();
    expect(await page.getByRole('log').getByText('leaf 120', { exact: true }).count()).toBe(0);
    // The hits are still there, for the next one.
    await eventually('the hit is shown', async () => (await hits(page).count()) === 1);
  });

  test('goes on to older hits, the newest first', async () => {
    await look(page, 'walrus');
    await expect.poll(() => hits(page).count()).toBe(20);
    expect(await hits(page).first().textContent()).toContain('plate 25');
    await panel(page).getByRole('button', { name: 'Older ones' }).click();
    await expect.poll(() => hits(page).count()).toBe(26);
    expect(await hits(page).last().textContent()).toContain('a walrus sleeps');
    expect(await panel(page).getByRole('button', { name: 'Older ones' }).count()).toBe(0);
  });

  test('can be for the open room only', async () => {
    await page.goto(`${cluster.front}/rooms/kitchen`);
    await page.getByRole('button', { name: 'Search in this room' }).click();
    await field(page).fill('walrus sleeps');
    await panel(page).getByText('#kitchen').click();
    await panel(page).getByText('It may have been said in another room.').waitFor();
    await panel(page).getByRole('button', { name: 'Everywhere' }).click();
    await expect.poll(() => hits(page).count()).toBe(1);
  });

  test('takes conditions that are offered, and says in words which are not understood', async () => {
    await look(page, 'walrus');
    await panel(page)
      .getByRole('button', { name: /^from:/ })
      .click();
    expect(await field(page).inputValue()).toBe('walrus from:"Sam Seeker"');
    await panel(page).getByText('Nothing found').waitFor();
    await look(page, 'walrus in:garden');
    await expect.poll(() => hits(page).count()).toBe(1);
    await look(page, 'walrus before:soon');
    await panel(page).getByText('one of its conditions is not understood').waitFor();
    expect(await hits(page).count()).toBe(0);
    await look(page, 'nothing of the kind');
    await panel(page).getByText('Try fewer words, or the beginning of one.').waitFor();
  });

  test('goes from hit to hit by the arrow keys, and is closed by Escape', async () => {
    await look(page, 'plate 2');
    await hits(page).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '#kitchen', level: 1 }).waitFor();
    await field(page).press('Escape');
    await panel(page).waitFor({ state: 'detached' });
  });
});

describe('a permalink', () => {
  test('leads to the message in its place, also when the page begins with it', async () => {
    const { id, index } = await owner.room('garden').send('the message in question');
    for (let at = 0; at < 90; at++) await owner.room('garden').send(`later ${at}`);
    const other = await page.context().newPage();
    await other.goto(`${cluster.front}/rooms/garden/m/${index}`);
    await other.locator(`#message-${id}`).waitFor();
    await other.getByRole('log').getByText('the message in question').waitFor();
    await other.waitForURL(/\/rooms\/garden$/);
    await other.close();
  });
});

describe('on a phone, in Portuguese', () => {
  test('the search is a page of its own, and a hit leads from it to the room', async () => {
    const context = await browser.newContext({
      locale: 'pt-BR',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    const phone = await context.newPage();
    await phone.goto(cluster.front);
    await phone.getByLabel('Seu nome').fill('Téo');
    await phone.locator('button[type=submit]').tap();
    await phone.getByRole('button', { name: 'Pesquisar mensagens' }).tap();
    await phone.getByRole('textbox', { name: 'Pesquisar mensagens' }).fill('walrus sleeps');
    await phone.getByRole('listitem').getByRole('button').tap();
    await phone.getByRole('log').getByText('a walrus sleeps in the garden').waitFor();
    expect(await phone.getByRole('complementary').count()).toBe(0);
    await phone.goBack();
    await phone.getByRole('button', { name: 'Pesquisar mensagens' }).waitFor();
    await context.close();
  });
});

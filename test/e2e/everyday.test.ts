/** What people do every day, in real browsers on a real cluster, where nothing falls over. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';

let browser: Browser;
let cluster: TestCluster;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster({ servers: 2 })]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message #/ });

const join = async (name: string): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(cluster.front);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await composer(page).waitFor();
  return page;
};

describe('a draft', () => {
  test('is there again after a reload, until it was sent', async () => {
    const page = await join('Ana');
    await composer(page).fill('not yet');
    await page.reload();
    expect(await composer(page).inputValue()).toBe('not yet');
    await composer(page).press('Enter');
    await page.reload();
    await page.getByRole('log').getByText('not yet').waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });
});

describe('the rooms one may look through', () => {
  test('say how many are in a room that another person has just made', async () => {
    const [bo, cy] = [await join('Bo'), await join('Cy')];
    await bo.getByRole('button', { name: 'New room' }).click();
    await bo.getByRole('dialog').getByLabel('Name').fill('tea');
    await bo.getByRole('button', { name: 'Create room' }).click();
    await bo.getByRole('heading', { name: '#tea' }).first().waitFor();
    await cy.getByRole('button', { name: 'Browse rooms' }).click();
    const room = cy.getByRole('dialog').getByRole('listitem').filter({ hasText: '#tea' });
    await room.getByText('1 member').waitFor();
  });
});

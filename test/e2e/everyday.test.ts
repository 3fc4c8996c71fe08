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
    await page.getByRole('log').getByText('not yet', { exact: true }).waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });

  test('is not left to the next person at the same browser', async () => {
    const page = await join('Dia');
    await composer(page).fill('only mine');
    await page.getByRole('button', { name: 'Dia: settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your name').fill('Edu');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await composer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('');
  });
});

describe('on a phone', () => {
  test('going back from the people leads to the room, and from there to the rooms', async () => {
    const page = await join('Fay');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(cluster.front);
    await page.getByRole('link', { name: 'general' }).click();
    const people = page.getByRole('heading', { name: 'People' });
    for (const leave of [() => page.goBack(), () => page.getByRole('button', { name: 'Hide people' }).click()]) {
      await page.getByRole('button', { name: 'People of this room' }).click();
      await people.waitFor();
      await leave();
      await composer(page).waitFor();
      expect(await people.count()).toBe(0);
    }
    await page.goBack();
    await page.getByRole('button', { name: 'Browse rooms' }).waitFor();
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

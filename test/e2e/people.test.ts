/** Who one is and how one comes back, the language one reads, and very many people: in real browsers on a real cluster. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { composer, joinInBrowser, joinMany } from '../support/web-people.ts';

let browser: Browser;
let cluster: TestCluster;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster({ servers: 2 })]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const join = (name: string) => joinInBrowser(browser, cluster.front, name);
const dialog = (page: Page) => page.getByRole('dialog');

const showPeople = async (page: Page) => {
  const button = page.getByRole('button', { name: 'People of this room', exact: true });
  if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
  return page.getByRole('complementary', { name: 'People' });
};

describe('a password', () => {
  test('brings one back under the same name in another browser', async () => {
    const page = await join('Pia');
    await page.getByRole('button', { name: 'New room' }).click();
    await dialog(page).getByLabel('Name').fill('pias-own');
    await dialog(page).getByLabel('Closed room').check();
    await page.getByRole('button', { name: 'Create room' }).click();
    await composer(page).waitFor();
    await page.getByRole('heading', { name: '#pias-own', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Pia: settings' }).click();
    await page.getByRole('menuitem', { name: 'Settings…' }).click();
    await dialog(page).getByLabel('New password').fill('short');
    await dialog(page).getByRole('button', { name: 'Set the password' }).click();
    await dialog(page).getByText('A password has at least 8 characters').waitFor();
    await dialog(page).getByLabel('New password').fill('four quiet brown foxes');
    await dialog(page).getByRole('button', { name: 'Set the password' }).click();
    await dialog(page).getByText('The password is set.').waitFor();

    const other = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await other.goto(cluster.front);
    await other.getByRole('button', { name: 'I have been here before' }).click();
    await other.getByLabel('Your name').fill('Pia');
    await other.getByLabel('Password').fill('some other words');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByText('There is nobody of this name with this password.').waitFor();
    await other.getByLabel('Password').fill('four quiet brown foxes');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'pias-own' }).waitFor();
    await Promise.all([page.context().close(), other.context().close()]);
  });
});

describe('a profile', () => {
  test('is changed by its person and seen by the others at once', async () => {
    const [page, other] = [await join('Rui'), await join('Tea')];
    await page.keyboard.press('Control+,');
    await dialog(page).getByLabel('Your name').fill('Rui Costa');
    await dialog(page).getByLabel('About you').fill('Keeps the projector');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await (await showPeople(other)).getByRole('button', { name: 'Rui Costa' }).click();
    await dialog(other).getByText('Keeps the projector').waitFor();
    await dialog(other).getByText('Here now').waitFor();

    await dialog(page).getByLabel('Your name').fill('Tea');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('Somebody here already has this name.').waitFor();
    await Promise.all([page.context().close(), other.context().close()]);
  });

  test('has a picture, cut square and uploaded, that the others see', async () => {
    const [page, other] = [await join('Uma'), await join('Vic')];
    await page.keyboard.press('Control+,');
    const drawn = await page.evaluate<string>(`(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 600; canvas.height = 300;
      const pen = canvas.getContext('2d');
      pen.fillStyle = '#c6392f'; pen.fillRect(0, 0, 600, 300);
      return canvas.toDataURL('image/png').split(',')[1];
    })()`);
    await dialog(page)
      .locator('input[type=file]')
      .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') });
    await dialog(page).getByRole('button', { name: 'Use this picture' }).click();
    await dialog(page).getByRole('button', { name: 'Remove the picture' }).waitFor();
    const people = await showPeople(other);
    const seen = people.getByRole('button', { name: 'Uma' }).locator('img[data-seen]');
    await seen.waitFor();
    const size =
      "(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('.people-list img'))";
    expect(await other.evaluate(size)).toEqual([256, 256]);
    await Promise.all([page.context().close(), other.context().close()]);
  });
});

describe('the language', () => {
  test('is the browser’s, and another one at once when it is chosen', async () => {
    const context = await browser.newContext({ locale: 'pt-BR' });
    const page = await context.newPage();
    await page.goto(cluster.front);
    await page.getByRole('button', { name: 'Já estive aqui antes' }).waitFor();
    await page.getByLabel('Seu nome').fill('Lia');
    await page.locator('button[type=submit]').click();
    await page.getByRole('navigation', { name: 'Salas' }).waitFor();
    await page
      .getByRole('button', { name: 'Pessoas desta sala', exact: true })
      .or(page.getByText('Pessoas'))
      .first()
      .waitFor();
    await page.keyboard.press('Control+,');
    await dialog(page).getByText('Bahasa Indonesia').click();
    await page.getByRole('heading', { name: 'Pengaturan' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('navigation', { name: 'Ruang' }).waitFor();
    await page.reload();
    await page.getByRole('navigation', { name: 'Ruang' }).waitFor();
    await context.close();
  });
});

describe('five hundred people', () => {
  test('are found at once, and no more of them are in the page than fit the screen', async () => {
    await joinMany(
      cluster.front,
      Array.from({ length: 500 }, (_, at) => `Pupil ${String(at).padStart(3, '0')}`),
    );
    const page = await join('Zoë');
    const people = await showPeople(page);
    await people.getByText(/^5\d\d offline$/).waitFor();
    expect(await people.locator('.person').count()).toBeLessThan(100);
    await people.getByRole('textbox', { name: 'Find somebody' }).fill('pupil 499');
    await people.getByRole('button', { name: 'Pupil 499' }).waitFor();
    expect(await people.locator('.person').count()).toBe(1);
    await page.getByRole('button', { name: 'New conversation' }).click();
    await dialog(page).getByRole('combobox').fill('pupil 4');
    expect(await dialog(page).getByRole('option').count()).toBe(50);
    await dialog(page).getByText('and 50 more: type to find them').waitFor();
    await page.context().close();
  });
});

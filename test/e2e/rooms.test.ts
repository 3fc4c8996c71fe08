/** Rooms and people, in real browsers on a real cluster: what one person does, the others see at once. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/client/index.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { composer, joinByApi, joinInBrowser } from '../support/web-people.ts';

let browser: Browser;
let cluster: TestCluster;
/** The first to come, and so the owner. */
let owner: Chat;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster({ servers: 2 })]);
  owner = (await joinByApi(cluster.front, 'Olga Owner')).chat;
});
afterAll(async () => {
  owner?.close();
  await browser?.close();
  await cluster?.stop();
});

const join = (name: string, options?: Parameters<typeof joinInBrowser>[3]) =>
  joinInBrowser(browser, cluster.front, name, options);
const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Rooms' });
const roomLink = (page: Page, name: string) => sidebar(page).getByRole('link', { name });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const dialog = (page: Page) => page.getByRole('dialog');
/** The room's own menu, and what stands in it. */
const menu = async (page: Page, item: string) => {
  await page.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menu').getByText(item).click();
};

const makeRoom = async (page: Page, name: string, closed = false): Promise<void> => {
  await page.getByRole('button', { name: 'New room' }).click();
  await dialog(page).getByLabel('Name').fill(name);
  if (closed) await dialog(page).getByLabel('Closed room').check();
  await page.getByRole('button', { name: 'Create room' }).click();
  await heading(page, `#${name}`).waitFor();
};

const inviteTo = async (page: Page, name: string): Promise<void> => {
  await menu(page, 'Bring people in…');
  await dialog(page).getByRole('combobox').fill(name);
  await dialog(page).getByRole('option', { name }).waitFor();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('button', { name: 'Bring in 1 person' }).click();
  await dialog(page).waitFor({ state: 'detached' });
};

const showPeople = async (page: Page) => {
  const button = page.getByRole('button', { name: 'People of this room', exact: true });
  if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
  return page.getByRole('complementary', { name: 'People' });
};

describe('a closed room', () => {
  test('is there only for those who were brought in, and gone for who is taken out', async () => {
    const [ana, bo] = [await join('Ana'), await join('Bo')];
    await makeRoom(ana, 'secrets', true);
    await bo.getByRole('button', { name: 'Browse rooms' }).click();
    await dialog(bo).getByText('#general').waitFor();
    expect(await dialog(bo).getByText('#secrets').count()).toBe(0);
    await bo.keyboard.press('Escape');

    await inviteTo(ana, 'Bo');
    await roomLink(bo, 'secrets').click();
    await composer(bo).fill('I am in');
    await composer(bo).press('Enter');
    await ana.getByRole('log').getByText('I am in').waitFor();

    const people = await showPeople(ana);
    await people.getByRole('button', { name: 'Bo' }).click();
    await dialog(ana).getByRole('button', { name: 'Take out of #secrets' }).click();
    await dialog(ana).getByRole('button', { name: 'Take Bo out?' }).click();
    await bo.getByRole('heading', { name: 'There is no room “secrets”' }).waitFor();
    expect(await roomLink(bo, 'secrets').count()).toBe(0);
    await people.getByText('Bo').waitFor({ state: 'detached' });
    await Promise.all([ana.context().close(), bo.context().close()]);
  });
});

describe('a room that is renamed', () => {
  test('stays open under its new name and address for everybody in it', async () => {
    const [ana, bo] = [await join('Ana R'), await join('Bo R')];
    await makeRoom(ana, 'before');
    await bo.goto(`${cluster.front}/rooms/before`);
    await bo.getByRole('button', { name: 'Join #before' }).click();
    await composer(bo).waitFor();
    await ana.getByRole('heading', { name: '#before', level: 1 }).getByRole('button').click();
    await dialog(ana).getByLabel('Name').fill('After Lunch');
    await dialog(ana).getByLabel('Topic').fill('Tea and cake');
    await dialog(ana).getByRole('button', { name: 'Save' }).click();
    await heading(bo, '#after-lunch').waitFor();
    await bo.getByText('Tea and cake').waitFor();
    await bo.waitForURL(/\/rooms\/after-lunch$/);
    await roomLink(bo, 'after-lunch').waitFor();
    await Promise.all([ana.context().close(), bo.context().close()]);
  });

  test('keeps its name when another room has the one that was wanted', async () => {
    const page = await join('Cy R');
    await makeRoom(page, 'mine');
    await heading(page, '#mine').getByRole('button').click();
    await dialog(page).getByLabel('Name').fill('general');
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await dialog(page).getByText('There is already a room of this name.').waitFor();
    await page.keyboard.press('Escape');
    await heading(page, '#mine').waitFor();
    await page.context().close();
  });
});

describe('an archived room', () => {
  test('is read and not written, stands apart, and comes back', async () => {
    const page = await join('Ana A');
    await makeRoom(page, 'last-year');
    await composer(page).fill('keep this');
    await composer(page).press('Enter');
    await heading(page, '#last-year').getByRole('button').click();
    await dialog(page).getByRole('button', { name: 'Archive the room' }).click();
    await dialog(page).getByRole('button', { name: 'Take back from the archive' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('This room is archived.').first().waitFor();
    expect(await composer(page).count()).toBe(0);
    await page.getByRole('log').getByText('keep this').waitFor();
    await sidebar(page).getByRole('button', { name: '1 archived room' }).waitFor();

    await page.getByRole('main').getByRole('button', { name: 'Take back from the archive' }).click();
    await composer(page).waitFor();
    expect(await sidebar(page).getByText('archived room').count()).toBe(0);
    await page.context().close();
  });
});

describe('a conversation between people', () => {
  test('is opened from somebody’s card, and waits for the other as something meant for them', async () => {
    const [ana, bo] = [await join('Ana D'), await join('Bo D')];
    await (await showPeople(ana)).getByRole('button', { name: 'Bo D' }).click();
    await dialog(ana).getByRole('button', { name: 'Talk to this person' }).click();
    await heading(ana, 'Bo D').waitFor();
    expect(await sidebar(bo).getByRole('link', { name: 'Ana D' }).count()).toBe(0);
    await composer(ana).fill('only for you');
    await composer(ana).press('Enter');

    const link = sidebar(bo).getByRole('link', { name: 'Ana D 1 unread message' });
    await link.waitFor();
    await expect.poll(() => bo.title()).toMatch(/^\(@1\) /);
    await link.click();
    await bo.getByRole('log').getByText('only for you').waitFor();
    await expect.poll(() => bo.title()).not.toMatch(/^\(/);

    // Opened again, it is the same one.
    await ana.keyboard.press('Control+k');
    await ana.getByRole('combobox').fill('bo d');
    await ana.getByRole('option', { name: 'Bo D' }).waitFor();
    await ana.keyboard.press('Escape');
    await ana.getByRole('button', { name: 'New conversation' }).click();
    await dialog(ana).getByRole('combobox').fill('Bo D');
    await dialog(ana).getByRole('option', { name: 'Bo D' }).waitFor();
    await ana.keyboard.press('Enter');
    await dialog(ana).getByRole('button', { name: 'Start talking' }).click();
    await ana.getByRole('log').getByText('only for you').waitFor();
    await Promise.all([ana.context().close(), bo.context().close()]);
  });
});

describe('what waits in a room', () => {
  test('is told by a number, what names one by another, and nothing is told of a muted room', async () => {
    const page = await join('Mia');
    for (const name of ['loud', 'hushed']) {
      await owner.do('room.create', { name });
      await page.goto(`${cluster.front}/rooms/${name}`);
      await page.getByRole('button', { name: `Join #${name}` }).click();
      await composer(page).waitFor();
    }
    await menu(page, 'Nothing');
    await page.locator('.room-link[data-muted]').waitFor();
    await roomLink(page, 'general').click();
    await owner.room('hushed').send('nobody hears this');
    await owner.room('loud').send('a message');
    await roomLink(page, 'loud, 1 unread message').or(roomLink(page, 'loud 1 unread message')).waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(1\) /);
    await owner.room('loud').send('@Mia look');
    await sidebar(page)
      .getByRole('link', { name: /loud.*2 unread messages, 1 mentions you/ })
      .waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(@1\) /);
    expect(
      await sidebar(page)
        .getByRole('link', { name: /hushed.*unread/ })
        .count(),
    ).toBe(0);
    await page.context().close();
  });
});

describe('notifications', () => {
  interface Shown {
    readonly title: string;
    readonly body: string;
  }
  test('tell of what names one elsewhere, and never of the room that is looked at', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    await context.grantPermissions(['notifications'], { origin: cluster.front });
    // The browser's own notifications, written down as they are made.
    await context.addInitScript(`{
      const Own = window.Notification;
      window.shown = [];
      window.Notification = class extends Own {
        constructor(title, options) {
          super(title, options);
          window.shown.push({ title, body: options.body });
          window.lastShown = this;
        }
      };
    }`);
    const page = await context.newPage();
    await page.goto(cluster.front);
    await page.getByLabel('Your name').fill('Nina');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await composer(page).waitFor();
    const shown = () => page.evaluate<Shown[]>('window.shown');

    await owner.do('room.create', { name: 'alerts' });
    await page.goto(`${cluster.front}/rooms/alerts`);
    await page.getByRole('button', { name: 'Join #alerts' }).click();
    await composer(page).waitFor();
    await page.keyboard.press('Control+,');
    await dialog(page).getByLabel('Show notifications in this browser').check();
    await page.keyboard.press('Escape');

    await owner.room('alerts').send('@Nina seen here');
    await page.getByRole('log').getByText('seen here').waitFor();
    await owner.room('general').send('not about anybody');
    await owner.room('general').send('@Nina **come** over');
    await expect.poll(shown).toEqual([{ title: 'Olga Owner in #general', body: '@Nina come over' }]);

    await page.evaluate('window.lastShown.onclick()');
    await heading(page, '#general').waitFor();
    await page.getByRole('log').getByText('come over').waitFor();
    await context.close();
  });
});

describe('a room’s messages', () => {
  test('can be taken along as text and as data, from a link that the browser follows', async () => {
    const page = await join('Exa');
    await makeRoom(page, 'to-take');
    await composer(page).fill('take me along');
    await composer(page).press('Enter');
    await page.getByRole('log').getByText('take me along').waitFor();
    await heading(page, '#to-take').getByRole('button').click();
    for (const name of ['As text (Markdown)', 'As data (JSON)']) {
      const coming = page.waitForEvent('download');
      await dialog(page).getByRole('link', { name }).click();
      const stream = await (await coming).createReadStream();
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      expect(text).toContain('take me along');
    }
    await page.context().close();
  });
});

describe('the page by keyboard', () => {
  test('lists its shortcuts, and goes from room to room by them', async () => {
    const page = await join('Kay');
    await owner.do('room.create', { name: 'zebra' });
    await page.goto(`${cluster.front}/rooms/zebra`);
    await page.getByRole('button', { name: 'Join #zebra' }).click();
    await composer(page).waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await heading(page, '#general').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await heading(page, '#zebra').waitFor();
    await composer(page).fill('a question');
    await page.keyboard.type('?');
    expect(await composer(page).inputValue()).toBe('a question?');
    await page.keyboard.press('Control+/');
    await dialog(page).getByText('Go to a room or a person').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('gen');
    await page.getByRole('option', { name: 'general' }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, '#general').waitFor();
    await page.context().close();
  });
});

describe('on a phone', () => {
  test('a room’s menu has what its head has no place for, and going back closes a panel', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    const page = await join('Fay P', phone);
    await page.getByRole('link', { name: 'general' }).click();
    await page.getByRole('button', { name: 'People of this room' }).click();
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await page.goBack();
    await composer(page).waitFor();
    await menu(page, 'Pinned messages');
    await page.getByRole('complementary').waitFor();
    await page.goBack();
    await composer(page).waitFor();
    await page.context().close();
  });
});

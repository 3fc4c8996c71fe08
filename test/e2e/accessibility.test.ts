/** Every screen of the web app, in both themes and on both kinds of screen, against the rules of WCAG 2.2 AA. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { expectFaultless } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';

const themes = ['light', 'dark'] as const;
const screens = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
type Screen = keyof typeof screens;

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message #general' });

/** Closes the dialog or menu that is open. */
const leave = async (page: Page, role: 'dialog' | 'menu'): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.getByRole(role).waitFor({ state: 'detached' });
};

describe('the web app can be used by everybody', () => {
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

  const open = async (theme: (typeof themes)[number], screen: Screen): Promise<Page> => {
    const isPhone = screen === 'phone';
    const context = await browser.newContext({
      colorScheme: theme,
      // So that axe sees colours as they stay, and not in the middle of a fade.
      reducedMotion: 'reduce',
      locale: 'en-GB',
      viewport: screens[screen],
      isMobile: isPhone,
      hasTouch: isPhone,
    });
    const page = await context.newPage();
    await page.goto(cluster.servers[0]!.url);
    await page.getByLabel('Your name').waitFor();
    return page;
  };

  const cases = themes.flatMap((theme) => (['desktop', 'phone'] as const).map((screen) => [theme, screen] as const));
  /** Each theme and each kind of screen once; all four with `npm run screens`. */
  const some =
    process.env.ESTAFET_ALL_SCREENS === '1'
      ? cases
      : cases.filter(([theme, screen]) => (theme === 'dark') === (screen === 'phone'));
  test.each(some)('%s, on a %s', async (theme, screen) => {
    const page = await open(theme, screen);
    await expectFaultless(page, 'join');
    await page.getByLabel('Your name').fill('   ');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('A name needs something to see').waitFor();
    await expectFaultless(page, 'join, with an error');
    await page.getByLabel('Your name').fill(`Ayu ${theme} ${screen}`);
    await page.getByRole('button', { name: 'Join', exact: true }).click();

    const general = page.getByRole('link', { name: 'general' });
    await general.waitFor();
    await expectFaultless(page, 'rooms');
    await general.click();
    await composer(page).fill(`See https://example.org/${'long'.repeat(40)} and ${'word'.repeat(60)}`);
    await composer(page).press('Enter');
    await page.getByText('On disk on 3 servers').waitFor();
    await expectFaultless(page, 'a room');

    await composer(page).press('ArrowUp');
    await page.getByRole('textbox', { name: 'Edit the message' }).waitFor();
    await expectFaultless(page, 'editing');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Name of a room or a person' }).waitFor();
    await expectFaultless(page, 'going to a room');
    await leave(page, 'dialog');

    const people = page.getByRole('button', { name: 'People of this room' });
    if ((await people.getAttribute('aria-pressed')) === 'false') await people.click();
    const beside = page.getByRole('complementary', { name: 'People' });
    await beside.getByRole('button', { name: new RegExp(`^Ayu ${theme} ${screen}`) }).waitFor();
    await expectFaultless(page, 'people');

    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('button', { name: 'New room' }).click();
    await page.getByRole('dialog').waitFor();
    await expectFaultless(page, 'making a room');
    await leave(page, 'dialog');
    await page.getByRole('button', { name: 'Browse rooms' }).click();
    await page.getByRole('dialog').waitFor();
    await expectFaultless(page, 'looking for a room');
    await leave(page, 'dialog');
    await page.getByRole('button', { name: /: settings$/ }).click();
    await page.getByRole('menu').waitFor();
    await expectFaultless(page, 'the settings');
    await leave(page, 'menu');

    await page.getByRole('link', { name: 'Cluster' }).click();
    const server = page.getByRole('button', { name: /^s2: / });
    await server.waitFor();
    await page.getByRole('button', { name: 'Send request', exact: true }).waitFor();
    await expectFaultless(page, 'the cluster');
    await server.click();
    await page.getByText('s2 itself says so').waitFor();
    await expectFaultless(page, 'a server’s details');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const servers = page.getByRole('region', { name: 'The servers' });
    await servers.getByRole('button', { name: 'Table', exact: true }).click();
    await servers.getByRole('cell', { name: 'Primary', exact: true }).waitFor();
    await expectFaultless(page, 'the cluster as a table');
    if (screen === 'phone') {
      await page.getByRole('button', { name: 'Servers and controls', exact: true }).click();
      await page.getByText('Add a server').waitFor();
      await expectFaultless(page, 'what can be done to the cluster');
    }
    await page.context().close();
  });

  test.each(some)('rooms and people, %s, on a %s', async (theme, screen) => {
    const page = await open(theme, screen);
    await page.getByRole('button', { name: 'I have been here before' }).click();
    await page.getByLabel('Password').fill('not the right one');
    await page.getByLabel('Your name').fill('Nobody');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('There is nobody of this name with this password.').waitFor();
    await expectFaultless(page, 'signing in, refused');
    await page.getByRole('button', { name: 'I am new here' }).click();
    const name = `Rini ${theme} ${screen}`;
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('link', { name: 'general' }).click();
    await composer(page).fill('a message to be found');
    await composer(page).press('Enter');
    await page.getByText('On disk on 3 servers').waitFor();

    const dialogs = [
      ['Control+,', 'Settings', 'the settings’ dialog'],
      ['Control+/', 'Keyboard shortcuts', 'the shortcuts'],
    ] as const;
    for (const [keys, title, what] of dialogs) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog', { name: title }).waitFor();
      await expectFaultless(page, what);
      await leave(page, 'dialog');
    }
    await page.getByRole('heading', { name: '#general', level: 1 }).getByRole('button').click();
    await page.getByRole('dialog', { name: 'About #general' }).waitFor();
    await expectFaultless(page, 'about a room');
    await leave(page, 'dialog');
    await page.getByRole('button', { name: 'More about #general' }).click();
    await page.getByRole('menu').waitFor();
    await expectFaultless(page, 'a room’s menu');
    await leave(page, 'menu');

    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('textbox', { name: 'Search messages' }).fill('found');
    await page.getByRole('complementary', { name: 'Search' }).getByRole('listitem').first().waitFor();
    await expectFaultless(page, 'a search');
    await page.getByRole('textbox', { name: 'Search messages' }).fill('zzz');
    await page.getByText('Nothing found').waitFor();
    await expectFaultless(page, 'a search in vain');
    await page.getByRole('button', { name: 'Close the search' }).click();

    const people = page.getByRole('button', { name: 'People of this room' });
    if ((await people.getAttribute('aria-pressed')) === 'false') await people.click();
    await page.getByRole('complementary', { name: 'People' }).getByRole('button', { name }).click();
    await page.getByRole('dialog', { name: 'You' }).waitFor();
    await expectFaultless(page, 'a profile');
    await leave(page, 'dialog');
    await page.goto(new URL('/', page.url()).href);
    for (const [button, title] of [
      ['Invite people to this workspace', 'Invite people'],
      ['New conversation', 'New conversation'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: title }).waitFor();
      await expectFaultless(page, title);
      await leave(page, 'dialog');
    }
    await page.context().close();
  });

  test.each(some)('the lab, %s, on a %s', async (theme, screen) => {
    const page = await open(theme, screen);
    await page.getByLabel('Your name').fill(`Dewi ${theme} ${screen}`);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('link', { name: 'Lab', exact: true }).click();
    const become = page.getByRole('button', { name: 'Become a node' });
    await become.waitFor();
    await expectFaultless(page, 'the lab, for the first time');
    await become.click();
    await page.getByRole('button', { name: 'Add a node' }).click();
    await page.getByRole('button', { name: 'Burst' }).nth(1).click();
    await page.getByRole('button', { name: 'Send 100 at 20/s' }).click();
    await page
      .getByRole('button', { name: /^(from|to) / })
      .first()
      .waitFor();
    await expectFaultless(page, 'the lab, two nodes that send');
    if (screen === 'phone') {
      for (const part of ['Dials', 'Charts', 'Run', 'Log', 'Nodes']) {
        await page.getByRole('button', { name: part, exact: true }).click();
        await expectFaultless(page, `the lab, ${part}`);
      }
    }
    await page
      .getByRole('button', { name: /^(from|to) / })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('img').waitFor();
    await expectFaultless(page, 'the story of a message');
    await leave(page, 'dialog');
    await page.getByRole('link', { name: 'Class' }).click();
    await page.getByRole('button', { name: 'Open a class' }).click();
    await page.getByRole('button', { name: 'Ask about experiment 1' }).click();
    await page.getByRole('button', { name: 'Lock the predictions' }).waitFor();
    await expectFaultless(page, 'a class, its teacher');
    await page.getByRole('button', { name: 'Close the class' }).click();
    await page.getByRole('button', { name: 'Open a class' }).waitFor();
    await expectFaultless(page, 'no class');
    await page.context().close();
  });

  test('and without a pointer: from the rooms to a message and its deletion by keyboard alone', async () => {
    const page = await open('light', 'desktop');
    await page.keyboard.type('Budi');
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    await page.keyboard.type('to be deleted');
    await page.keyboard.press('Enter');
    const message = page.getByRole('article').filter({ hasText: 'to be deleted' });
    await message.waitFor();
    await page.getByText('On disk on 3 servers').waitFor();

    // Back from the composer, past links in messages, to the list itself.
    do await page.keyboard.press('Shift+Tab');
    while ((await page.locator(':focus').getAttribute('role')) !== 'log');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog', { name: 'Delete this message?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('This message was deleted').last().waitFor();
    await page.context().close();
  });
});

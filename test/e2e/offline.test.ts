/** A person whose servers all die, whose browser is closed, or whose browser keeps little: nothing is lost or doubled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Chat, connect } from '../../src/client/index.ts';
import { faultsOf } from '../support/axe.ts';
import { startProfile } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

const kept = 'Kept on this device until a server answers';
/** A name that leads to this machine, and that a browser does not trust as it trusts `localhost`. */
const lanName = 'chat.test';

let folder: string;
let cluster: TestCluster;
let open: BrowserContext[];
let clients: Chat[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-profile-'));
  open = [];
  clients = [];
  cluster = await startTestCluster();
  await cluster.settled();
});

afterEach(async () => {
  for (const client of clients) client.close();
  for (const context of open) await context.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const profile = async (options: Parameters<typeof startProfile>[1] = {}): Promise<BrowserContext> => {
  const context = await startProfile(folder, {
    locale: 'en-GB',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 2_000 },
    ...options,
  });
  open.push(context);
  return context;
};

const close = async (context: BrowserContext): Promise<void> => {
  open = open.filter((one) => one !== context);
  await context.close();
};

const pageOf = async (context: BrowserContext, url: string): Promise<Page> => {
  const page = context.pages().find((one) => one.url() === 'about:blank') ?? (await context.newPage());
  await page.goto(url);
  return page;
};

const joined = async (context: BrowserContext, url: string, name: string): Promise<Page> => {
  const page = await pageOf(context, url);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await composer(page).waitFor();
  return page;
};

const composer = (page: Page, room = 'general') => page.getByRole('textbox', { name: `Message #${room}` });
const log = (page: Page, room = 'general') => page.getByRole('log', { name: `Messages in #${room}` });
const rowOf = (page: Page, text: string) => page.locator('article.message', { hasText: text });

const say = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
};

/** Somebody else, without a browser. */
const other = async (name: string, role: 'member' | 'admin' = 'member'): Promise<Chat> => {
  const client = connect({ servers: [cluster.front], token: await cluster.token(name, role) });
  clients.push(client);
  await client.ready();
  return client;
};

const textsOf = async (client: Chat, room = 'general'): Promise<string[]> =>
  (await client.room(room).history()).messages.map(({ text }) => text);

const killAll = async (): Promise<void> => {
  await cluster.killSupervisor();
  for (const { name } of cluster.servers) cluster.kill(name);
};

const backAgain = async (): Promise<void> => {
  await cluster.upAgain();
  await cluster.settled();
};

/** Waits until the page opens without a server: the service worker has all its files. */
const opensAlone = (page: Page) => page.evaluate('navigator.serviceWorker.ready.then(() => null)');

/** What the device has of the rooms: the keys of its parts, and the texts among them. */
const keptParts = async (page: Page): Promise<{ readonly keys: string[]; readonly text: string }> => {
  const parts: { key: string }[] = await page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('estafet.cache');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const all = opening.result.transaction('parts').objectStore('parts').getAll();
      all.onsuccess = () => {
        opening.result.close();
        resolve(all.result);
      };
    };
  })`);
  return { keys: parts.map(({ key }) => key), text: JSON.stringify(parts) };
};

const isKept = (page: Page, text: string) =>
  eventually(`the device having "${text}"`, async () => (await keptParts(page)).text.includes(text));

describe('without a server', () => {
  test('the page opens, shows what the device has, and what is written is delivered once and in order by the next browser', async () => {
    const ann = await other('Ann');
    const first = await profile();
    const page = await joined(first, cluster.front, 'Budi');
    await ann.room('general').send('said before the servers died');
    await say(page, 'my own from before');
    await rowOf(page, 'my own from before').getByText('On disk on 3 servers').waitFor({ state: 'attached' });
    await opensAlone(page);
    await isKept(page, 'my own from before');

    await killAll();
    await page.reload();
    await log(page).getByText('said before the servers died').waitFor();
    await page.getByText('Not connected. This is what this device has').waitFor();
    for (const text of ['dark 1', 'dark 2', 'dark 3']) await say(page, text);
    await rowOf(page, 'dark 3').getByText(kept).waitFor({ state: 'attached' });
    await page.reload();
    await rowOf(page, 'dark 1').getByText(kept).waitFor({ state: 'attached' });
    expect((await log(page).innerText()).match(/dark \d/g)).toEqual(['dark 1', 'dark 2', 'dark 3']);
    expect(await faultsOf(page)).toEqual([]);
    await close(first);

    await backAgain();
    const { primary } = await cluster.settled();
    cluster.kill(primary!);
    await ann.room('general').send('said meanwhile');
    const second = await profile();
    const again = await pageOf(second, cluster.front);
    for (const text of ['dark 1', 'dark 2', 'dark 3']) {
      await rowOf(again, text)
        .getByText(/On disk on \d servers?/)
        .waitFor({ state: 'attached' });
    }
    expect((await log(again).innerText()).match(/dark \d/g)).toEqual(['dark 1', 'dark 2', 'dark 3']);
    await log(again).getByText('said meanwhile').waitFor();
    await again.getByText('Not connected').waitFor({ state: 'detached' });
    const said = (await textsOf(ann)).filter((text) => text.startsWith('dark'));
    expect(said).toEqual(['dark 1', 'dark 2', 'dark 3']);
  });

  test('a tab that is left behind has what a closed tab wrote sent by the one that stays', async () => {
    const ann = await other('Ann');
    const context = await profile();
    const page = await joined(context, cluster.front, 'Citra');
    await opensAlone(page);
    await isKept(page, 'Citra');
    await killAll();
    const tab = await pageOf(context, cluster.front);
    await say(tab, 'tab a 1');
    await say(tab, 'tab a 2');
    await rowOf(tab, 'tab a 2').getByText(kept).waitFor({ state: 'attached' });
    await say(page, 'tab b 1');
    await tab.close();
    await rowOf(page, 'tab a 2').getByText(kept).waitFor({ state: 'attached' });
    await backAgain();
    await rowOf(page, 'tab a 2')
      .getByText(/On disk on \d servers?/)
      .waitFor({ state: 'attached' });
    await rowOf(page, 'tab b 1')
      .getByText(/On disk on \d servers?/)
      .waitFor({ state: 'attached' });
    const said = (await textsOf(ann)).filter((text) => text.startsWith('tab'));
    expect(said.filter((text) => text.startsWith('tab a'))).toEqual(['tab a 1', 'tab a 2']);
    expect(said).toHaveLength(3);
  });

  test('nothing is left on the device of whoever signed out', async () => {
    const context = await profile();
    const page = await joined(context, cluster.front, 'Dewi');
    await say(page, 'between us');
    await opensAlone(page);
    await isKept(page, 'between us');
    await page.getByRole('button', { name: /Dewi/ }).first().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your name').waitFor();
    await eventually('an empty device', async () => (await keptParts(page)).keys.length === 0);
    await killAll();
    await page.reload();
    await page.getByText('No server answers yet').waitFor();
    expect(await page.getByText('between us').count()).toBe(0);
  });

  test('a closed room is gone from the device once a server has said that one is not in it any more', async () => {
    const ann = await other('Ann', 'admin');
    const context = await profile();
    const page = await joined(context, cluster.front, 'Eka');
    const me = (await ann.users()).find(({ name }) => name === 'Eka')!;
    await ann.do('room.create', { name: 'hidden', access: 'closed' });
    const room = (await ann.rooms()).find(({ name }) => name === 'hidden')!;
    await ann.request('PUT', `/api/v1/rooms/${room.id}/members/${me.id}`);
    await ann.room(room.id).send('for those who are in it');
    await page.getByRole('link', { name: 'hidden' }).click();
    await log(page, 'hidden').getByText('for those who are in it').waitFor();
    await opensAlone(page);
    await isKept(page, 'for those who are in it');
    await close(context);

    await ann.request('DELETE', `/api/v1/rooms/${room.id}/members/${me.id}`);
    const second = await profile();
    const again = await pageOf(second, cluster.front);
    await composer(again).waitFor();
    await eventually('the room being gone from the device', async () => {
      const { text } = await keptParts(again);
      return text !== '[]' && !text.includes('for those who are in it');
    });
    expect(await again.getByText('for those who are in it').count()).toBe(0);
    expect(await again.getByRole('link', { name: 'hidden' }).count()).toBe(0);
  });
});

describe('where the browser keeps less', () => {
  test('at a plain address the page says what it cannot do, and delivers what was written before the browser was closed', async () => {
    const ann = await other('Ann');
    const url = cluster.front.replace('127.0.0.1', lanName);
    const first = await profile({ hosts: [lanName] });
    const page = await joined(first, url, 'Fajar');
    expect(await page.evaluate('isSecureContext')).toBe(false);
    await page.getByRole('button', { name: /Fajar/ }).first().click();
    await page.getByRole('menuitem', { name: 'This device' }).click();
    await page.getByText('Not at this address: browsers allow it only at https').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close', exact: true }).click();

    await killAll();
    await say(page, 'plain 1');
    await say(page, 'plain 2');
    await rowOf(page, 'plain 2').getByText(kept).waitFor({ state: 'attached' });
    await close(first);
    await backAgain();
    const second = await profile({ hosts: [lanName] });
    const again = await pageOf(second, url);
    await rowOf(again, 'plain 2')
      .getByText(/On disk on \d servers?/)
      .waitFor({ state: 'attached' });
    expect((await textsOf(ann)).filter((text) => text.startsWith('plain'))).toEqual(['plain 1', 'plain 2']);
  });

  test('without service workers the history of last time is there as soon as the page is', async () => {
    const first = await profile({ serviceWorkers: 'block' });
    const page = await joined(first, cluster.front, 'Gita');
    await say(page, 'from last time');
    await isKept(page, 'from last time');
    await close(first);
    const second = await profile({ serviceWorkers: 'block' });
    const again = second.pages()[0]!;
    // The page comes, and nothing else does.
    await again.route('**/api/**', (route) => route.abort());
    await again.routeWebSocket(/\/ws$/, (socket) => socket.close());
    await again.goto(cluster.front);
    await log(again).getByText('from last time').waitFor();
  });

  test('a browser without a database says so while it matters, and delivers as long as the page is open', async () => {
    const context = await profile();
    await context.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
    const page = await joined(context, cluster.front, 'Hadi');
    await killAll();
    await page.getByText('This browser keeps nothing for this page').waitFor();
    await say(page, 'only here');
    await rowOf(page, 'only here').getByText('Waiting for a server').waitFor({ state: 'attached' });
    await backAgain();
    await rowOf(page, 'only here')
      .getByText(/On disk on \d servers?/)
      .waitFor({ state: 'attached' });
  });
});

/** Files in messages, in real browsers on a real cluster of which servers die. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileView } from '../../src/protocol/index.ts';
import { expectFaultless } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

let browser: Browser;
let cluster: TestCluster;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-e2e-files-'));
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
  await cluster.settled();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message #/ });

const joined = async (name: string, address = cluster.front, phone = false): Promise<Page> => {
  const viewport = phone ? { width: 390, height: 844 } : { width: 1440, height: 900 };
  const context = await browser.newContext({ locale: 'en-GB', viewport, isMobile: phone, hasTouch: phone });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  // A phone begins with the list of rooms.
  if (phone) await page.getByRole('link', { name: 'general' }).click();
  await composer(page).waitFor();
  return page;
};

const file = (name: string, content: Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** A red square that a browser can show. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEUlEQVR42mP8z8CAARiHshAAQJYE/XwZ3JwAAAAASUVORK5CYII=',
  'base64',
);

const choose = async (page: Page, paths: readonly string[]): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles([...paths]);
};

/** What the servers know of a room's files, the newest message first. */
const filesOf = async (page: Page): Promise<readonly FileView[]> => {
  const answer = await page.request.get(`${cluster.front}/api/v1/rooms/general/files`);
  const { files } = (await answer.json()) as { files: readonly { readonly file: FileView }[] };
  return files.map((one) => one.file);
};

const log = (page: Page) => page.getByRole('log');

describe('a file', () => {
  test('is chosen, sent with a text, seen by the others, looked at, listed, and gone with its message', async () => {
    const [ana, bo] = [await joined('Ana'), await joined('Bo')];
    await choose(ana, [file('square.png', picture), file('notes.txt', Buffer.from('hello'))]);
    await composer(ana).fill('what we have');
    await composer(ana).press('Enter');
    await log(bo).getByText('what we have').waitFor();
    await log(bo).getByText('notes.txt').waitFor();
    await bo.getByRole('button', { name: 'Look at square.png' }).click();
    const shown = bo.getByRole('dialog').getByRole('img', { name: 'square.png' });
    await eventually('the picture is drawn', () =>
      shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0),
    );
    await bo.keyboard.press('Escape');
    await bo.getByRole('button', { name: 'Files of this room' }).click();
    const panel = bo.getByRole('complementary', { name: 'Files' });
    await panel.getByText('square.png').waitFor();
    await panel.getByText('notes.txt').waitFor();
    const [download] = await Promise.all([
      bo.waitForEvent('download'),
      panel.getByRole('link', { name: 'Download notes.txt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('notes.txt');

    const posted = await ana.request.get(`${cluster.front}/api/v1/rooms/general/messages?limit=1`);
    const { messages } = (await posted.json()) as { messages: readonly { readonly id: string }[] };
    const removed = await ana.request.delete(`${cluster.front}/api/v1/messages/${messages[0]!.id}`, {
      headers: { origin: cluster.front },
    });
    expect(removed.status(), await removed.text()).toBe(200);
    await panel.getByText('No files in this room yet').waitFor();
    expect(await filesOf(ana)).toEqual([]);
  });

  test('is pasted, or dropped on the room', async () => {
    const page = await joined('Cy');
    const give = (how: 'paste' | 'drop', name: string) =>
      page.evaluate<void>(`{
        const data = new DataTransfer();
        data.items.add(new File(['x'.repeat(1_000)], '${name}', { type: 'text/plain' }));
        const how = { bubbles: true, cancelable: true };
        const event = ${how === 'paste'}
          ? new ClipboardEvent('paste', { ...how, clipboardData: data })
          : new DragEvent('drop', { ...how, dataTransfer: data });
        document.querySelector('main').dispatchEvent(event);
      }`);
    await give('paste', 'pasted.txt');
    await give('drop', 'dropped.txt');
    const tray = page.getByRole('region', { name: '2 files attached' });
    await tray.getByText('pasted.txt').waitFor();
    await tray.getByText('dropped.txt').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await log(page).getByText('pasted.txt').waitFor();
    await log(page).getByText('dropped.txt').waitFor();
  });

  test('that is too large is refused at once, and stands in nobody’s way', async () => {
    const page = await joined('Di');
    const huge = file('huge.iso', Buffer.alloc(0));
    truncateSync(huge, 1024 ** 3 + 1);
    await choose(page, [huge]);
    await page.getByRole('alert').getByText('larger than this workspace allows').waitFor();
    await page.getByRole('button', { name: 'Remove huge.iso' }).click();
    await composer(page).fill('without it');
    await composer(page).press('Enter');
    await log(page).getByText('without it').waitFor();
  });
});

describe('an upload', () => {
  test('pauses, goes on where it stood, and its message sends itself when it is there', async () => {
    const page = await joined('Eve');
    const bytes = randomBytes(24 * 1024 * 1024);
    await choose(page, [file('long.bin', bytes)]);
    await page.getByRole('button', { name: 'Pause long.bin' }).click();
    await page.getByText(/^Paused at/).waitFor();
    await composer(page).fill('when it is there');
    await composer(page).press('Enter');
    await page.getByText('Sends itself when the files are there.').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(await composer(page).inputValue()).toBe('when it is there');
    await composer(page).press('Enter');
    await page.getByRole('button', { name: 'Go on with long.bin' }).click();
    await log(page).getByText('when it is there').waitFor({ timeout: 120_000 });
    const [found] = (await filesOf(page)).filter(({ name }) => name === 'long.bin');
    expect(found!.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('goes on at another server when the one that receives it dies', async () => {
    await cluster.settled();
    // The page of one server, so that it is known where the upload goes.
    const page = await joined('Fay', cluster.servers[0]!.url);
    const bytes = randomBytes(32 * 1024 * 1024);
    await choose(page, [file('film.bin', bytes)]);
    await composer(page).fill('through a death');
    await composer(page).press('Enter');
    const progress = page.getByRole('progressbar', { name: 'Uploading film.bin' });
    await eventually('some of it has arrived', async () => Number(await progress.getAttribute('value')) > 0.1);
    cluster.kill(cluster.servers[0]!.name);
    await log(page).getByText('through a death').waitFor({ timeout: 120_000 });
    await cluster.settled();
    const hash = createHash('sha256').update(bytes).digest('hex');
    const [found] = (await filesOf(page)).filter(({ name }) => name === 'film.bin');
    expect(found!.sha256).toBe(hash);
    for (const { url } of cluster.servers) {
      const got = await page.request.get(`${url}/api/v1/files/${found!.id}`);
      expect(
        createHash('sha256')
          .update(await got.body())
          .digest('hex'),
      ).toBe(hash);
    }
  });
});

test('files can be used by everybody: on a phone, and by the rules of WCAG', async () => {
  const page = await joined('Gil', cluster.front, true);
  // With a camera there is a choice.
  await page.getByRole('button', { name: 'Attach files' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles([file('phone.png', picture)]);
  await page.getByRole('region', { name: '1 file attached' }).waitFor();
  await expectFaultless(page, 'tray');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Look at phone.png' }).click();
  await page.getByRole('dialog').getByRole('img', { name: 'phone.png' }).waitFor();
  await expectFaultless(page, 'lightbox');
  await page.keyboard.press('Escape');
  await expectFaultless(page, 'message');
});

/**
 * The pictures of docs/using.md, made anew: `node scripts/pictures.ts [folder]`. Starts a cluster of its own, lets a few
 * people talk, attaches files, kills a server, and ends everything. Needs Chromium and the built web app.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Chat, connect } from '../src/client/index.ts';
import { startBrowser } from '../test/support/browser.ts';
import { startTestCluster } from '../test/support/cluster.ts';

const folder = process.argv[2] ?? 'docs/pictures';
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'estafet-pictures-'));
const [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);

const person = async (name: string): Promise<Chat> => {
  const chat = connect({ servers: [cluster.front], token: await cluster.token(name) });
  await chat.ready();
  return chat;
};

const open = async (name: string, scheme: 'light' | 'dark', phone = false): Promise<Page> => {
  const context = await browser.newContext({
    locale: 'en-GB',
    colorScheme: scheme,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(cluster.front);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('link', { name: 'general' }).first().click();
  await page.getByRole('textbox', { name: /^Message #/ }).waitFor();
  return page;
};

const shoot = async (page: Page, name: string): Promise<void> => {
  // What fades in and what loads late.
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

const floorPlan = async (page: Page): Promise<string> => {
  const bytes = await page.evaluate<number[]>(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1200, height: 640 });
    const g = canvas.getContext('2d');
    g.fillStyle = '#f2f6f4'; g.fillRect(0, 0, 1200, 640);
    g.strokeStyle = '#13241e'; g.lineWidth = 10; g.strokeRect(40, 40, 1120, 560);
    g.beginPath(); g.moveTo(640, 40); g.lineTo(640, 400); g.moveTo(640, 500); g.lineTo(640, 600); g.stroke();
    g.fillStyle = '#ffb524'; for (let n = 0; n < 4; n++) g.fillRect(110 + n * 130, 130, 90, 60);
    g.fillStyle = '#1c62c4'; for (let n = 0; n < 3; n++) g.fillRect(720 + n * 140, 420, 100, 60);
    g.fillStyle = '#13241e'; g.font = '600 44px sans-serif'; g.fillText('Hall 1', 110, 330); g.fillText('Hall 2', 720, 330);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  })()`);
  const path = join(scratch, 'floor-plan.png');
  writeFileSync(path, Buffer.from(bytes));
  return path;
};

const attach = async (page: Page, paths: readonly string[]): Promise<void> => {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles([...paths]);
};

try {
  const ayu = await open('Ayu Lestari', 'light');
  const [joao, mariana] = [await person('João Pedro'), await person('Mariana Alves')];
  await ayu.evaluate('0');
  const general = joao.room('general');
  const projector = await general.send('Good morning! The **science fair** is on Friday. Who brings the projector?');
  await mariana
    .room('general')
    .send('I can. It is in the lab; I will charge the remote too.', { replyTo: projector.id });
  await general.send('The list so far:\n\n- projector\n- 3 tables\n- `extension cords` for @Mariana Alves');
  for (const [chat, emoji] of [
    [mariana, '🎉'],
    [joao, '🎉'],
    [mariana, '👍'],
  ] as const) {
    await chat.do('message.react', { message: projector.id, emoji, on: true });
  }
  await joao.do('message.pin', { message: projector.id, on: true });
  const composer = ayu.getByRole('textbox', { name: /^Message #/ });
  await attach(ayu, [await floorPlan(ayu)]);
  await composer.fill('Where the tables go:');
  await composer.press('Enter');
  await ayu.getByRole('button', { name: 'Look at floor-plan.png' }).waitFor();
  const newest = (await general.history({ limit: 1 })).messages[0]!.index;
  await Promise.all([joao, mariana].map((chat) => chat.room('general').markRead(newest)));
  await shoot(ayu, 'conversation');

  await ayu.getByRole('button', { name: 'Search in this room' }).click();
  await ayu
    .getByRole('searchbox')
    .or(ayu.getByRole('textbox', { name: 'Search messages' }))
    .first()
    .fill('projector');
  await shoot(ayu, 'search');

  const film = join(scratch, 'opening.mp4');
  writeFileSync(film, randomBytes(90 * 1024 * 1024));
  await attach(ayu, [film]);
  await composer.fill('The film for the opening');
  await composer.press('Enter');
  const bar = ayu.getByRole('progressbar', { name: 'Uploading opening.mp4' });
  while (Number(await bar.getAttribute('value')) < 0.2) await ayu.waitForTimeout(20);
  const { primary } = (await cluster.topology())!;
  cluster.kill(primary!);
  await shoot(ayu, 'upload');
  await ayu.getByText('The film for the opening').last().waitFor({ timeout: 120_000 });

  const phone = await open('Budi', 'dark', true);
  await shoot(phone, 'phone');
  for (const { name } of cluster.servers) cluster.kill(name, 'SIGSTOP');
  const writing = phone.getByRole('textbox', { name: /^Message #/ });
  await writing.fill('Written without a server: it waits here, and is sent once');
  await writing.press('Enter');
  await phone.waitForTimeout(9_000);
  await shoot(phone, 'offline');
  for (const { name } of cluster.servers) cluster.kill(name, 'SIGCONT');
  for (const chat of [joao, mariana]) chat.close();
} finally {
  await browser.close();
  await cluster.stop();
  rmSync(scratch, { recursive: true, force: true });
}

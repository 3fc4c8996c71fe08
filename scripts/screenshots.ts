/**
 * Pictures of the web app, to look at: `node scripts/screenshots.ts <address> <folder>`. The address is a running
 * workspace's, which gets a few rooms and people to show. Needs Chromium; `CHROMIUM` says where, if not /usr/bin/chromium.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { connect } from '../src/client/index.ts';

const [address, folder] = process.argv.slice(2);
if (!address || !folder) {
  console.error('Usage: node scripts/screenshots.ts <address> <folder>');
  process.exit(64);
}
mkdirSync(folder, { recursive: true });

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const cast = [
  'Ayu Lestari',
  'João Pedro',
  'Budi',
  'Mariana Albuquerque de Vasconcelos',
  'Dr. Chen',
  'Wolfeschlegelsteinhausenbergerdorff',
];
const talk = [
  [0, 'Good morning! The science fair is on Friday. Who brings the projector?'],
  [1, 'I can. It is in the lab, I will charge the remote too.'],
  [
    2,
    'Power in the hall is limited, so please bring your own extension cords.\nThe list so far:\n· projector\n· 3 tables\n· posters',
  ],
  [2, 'And tape!'],
  [3, 'The floor plan is here: https://example.org/science-fair/floor-plan?hall=2 (second page).'],
  [4, 'Perfect.'],
  [5, `Averyveryverylongwordthatnobodywouldwrite${'butsomebodydoes'.repeat(12)}`],
  [0, 'Terima kasih semuanya, sampai jumpa di aula ya 🎉'],
  [1, 'Obrigado! Até sexta.'],
] as const;

const run = Date.now().toString(36);
const person = async (name: string) => {
  const response = await fetch(`${address}/api/v1/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, returnToken: true }),
  });
  const joined = (await response.json()) as { token?: string };
  if (!joined.token) throw new Error(`${name} could not join: ${JSON.stringify(joined)}`);
  const chat = connect({ servers: [address], token: joined.token });
  await chat.ready();
  return chat;
};

/** A name that is free in this workspace, however often this runs. */
const free = async (name: string) => person(name).catch(() => person(`${name} ${run}`.slice(0, 40)));

const seed = async () => {
  const people = await Promise.all(cast.map(free));
  const [first] = people;
  for (const [name, topic] of [
    ['science-fair', 'Friday, 9:00, main hall'],
    ['football', ''],
    ['staff-room', 'Coffee and timetables'],
  ] as const) {
    await first!.do('room.create', { name, topic }).catch(() => null);
  }
  await Promise.all(people.map((chat) => chat.room('science-fair').join()));
  for (let at = 0; at < 60; at++) await people[at % 4]!.room('general').send(`Message ${at + 1} of a busy morning`);
  for (const [who, text] of talk) await people[who]!.room('general').send(text);
  return people;
};

const browser: Browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
const people = await seed();

const shoot = async (page: Page, name: string) => {
  // On a phone a dialog with a field waits for the keyboard before it is shown.
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

const open = async (
  size: keyof typeof sizes,
  scheme: 'light' | 'dark',
  locale: string,
): Promise<{ context: BrowserContext; page: Page }> => {
  const phone = size === 'phone';
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: scheme,
    locale,
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: phone ? 2 : 1,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${size} ${scheme} ${locale}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`${size} ${scheme} ${locale}: ${message.text()}`);
  });
  await page.goto(address);
  return { context, page };
};

const tour = async (size: keyof typeof sizes, scheme: 'light' | 'dark', locale: string) => {
  const tag = `${size}-${scheme}-${locale}`;
  const { context, page } = await open(size, scheme, locale);
  const name = page.locator('input');
  await name.waitFor();
  await shoot(page, `${tag}-01-join`);
  await name.fill(cast[0]!);
  await page.locator('button[type=submit]').click();
  await page.locator('.field-error').waitFor();
  await shoot(page, `${tag}-02-join-error`);
  await page.locator('.join-form .button-bare').click();
  await page.locator('input[type=password]').waitFor();
  await shoot(page, `${tag}-02-sign-in`);
  await page.locator('.join-form .button-bare').click();
  await name.fill(`Sari ${size[0]}${scheme[0]}${locale} ${run}`);
  await page.locator('button[type=submit]').click();
  await page.locator('.room-link').first().waitFor();
  await shoot(page, `${tag}-03-first`);
  if (size === 'phone') await page.locator('.room-link').first().click();
  const composer = page.locator('[data-composer]');
  await composer.waitFor();
  await shoot(page, `${tag}-04-busy`);
  await composer.fill('Saya bawa meja tambahan. Posso levar cadeiras também!');
  await composer.press('Enter');
  await page.locator('[data-stored]').first().waitFor();
  await people[1]!.room('general').send('Great, thank you.');
  people[2]!.room('general').typing();
  await page.locator('.typing-names').waitFor();
  await shoot(page, `${tag}-05-sent`);
  // The people are beside the room already where there is space for them.
  if ((await page.locator('.side-panel').count()) === 0) await page.keyboard.press('Control+Shift+L');
  await page.locator('.person').first().waitFor();
  await shoot(page, `${tag}-06-people`);
  await page.locator('.person').first().click();
  await page.locator('.profile-card').waitFor();
  await shoot(page, `${tag}-06-profile`);
  await page.keyboard.press('Escape');
  await page.locator('.profile-card').waitFor({ state: 'detached' });
  await page.locator('.side-panel .pane-head .icon-button').last().click();
  await composer.press('ArrowUp');
  await page.locator('.message-edit').waitFor();
  await shoot(page, `${tag}-07-edit`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('[role=option]').first().waitFor();
  await shoot(page, `${tag}-08-switch`);
  await page.keyboard.press('Escape');
  for (const [keys, there, name] of [
    ['Control+,', '.settings', 'settings'],
    ['Control+/', '.shortcuts', 'shortcuts'],
  ] as const) {
    await page.keyboard.press(keys);
    await page.locator(there).waitFor();
    await shoot(page, `${tag}-08-${name}`);
    await page.keyboard.press('Escape');
    await page.locator(there).waitFor({ state: 'detached' });
  }
  await page.locator('.room-title').click();
  await page.locator('.about').waitFor();
  await shoot(page, `${tag}-08-about-room`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+F');
  await page.locator('[data-search]').fill('message');
  await page.locator('.search-hit').first().waitFor();
  await shoot(page, `${tag}-08-search`);
  await page.locator('[data-search]').fill('nobody ever said this');
  await page.locator('.search-none').waitFor();
  await shoot(page, `${tag}-08-search-none`);
  await page.goto(`${address}/rooms/football`);
  await page.locator('.room-preview, .composer').first().waitFor();
  await shoot(page, `${tag}-09-not-joined`);
  await page.locator('.room-preview .button').click();
  await page.locator('.composer').waitFor();
  await shoot(page, `${tag}-10-empty-room`);
  await page.goto(address!);
  if (size === 'desktop' || (await page.locator('.sidebar').count()) > 0) {
    await page.locator('.sidebar-section .icon-button').first().click();
    await page.locator('.dialog').waitFor();
    await shoot(page, `${tag}-11-create`);
    await page.keyboard.press('Escape');
    await page.locator('.room-link-browse').click();
    await page.locator('.browse-room').first().waitFor();
    await shoot(page, `${tag}-12-browse`);
    await page.keyboard.press('Escape');
    await page.locator('.sidebar-section .icon-button').last().click();
    await page.locator('.picker').waitFor();
    await shoot(page, `${tag}-12-conversation`);
    await page.keyboard.press('Escape');
    await page.locator('.rail-you').click();
    await page.locator('.menu').waitFor();
    await shoot(page, `${tag}-13-menu`);
    await page.keyboard.press('Escape');
  }
  await page.goto(`${address}/cluster`);
  await page.locator('.map-node').first().waitFor();
  await shoot(page, `${tag}-14-cluster`);
  await context.close();
};

await tour('desktop', 'light', 'en');
await tour('phone', 'dark', 'en');
await tour('desktop', 'dark', 'pt-BR');
await tour('phone', 'light', 'id-ID');
for (const chat of people) chat.close();
await browser.close();

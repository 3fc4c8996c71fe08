/** What people do with messages, in real browsers on a real cluster: each flow, by pointer, by keyboard and by thumb. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectFaultless } from '../support/axe.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';

let browser: Browser;
let cluster: TestCluster;
let token: string;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster({ servers: 2 })]);
  await cluster.settled();
  token = await cluster.token('Courier');
});
// Who stays would read along, and the machine with them.
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / });
const log = (page: Page): Locator => page.getByRole('log');
const row = (page: Page, text: string): Locator => log(page).getByRole('article').filter({ hasText: text }).last();

const join = async (name: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(cluster.front);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  if (options.isMobile) await page.getByRole('link', { name: 'general' }).click();
  await composer(page).waitFor();
  return page;
};

const say = async (page: Page, text: string): Promise<Locator> => {
  await composer(page).fill(text);
  await composer(page).press('Escape');
  await composer(page).press('Enter');
  const sent = log(page).getByRole('article').last();
  await sent.getByText('On disk on 2 servers').waitFor({ state: 'attached' });
  return sent;
};

const post = async (path: string, body: unknown): Promise<{ readonly id: string; readonly index: number }> => {
  const answer = await fetch(`${cluster.front}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as { id: string; index: number };
};

/** A room with so many messages, “line 1” the first. Returns the index of each. */
const filled = async (name: string, count: number): Promise<number[]> => {
  await post('/rooms', { name });
  const indices: number[] = [];
  for (let n = 1; n <= count; n++) indices.push((await post(`/rooms/${name}/messages`, { text: `line ${n}.` })).index);
  return indices;
};

const inMenu = async (page: Page, message: Locator, item: string): Promise<void> => {
  await message.hover();
  await message.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

describe('a message’s text', () => {
  test('is drawn with its marks, and nothing in it is run or loaded', async () => {
    const page = await join('Ada');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    page.on('dialog', () => loaded.push('a dialog'));
    const hostile = await say(
      page,
      '**bold** _italic_ ~~struck~~ `code` <img src=x onerror=alert(1)> ![cat](http://elsewhere.test/cat.png) [bad](javascript:alert(1)) [good](https://example.org/)',
    );
    for (const tag of ['strong', 'em', 'del', 'code']) expect(await hostile.locator(tag).count()).toBe(1);
    expect(await hostile.locator('img, script').count()).toBe(0);
    expect(await hostile.getByRole('link').evaluateAll((all) => all.map((one) => one.getAttribute('href')))).toEqual([
      'http://elsewhere.test/cat.png',
      'https://example.org/',
    ]);
    expect(loaded.filter((url) => !url.startsWith(cluster.front))).toEqual([]);
  });

  test('has blocks of code that can be copied', async () => {
    const page = await join('Bea', { permissions: ['clipboard-read', 'clipboard-write'] });
    const code = await say(page, '```js\nconst a = `<b>`;\n\treturn a;\n```');
    await code.hover();
    await code.getByRole('button', { name: 'Copy the code' }).click();
    await code.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('const a = `<b>`;\n\treturn a;');
  });

  test('stays inside the page, whatever it is: long, wide, right to left, full of reactions', async () => {
    const page = await join('Cai', phone);
    await say(page, `${'word '.repeat(1_000)}${'x'.repeat(2_900)}`);
    await say(page, `\`\`\`\n${'wide '.repeat(300)}\n\`\`\``);
    await say(page, 'مرحبا بالعالم **غامق** ‎and some English ‏'.repeat(5));
    const loved = await say(page, `| a | b |\n|---|---|\n| ${'cell '.repeat(80)} | 2 |`);
    const id = (await loved.getAttribute('id'))!.replace('message-', '');
    for (const emoji of [...'😀😃😄😁😆😅😂🙂🙃😉😊😇🥰😍🤩😘😗😚😙🥲']) {
      const url = `${cluster.front}/api/v1/messages/${id}/reactions/${encodeURIComponent(emoji)}`;
      await fetch(url, { method: 'PUT', headers: { authorization: `Bearer ${token}` } });
    }
    await loved.getByRole('button', { name: /🥲/ }).waitFor();
    await expectFaultless(page);
    const wide = await log(page).evaluate((list) =>
      [...list.querySelectorAll('article')]
        .filter((one) => one.scrollWidth > list.clientWidth)
        .map((one) => one.textContent),
    );
    expect(wide).toEqual([]);
  });

  test('is said as an action behind /me', async () => {
    const page = await join('Dee');
    const action = await say(page, '/me waves');
    expect(await action.locator('.message-action').textContent()).toBe('Dee waves');
  });
});

describe('replies', () => {
  test('carry their quote, lead to it, and know when it is gone', async () => {
    const [eva, flo] = [await join('Eva'), await join('Flo')];
    await say(eva, 'What shall we eat?');
    await inMenu(flo, row(flo, 'What shall we eat?'), 'Reply');
    await flo.getByText('Replying to Eva').waitFor();
    // A reload in the middle of it loses nothing.
    await flo.keyboard.type('Soup!');
    await flo.reload();
    await flo.getByText('Replying to Eva').waitFor();
    expect(await composer(flo).inputValue()).toBe('Soup!');
    await composer(flo).press('Enter');
    const reply = row(eva, 'Soup!');
    await reply.getByRole('button', { name: /What shall we eat/ }).click();
    await expect.poll(() => row(eva, 'What shall we eat?').first().isVisible()).toBe(true);
    expect(await flo.getByText('Replying to Eva').count()).toBe(0);

    const asked = eva.getByRole('article').filter({ hasText: 'What shall we eat?' }).first();
    await inMenu(eva, asked, 'Delete…');
    await eva.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await row(flo, 'Soup!').getByText('This message was deleted').waitFor();
  });

  test('are begun by a key and left by Escape', async () => {
    const page = await join('Gil');
    await say(page, 'answer me');
    const message = row(page, 'answer me');
    await message.focus();
    await page.keyboard.press('r');
    await page.getByText('Replying to Gil').waitFor();
    await expect.poll(() => composer(page).and(page.locator(':focus')).count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByText('Replying to Gil').count()).toBe(0);
  });
});

describe('reactions', () => {
  test('are added, counted for everybody, and taken back', async () => {
    const [hal, ida] = [await join('Hal'), await join('Ida')];
    await say(hal, 'We won');
    const [his, hers] = [row(hal, 'We won'), row(ida, 'We won')];
    await hers.hover();
    await hers.getByRole('button', { name: 'React with 👍' }).click();
    await his.getByRole('button', { name: '👍, 1 person: Ida' }).click();
    await hers.getByRole('button', { name: '👍, 2 people: you and Hal' }).waitFor();
    await hers.getByRole('button', { name: /^👍/ }).click();
    await his.getByRole('button', { name: '👍, 1 person: you' }).waitFor();
    // They are still there for whoever comes later.
    await ida.reload();
    await row(ida, 'We won').getByRole('button', { name: '👍, 1 person: Hal' }).waitFor();
  });

  test('are chosen from all emoji by keyboard', async () => {
    const page = await join('Jan');
    const message = await say(page, 'look');
    await message.focus();
    await page.keyboard.press('+');
    await page.getByRole('combobox', { name: 'Find an emoji' }).waitFor();
    await page.keyboard.type('popper');
    await page.getByRole('option', { name: 'party popper' }).waitFor();
    await expectFaultless(page);
    await page.keyboard.press('Enter');
    await row(page, 'look').getByRole('button', { name: '🎉, 1 person: you' }).waitFor();
  });
});

describe('pins', () => {
  test('are marked, listed, led to and taken out', async () => {
    const [kai, lea] = [await join('Kai'), await join('Lea')];
    await say(kai, 'the wifi is **estafet**');
    await inMenu(kai, row(kai, 'the wifi is'), 'Pin to the room');
    await row(lea, 'the wifi is').getByText('Pinned by Kai').waitFor();
    await lea
      .getByRole('button', { name: /pinned/i })
      .first()
      .click();
    const panel = lea.getByRole('complementary', { name: 'Pinned messages' });
    await panel.getByText('the wifi is').waitFor();
    await expectFaultless(lea);
    await panel.getByRole('button', { name: 'Show in its place' }).click();
    await panel.getByRole('button', { name: 'Unpin' }).click();
    await panel.getByText('Nothing is pinned yet').waitFor();
    await expect.poll(() => row(kai, 'the wifi is').getByText('Pinned by').count()).toBe(0);
  });
});

describe('an edited message', () => {
  test('keeps its reactions and its earlier wordings', async () => {
    const page = await join('Mia');
    const message = await say(page, 'first words');
    await message.hover();
    await message.getByRole('button', { name: 'React with 👍' }).click();
    await message.getByRole('button', { name: /^👍/ }).waitFor();
    await composer(page).focus();
    await composer(page).press('ArrowUp');
    const editor = page.getByRole('textbox', { name: 'Edit the message' });
    await editor.fill('second words');
    await editor.press('Enter');
    const edited = row(page, 'second words');
    await edited.getByRole('button', { name: /^👍/ }).waitFor();
    await edited.getByRole('button', { name: 'Earlier wordings' }).click();
    const dialog = page.getByRole('dialog', { name: 'How it read before' });
    await dialog.getByText('first words').waitFor();
    await expectFaultless(page);
    await page.keyboard.press('Escape');
    await composer(page).focus();
    await composer(page).press('ArrowUp');
    await editor.waitFor();
    await editor.press('Escape');
    await expect.poll(() => editor.count()).toBe(0);
  });
});

describe('the composer', () => {
  test('completes the names of people, and whom they are of sees them marked', async () => {
    const [ned, oda] = [await join('Ned'), await join('Oda Lund')];
    await composer(ned).pressSequentially('hello @od');
    await ned.getByRole('option', { name: /Oda Lund/ }).waitFor();
    await expectFaultless(ned);
    await composer(ned).press('Enter');
    expect(await composer(ned).inputValue()).toBe('hello @Oda Lund ');
    await composer(ned).press('Enter');
    await row(oda, 'hello @Oda Lund').locator('.text-mention[data-you]').waitFor();
    expect(await row(ned, 'hello @Oda Lund').locator('.text-mention[data-you]').count()).toBe(0);
  });

  test('completes emoji by their names', async () => {
    const page = await join('Pia');
    await composer(page).pressSequentially('well :tada');
    await page.getByRole('option', { name: /party popper/ }).waitFor();
    await composer(page).press('Tab');
    expect(await composer(page).inputValue()).toBe('well 🎉 ');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('combobox', { name: 'Find an emoji' }).fill('wave');
    await page.getByRole('option', { name: 'waving hand' }).click();
    await expect.poll(() => composer(page).inputValue()).toBe('well 🎉 👋');
  });

  test('puts marks around what is selected', async () => {
    const page = await join('Quin');
    await composer(page).fill('all of it');
    await composer(page).press('Control+a');
    await composer(page).press('Control+b');
    expect(await composer(page).inputValue()).toBe('**all of it**');
    await composer(page).press('Control+b');
    await composer(page).press('Control+i');
    expect(await composer(page).inputValue()).toBe('_all of it_');
    await composer(page).press('Control+z');
    expect(await composer(page).inputValue()).toBe('all of it');
  });

  test('does commands, explains those that are none, and sends two slashes as one', async () => {
    const [rex, sue] = [await join('Rex'), await join('Sue')];
    await composer(rex).pressSequentially('/to');
    await rex.getByRole('option', { name: /topic/ }).waitFor();
    await composer(rex).fill('/nonsense');
    await composer(rex).press('Enter');
    await rex.getByText('There is no command /nonsense').waitFor();
    expect(await composer(rex).inputValue()).toBe('/nonsense');
    await say(rex, '//leave is a command');
    await row(sue, '/leave is a command').waitFor();
    await composer(rex).fill('/dm @Sue');
    await composer(rex).press('Escape');
    await composer(rex).press('Enter');
    await rex.getByRole('textbox', { name: 'Message Sue' }).waitFor();
    await say(rex, 'between us');
    await sue.getByRole('link', { name: /Rex/ }).click();
    await row(sue, 'between us').waitFor();
    await composer(sue).fill('/cluster');
    await composer(sue).press('Escape');
    await composer(sue).press('Enter');
    await sue.getByRole('heading', { name: 'Cluster' }).first().waitFor();
  });

  test('says who has read up to where', async () => {
    const [tom, uma] = [await join('Tom'), await join('Uma')];
    await uma.bringToFront();
    await say(tom, 'read this');
    await row(uma, 'read this').waitFor();
    await row(tom, 'read this')
      .getByText(/Read up to here by .*Uma/)
      .waitFor({ state: 'attached' });
  });
});

describe('a link to a message', () => {
  test('shows it in its place, and the way to the newest', async () => {
    const indices = await filled('archive', 240);
    const page = await join('Vic', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${cluster.front}/rooms/archive/m/${indices[59]}`);
    const message = row(page, 'line 60.');
    await message.waitFor();
    await expect.poll(() => message.getAttribute('data-marked')).toBe('true');
    expect(await row(page, 'line 240.').count()).toBe(0);
    await inMenu(page, message, 'Copy link');
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
      `${cluster.front}/rooms/archive/m/${indices[59]}`,
    );

    // Down page by page: what is below comes, in order and once.
    await log(page).hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 500);
        return row(page, 'line 120.').count();
      })
      .toBe(1);
    await page.getByRole('button', { name: 'To the latest' }).click();
    await row(page, 'line 240.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'To the latest' }).count()).toBe(0);
    await post('/rooms/archive/messages', { text: 'line 241.' });
    // One looks into the room without being in it, and has no events of it; who is in it does.
    await page.getByRole('button', { name: /Join/ }).click();
    await row(page, 'line 241.').waitFor();
  });

  test('in a message leads there without loading the page again', async () => {
    const [index] = await filled('linked', 1);
    const page = await join('Wes');
    await page.evaluate(() => Reflect.set(globalThis, 'sameDocument', true));
    const link = await say(page, `see ${cluster.front}/rooms/linked/m/${index}`);
    await link.getByRole('link').click();
    await row(page, 'line 1.').waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'sameDocument'))).toBe(true);
  });
});

describe('on a phone', () => {
  test('a long press opens everything that can be done with a message', async () => {
    const page = await join('Xia', phone);
    const message = await say(page, 'press me long');
    const box = (await message.boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const point = { x: box.x + 80, y: box.y + box.height - 12 };
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    const sheet = page.getByRole('dialog', { name: 'More actions' });
    await sheet.waitFor();
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expectFaultless(page);
    await sheet.getByRole('button', { name: 'React with 👍' }).tap();
    await row(page, 'press me long').getByRole('button', { name: /^👍/ }).waitFor();
  });

  test('names are completed by touch', async () => {
    await join('Yan');
    const page = await join('Zoe', phone);
    await composer(page).pressSequentially('hi @ya');
    await page.getByRole('option', { name: /Yan/ }).tap();
    expect(await composer(page).inputValue()).toBe('hi @Yan ');
    await expectFaultless(page);
  });
});

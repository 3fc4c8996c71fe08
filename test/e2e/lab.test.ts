/** The delivery lab in real browsers: pages of three servers are nodes, and what is measured of them is held against theory. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { joinInBrowser } from '../support/web-people.ts';

/** A run sends hundreds of messages over links that take their time; a burst fewer. */
const runMs = 90_000;
const burstMs = 60_000;

const region = (page: Page, name: string): Locator => page.getByRole('region', { name });
const dial = (page: Page, name: string): Locator => page.getByRole('spinbutton', { name });
const letters = (page: Page, node: string): Locator =>
  region(page, `Node ${node}`)
    .getByRole('list', { name: `Messages of ${node}` })
    .getByRole('button');

const sendOnce = async (page: Page, node: string, method: 'Direct' | 'PubSub', text: string): Promise<void> => {
  const panel = region(page, `Node ${node}`);
  await panel.getByRole('button', { name: method, exact: true }).click();
  await panel.getByRole('textbox', { name: 'Text of the message' }).fill(text);
  await panel.getByRole('button', { name: 'Send', exact: true }).click();
};

/** What the table of totals says of PubSub in a row, as it is measured. */
const measured = async (page: Page, quantity: string): Promise<number> => {
  const row = region(page, 'Since the dials were turned').getByRole('row', { name: new RegExp(`^${quantity}`) });
  if ((await row.count()) === 0) return 0;
  const cells = await row.getByRole('cell').locator('strong').allInnerTexts();
  return Number.parseFloat(cells.at(-1) ?? '0');
};

describe('the delivery lab', () => {
  let browser: Browser;
  let cluster: TestCluster;
  let ana: Page;
  let budi: Page;
  let cintia: Page;

  const person = async (server: number, name: string): Promise<Page> => {
    const page = await joinInBrowser(browser, cluster.servers[server]!.url, name);
    await page.getByRole('link', { name: 'Lab', exact: true }).click();
    await page.getByRole('heading', { name: 'Delivery lab' }).waitFor();
    page.setDefaultTimeout(burstMs);
    return page;
  };

  beforeAll(async () => {
    [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
    await cluster.settled();
    [ana, budi, cintia] = [await person(0, 'Ana'), await person(1, 'Budi'), await person(2, 'Cintia')];
  });
  afterAll(async () => {
    await browser?.close();
    await cluster?.stop();
  });

  test('pages become nodes, and send each other messages by both methods', async () => {
    for (const [page, node] of [
      [ana, 'A'],
      [budi, 'B'],
    ] as const) {
      await page.getByRole('button', { name: 'Become a node' }).click();
      await region(page, `Node ${node}`).waitFor();
    }
    // One turns the dials, all see it.
    await ana.getByRole('button', { name: 'Perfect' }).click();
    for (const page of [ana, budi, cintia])
      await page.getByRole('button', { name: 'Perfect', pressed: true }).waitFor();

    await sendOnce(ana, 'A', 'PubSub', 'with an answer');
    await letters(budi, 'B').filter({ hasText: 'with an answer' }).waitFor();
    await letters(ana, 'A').filter({ hasText: 'confirmed after' }).waitFor();
    await sendOnce(budi, 'B', 'Direct', 'into the blue');
    await letters(ana, 'A').filter({ hasText: 'into the blue' }).waitFor();
    await letters(budi, 'B').filter({ hasText: 'sent; nobody will tell' }).waitFor();
  });

  test('a topic reaches whoever has subscribed', async () => {
    const panel = region(budi, 'Node B');
    await panel.getByRole('textbox', { name: 'Topic to subscribe to' }).fill('news');
    await panel.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await region(ana, 'Node A').getByRole('combobox', { name: 'To' }).selectOption({ label: '#news (1 subscriber)' });
    await sendOnce(ana, 'A', 'PubSub', 'for all who care');
    await letters(budi, 'B').filter({ hasText: 'from A in #news' }).waitFor();
    await region(ana, 'Node A').getByRole('combobox', { name: 'To' }).selectOption({ label: 'Node B' });
  });

  test('a dial out of its bounds is refused with its reason; one that is taken shows losses and retries', async () => {
    await dial(ana, 'Loss').fill('150');
    await ana.getByText('Loss is 100% at most.').waitFor();
    await dial(ana, 'Loss').fill('50');
    await dial(ana, 'Loss').press('Enter');
    await expect.poll(() => dial(budi, 'Loss').inputValue()).toBe('50');

    const panel = region(ana, 'Node A');
    await panel.getByRole('button', { name: 'PubSub', exact: true }).click();
    await panel.getByRole('button', { name: 'Burst' }).click();
    await panel.getByRole('spinbutton', { name: 'Messages' }).fill('60');
    await panel.getByRole('button', { name: 'Send 60 at 20/s' }).click();
    // Half of what crosses is lost: some messages arrive at once, and some only when they are sent again.
    await expect.poll(() => measured(budi, 'Messages'), { timeout: burstMs }).toBeGreaterThan(20);
    expect(await measured(budi, 'Sendings a message')).toBeGreaterThan(1.2);
    await letters(ana, 'A').filter({ hasText: 'given up after' }).first().waitFor();
    await budi
      .getByText(/lost between A and B/)
      .first()
      .waitFor();

    await letters(ana, 'A').filter({ hasText: 'given up after' }).first().click();
    const story = ana.getByRole('dialog', { name: /^The story of message/ });
    await story.getByRole('img', { name: /A sent by PubSub\. Sendings: 3;/ }).waitFor();
    expect(await story.getByRole('table').getByRole('row').count()).toBe(4);
    await ana.keyboard.press('Escape');

    const retries = ana.getByRole('figure', { name: 'Retries' });
    await retries.getByRole('button', { name: 'Figures of: Retries' }).click();
    await retries.getByRole('row').nth(20).waitFor();
  });

  test(
    'experiment 1 on these nodes is consistent with theory; its dials are held till it is over',
    async () => {
      const card = region(ana, 'Run an experiment on these nodes');
      await card.getByRole('button', { name: 'Run', exact: true }).click();
      await card.getByRole('progressbar').waitFor();
      await budi.getByText('A run is under way: the dials stay as they are until it is over.').waitFor();
      await card.getByText(/^Done/).waitFor({ timeout: runMs });
      const verdicts = await card.locator('.lab-verdict strong').allInnerTexts();
      // Where the machine kept a page waiting, what it was sent does not count, and what is left may be too little to tell.
      const [leftOut, whole] = [await card.getByText(/do(?:es)? not count/).count(), await card.innerText()];
      const right = leftOut === 0 ? 'consistent' : '(?:consistent|too few)';
      expect(verdicts, whole).toHaveLength(2);
      expect(verdicts[0], whole).toMatch(new RegExp(`^Direct: ${right}$`));
      expect(verdicts[1], whole).toMatch(new RegExp(`^PubSub: ${right}$`));
      await region(budi, 'Run an experiment on these nodes').getByText(verdicts[1]!).waitFor();
      expect(await dial(budi, 'Loss').inputValue()).toBe('10');
      await expect.poll(() => dial(budi, 'Loss').isEnabled()).toBe(true);
    },
    2 * runMs,
  );

  test(
    'a class predicts, its predictions are locked before it runs, and each sees what came out',
    async () => {
      await ana.getByRole('link', { name: 'Class' }).click();
      await ana.getByRole('button', { name: 'Open a class' }).click();
      const code = await ana.locator('.lab-class-letters').innerText();
      await budi.getByRole('link', { name: 'Class' }).click();
      await budi.getByLabel('Code of the class').fill(code.toLowerCase());
      await budi.getByRole('button', { name: 'Join the class as B' }).click();
      // As the code that a camera reads leads there.
      await cintia.goto(new URL(`/lab/class/${code}`, cintia.url()).href);
      await cintia.getByRole('button', { name: 'Join the class', exact: true }).click();
      for (const [page, name] of [
        [budi, 'B'],
        [cintia, 'Cintia'],
      ] as const) {
        await page.getByRole('heading', { name: `You are in the class as ${name}` }).waitFor();
      }

      await ana.getByRole('button', { name: 'Ask about experiment 1' }).click();
      for (const page of [budi, cintia]) {
        await page.getByRole('slider', { name: 'Direct' }).fill('90');
        await page.getByRole('button', { name: 'This is my prediction' }).click();
        await page.getByText('Your prediction is in.').waitFor();
      }
      await ana.getByText('2 predictions of 2 nodes so far.').waitFor();
      expect(await ana.getByText('What the class predicted').count()).toBe(0);
      await ana.getByRole('button', { name: 'Lock the predictions' }).click();
      await expect.poll(() => budi.getByRole('slider', { name: 'Direct' }).isDisabled()).toBe(true);

      await ana.getByLabel('Messages of each phone and method').selectOption('20');
      await ana.getByRole('button', { name: 'Run it with the class' }).click();
      for (const page of [ana, budi, cintia]) {
        await page.getByRole('heading', { name: 'What the class predicted' }).waitFor({ timeout: runMs });
        await page.getByRole('img', { name: /Direct: 2 predictions, 9\d\.5% on average/ }).waitFor();
        expect(await page.getByRole('table', { name: 'Each phone by itself' }).getByRole('row').count()).toBe(5);
      }
      await ana.getByRole('button', { name: 'Close the class' }).click();
      await budi.getByRole('heading', { name: 'Teach with it: open a class' }).waitFor();
    },
    2 * runMs,
  );

  test('when the primary is killed, its nodes are there again and go on', async () => {
    const { primary } = await cluster.settled();
    for (const page of [ana, budi]) await page.getByRole('link', { name: 'Live' }).click();
    await ana.getByRole('button', { name: 'Perfect' }).click();
    await budi.getByRole('button', { name: 'Perfect', pressed: true }).waitFor();
    cluster.kill(primary!);
    await budi.getByText(/The lab runs on \w+ now; what was on its way is lost/).waitFor();
    const names = budi.locator('.lab-node-name');
    await expect.poll(() => names.allInnerTexts()).toEqual(expect.arrayContaining(['A', 'B']));
    await expect
      .poll(
        async () => {
          await sendOnce(ana, 'A', 'PubSub', 'after the fall');
          return letters(budi, 'B').filter({ hasText: 'after the fall' }).count();
        },
        { interval: 1_000 },
      )
      .toBeGreaterThan(0);
  });
});

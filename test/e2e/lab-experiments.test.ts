/** The guided experiments of the lab, as a student runs them: predicted, run, judged, repeated, taken along. */
import { readFileSync } from 'node:fs';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { joinInBrowser } from '../support/web-people.ts';

let browser: Browser;
let cluster: TestCluster;
let page: Page;
beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
  await cluster.settled();
  page = await joinInBrowser(browser, cluster.front, 'Eva');
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const verdict = (at: Page = page) => at.getByRole('region', { name: 'Verdict' });
const open = async (path: string, at: Page = page): Promise<void> => {
  await at.goto(`${cluster.front}/lab/experiments${path}`);
};
const run = async (at: Page = page): Promise<void> => {
  await at.getByRole('button', { name: 'Run', exact: true }).click();
  await at.getByRole('article', { name: 'Report' }).waitFor({ timeout: 120_000 });
};
const runWithout = async (path: string): Promise<void> => {
  await open(path);
  await page.getByRole('button', { name: 'Run without one' }).click();
  await run();
};
const table = (at: Page = page): Promise<string> => at.getByRole('table', { name: 'Figures' }).innerText();
const download = async (button: string): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
  const [file] = await Promise.all([
    page.waitForEvent('download') as Promise<Download>,
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
};

describe('experiment 1', () => {
  test('is run after a prediction that is locked, and is consistent with theory', async () => {
    await open('');
    await page.getByRole('link', { name: 'Direct against PubSub' }).click();
    await page.getByLabel('Messages', { exact: true }).fill('10');
    await page.getByText('10 messages cannot tell 90% from 99.9%: send 53 or more.').waitFor();
    await page.getByLabel('Messages', { exact: true }).fill('2000');
    await page.getByLabel('Seed', { exact: true }).fill('7');

    const start = page.getByRole('button', { name: 'Run', exact: true });
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Of the messages sent Direct, how many arrive?').fill('90');
    await page.getByLabel('And by PubSub?').fill('60');
    await page.getByLabel('How often is a PubSub message sent, on average?').fill('1,2');
    await page.getByRole('button', { name: 'Lock my prediction' }).click();
    // Locked: there is nothing left to write in, and the settings stand.
    expect(await page.getByLabel('And by PubSub?').count()).toBe(0);
    expect(await page.getByLabel('Messages', { exact: true }).isDisabled()).toBe(true);
    await page.getByRole('table', { name: 'What theory expects' }).getByText('214.9 ms').waitFor();

    await run();
    await verdict().getByText('Consistent', { exact: true }).waitFor();
    const predicted = await page.getByRole('table', { name: 'Prediction and result' }).innerText();
    expect(predicted).toMatch(/arrive\?\s+90%\s+8[89]/);
    expect(predicted).toMatch(/−39\.\d+ points/);
    expect(predicted).not.toContain('looked at before');
  });

  test('held against a planted model is not consistent, and consistent again without it', async () => {
    await page.getByLabel('Test the test').check();
    await verdict().getByText('Not consistent', { exact: true }).waitFor();
    await verdict().getByText('theory was told a loss of 20 %; the links had 10%').waitFor();
    await page.getByLabel('Test the test').uncheck();
    await verdict().getByText('Consistent', { exact: true }).waitFor();
  });

  test('gives the same figures to whoever opens its link', async () => {
    const [mine, link] = [await table(), await page.getByRole('link', { name: /seed=7/ }).getAttribute('href')];
    const other = await joinInBrowser(browser, cluster.servers[1]!.url, 'Fay');
    await other.goto(`${cluster.servers[1]!.url}${link}`);
    expect(await other.getByLabel('Messages', { exact: true }).inputValue()).toBe('2000');
    await other.getByRole('button', { name: 'Run without one' }).click();
    await run(other);
    expect(await table(other)).toBe(mine);
    await other.context().close();
  });

  test('can be taken along: CSV, JSON, and its charts as SVG and PNG', async () => {
    const csv = await download('CSV file');
    expect(csv.name).toBe('estafet-experiment-1-seed-7.csv');
    const lines = csv.bytes.toString('utf8').replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);

    const json = JSON.parse((await download('JSON file')).bytes.toString('utf8'));
    expect(json).toMatchObject({
      ...{ experiment: 1, verdict: 'consistent', prediction: { answers: { direct: 0.9, pubsub: 0.6, attempts: 1.2 } } },
      setup: { seed: 7, messages: 2_000, change: { loss: 0.1 } },
    });
    expect(json.result.rows[0].delivered).toBe(Number(lines[1]!.split(',')[lines[0]!.split(',').indexOf('delivered')]));

    const svg = (await download('Save What arrives as SVG')).bytes.toString('utf8');
    const parsed = await page.evaluate<string>(
      `(() => { const d = new DOMParser().parseFromString(${JSON.stringify(svg.replace('\uFEFF', ''))}, 'image/svg+xml');
        return d.querySelector('parsererror') ? 'broken' : d.documentElement.tagName + ' ' + d.querySelector('title').textContent; })()`,
    );
    expect(parsed).toBe('svg What arrives');
    expect(svg).not.toMatch(/var\(|light-dark|class=/);
    const png = (await download('Save What arrives as PNG')).bytes;
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(png.length).toBeGreaterThan(2_000);
  });

  test('is kept on the device, with its prediction', async () => {
    await open('');
    await page
      .getByRole('region', { name: 'Your last runs on this device' })
      .getByText('1. Direct against PubSub')
      .click();
    await page.getByRole('table', { name: 'Prediction and result' }).getByText('60%').waitFor();
    await verdict().getByText('Consistent', { exact: true }).waitFor();
  });
});

test('experiment 4 lays retries and timeouts out as heat maps, and says which choice nothing beats', async () => {
  await runWithout('/4?seed=3&messages=2000&loss=0.3');
  await verdict().getByText('Consistent', { exact: true }).waitFor();
  for (const chart of ['What arrives', 'How long it takes', 'What it costs']) {
    const figure = page.getByRole('figure', { name: chart });
    expect(await figure.locator('svg.plot g rect.heat-fill').count()).toBe(12);
    await figure.getByRole('button', { name: `Figures of: ${chart}` }).click();
    expect(await figure.getByRole('table').locator('tbody tr').count()).toBe(4);
  }
  const pareto = page.getByRole('figure', { name: 'Reliability against latency' });
  expect(await pareto.locator('svg.plot').getAttribute('aria-label')).toMatch(/Not beaten by any other: .*5 × 300 ms/);
});

test('a sweep of one’s own can be cancelled, and run', async () => {
  await open('/sweep?messages=200000&seed=1');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled. Nothing was kept').waitFor();
  await page.getByLabel('Messages a row').fill('300');
  await page.getByRole('button', { name: 'Run it again' }).click();
  await page.getByRole('article', { name: 'Report' }).waitFor({ timeout: 60_000 });
  expect(await page.getByRole('table', { name: 'Figures' }).locator('tbody tr').count()).toBe(48);
});

test('experiment 5 counts with threads: nothing is lost with atomic operations', async () => {
  await runWithout('/5?seed=1&messages=200000&threads=2');
  const rows = await page.getByRole('table', { name: 'Figures' }).locator('tbody tr').allInnerTexts();
  expect(rows).toHaveLength(4);
  for (const row of rows.filter((one) => one.includes('with atomic'))) expect(row).toMatch(/\s0\s+\d+/);
  await page.getByRole('figure', { name: 'Speed-up' }).waitFor();
});

describe('experiment 6', () => {
  test('is not for everybody, and says so', async () => {
    // Eva came first, and owns the workspace.
    const member = await joinInBrowser(browser, cluster.front, 'Hal');
    await open('/6', member);
    await member.getByText('it needs the role of an admin').waitFor();
    await member.getByRole('button', { name: 'Run without one' }).click();
    expect(await member.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await member.context().close();
  });

  test('kills the primary: PubSub loses nothing that was acknowledged', async () => {
    const before = (await cluster.settled()).primary;
    const token = await cluster.token('Grace', 'admin');
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    await context.addCookies([{ name: 'estafet', value: token, url: cluster.front }]);
    const admin = await context.newPage();
    await open('/6?perSecond=40&seconds=6&killAfter=2000', admin);
    for (const [question, answer] of [
      ['How many Direct messages are lost?', '20'],
      ['How many acknowledged PubSub messages are lost?', '0'],
      ['How long does nothing arrive by PubSub?', '500'],
    ] as const) {
      await admin.getByLabel(question).fill(answer);
    }
    await admin.getByRole('button', { name: 'Lock my prediction' }).click();
    await run(admin);
    await admin.getByText('PubSub lost 0', { exact: true }).waitFor();
    expect(await verdict(admin).innerText()).toMatch(/^Consistent\s+PubSub lost 0 of \d+ acknowledged/);
    await admin.getByText(`${before} killed`).first().waitFor();
    expect(await table(admin)).toMatch(/Lost\s+\d+\s+0\b/);
    await context.close();
  });
});

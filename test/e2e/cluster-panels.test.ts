/**
 * What stands beside the map, on real servers of which one really dies: the sequence diagram, the stopwatch, the audit,
 * and looking back.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClusterEvent, TakeoverView } from '../../src/protocol/index.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { joinInBrowser } from '../support/web-people.ts';

let browser: Browser;
let cluster: TestCluster;
let page: Page;
/** Who led before the failing request, and who does after it. */
let fallen: string;
let heir: string;

const panel = (name: string, of: Page = page) => of.getByRole('region', { name, exact: true });
const headline = (of: Page = page) => of.locator('.cluster-sentence');
const banner = (of: Page = page) => of.locator('.rewind-banner');

/** What the diagram's table says, the newest first. */
const story = (): Promise<{ what: string; words: string }[]> =>
  panel('Sequence diagram')
    .locator('tbody tr')
    .evaluateAll((rows) =>
      (rows as unknown as { dataset: { what: string }; innerText: string }[]).map((row) => ({
        what: row.dataset.what,
        words: row.innerText.replace(/\s+/g, ' '),
      })),
    );

/** What an export saves. */
const saved = async (item: string): Promise<{ name: string; text: string }> => {
  await panel('Sequence diagram').getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: download.suggestedFilename(), text: readFileSync((await download.path())!, 'utf8') };
};

/** The rest of the servers' API as this page's person has it. */
const ask = <T>(path: string): Promise<T> =>
  page.evaluate(async (address) => (await fetch(address)).json(), `/api/v1/cluster/${path}`) as Promise<T>;

beforeAll(async () => {
  [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
  const { primary } = await cluster.settled();
  fallen = primary!;
  // Whoever joins first, on the machine itself, is the workspace's owner.
  page = await joinInBrowser(browser, cluster.front, 'Ayu', { viewport: { width: 1440, height: 1_000 } });
  await page.getByRole('link', { name: 'Cluster' }).click();
  await headline()
    .filter({ hasText: `${fallen} is primary` })
    .waitFor();
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

describe('beside the map', () => {
  test('the diagram shows a request from the person to every copy and back', async () => {
    await page.getByRole('button', { name: 'Send request' }).click();
    const diagram = panel('Sequence diagram');
    for (const what of ['taken', 'append', 'stored', 'synchronised', 'answered']) {
      await diagram.locator(`.sequence-arrow[data-what="${what}"][data-fate="arrived"]`).first().waitFor();
    }
    await diagram.locator('.sequence-note[data-what="processed"]').first().waitFor();
  });

  test('the diagram tells a failing request in its order: taken, dying, promoted, then processed and synchronised', async () => {
    await page.getByRole('button', { name: 'Send failing request' }).click();
    const { primary, epoch } = await cluster.waitFor('another primary', (now) => now.primary !== null && now.epoch > 1);
    heir = primary!;
    expect([heir === fallen, epoch]).toEqual([false, 2]);
    await panel('Sequence diagram').getByRole('button', { name: 'Table' }).click();
    // Once it is committed, a backup may be quicker with it than the primary.
    const order = ['promoted', 'processed', 'synchronised'];
    await expect
      .poll(async () => {
        const told = (await story()).reverse();
        const dying = told.findIndex(({ what }) => what === 'dying');
        const taken = told.findLastIndex(({ what }, place) => what === 'taken' && place < dying);
        const after = order.map((what) => told.findIndex((one, place) => one.what === what && place > dying));
        const [promoted = -1, ...committed] = after;
        return (
          (taken !== -1 && taken < dying && committed.every((place) => place > promoted)) || { taken, dying, after }
        );
      })
      .toBe(true);
    const told = await story();
    expect(told.find(({ what }) => what === 'dying')!.words).toContain(`${fallen} dies of data-2`);
    expect(told.find(({ what }) => what === 'processed')!.words).toContain(`${heir} processes data-2`);
    await panel('Sequence diagram').getByRole('button', { name: 'Diagram' }).click();
  });

  test('the stopwatch has that takeover, its moments in order', async () => {
    await panel('Takeovers').getByText(`${heir} took over from ${fallen}`).waitFor();
    await panel('Takeovers').getByText('1 takeover so far').waitFor();
    const takeovers = await ask<{ takeovers: TakeoverView[] } | TakeoverView[]>('takeovers');
    const all = Array.isArray(takeovers) ? takeovers : takeovers.takeovers;
    const { lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt, cause } = all.find((one) => one.epoch === 2)!;
    const moments = [lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt];
    expect(moments).not.toContain(null);
    expect(moments).toEqual((moments as number[]).toSorted((a, b) => a - b));
    expect(cause).toBe('died');
    await panel('Takeovers')
      .getByRole('img', { name: /^s\d took over from s\d: .+ in all\. loss noticed after/ })
      .waitFor();
  });

  test('the audit holds, with nothing lost, once the fallen server is back', async () => {
    await cluster.settled();
    const audit = panel('Audit');
    await audit.locator('[data-verdict="holds"]').waitFor({ timeout: 60_000 });
    const figures = await audit.locator('.audit-figures').innerText();
    expect(figures.replace(/\s+/g, ' ')).toMatch(/^acknowledged [\d,]+ lost 0 doubled 0 out of order 0 strange 0$/);
    await audit.getByText('All the same').waitFor();
  });

  test('the exports are what they say', async () => {
    const svg = await saved('Picture (SVG)');
    expect(svg.name).toMatch(/^estafet-.+\.svg$/);
    const problems = await page.evaluate<number>(
      `new DOMParser().parseFromString(${JSON.stringify(svg.text)}, 'image/svg+xml').querySelectorAll('parsererror').length`,
    );
    expect(problems).toBe(0);
    expect(svg.text).toContain('data-2');

    const mermaid = await saved('Mermaid text');
    const statement =
      /^ {2}(?:actor p0 as .+|participant p\d+ as .+|Note over p\d+(?:,p\d+)?: .+|p\d+(?:->>|-->>|-x|-\))p\d+: .+)$/;
    const [first, ...lines] = mermaid.text.trimEnd().split('\n');
    expect(first).toBe('sequenceDiagram');
    expect(lines.filter((line) => !statement.test(line))).toEqual([]);

    const shiviz = await saved('ShiViz log');
    const [expression, , ...rest] = shiviz.text.split('\n');
    const events = [...rest.join('\n').matchAll(new RegExp(expression!, 'g'))];
    expect(events.length).toBe((rest.length - 1) / 2);
    const counts = new Map<string, number>();
    for (const { groups } of events) {
      const clock = JSON.parse(groups!.clock!) as Record<string, number>;
      const { host = '' } = groups!;
      expect(clock[host]).toBe((counts.get(host) ?? 0) + 1);
      counts.set(host, clock[host]!);
    }
    expect([...counts.keys()]).toEqual(expect.arrayContaining([fallen, heir, 'person-1']));
  });

  test('one can look back to the primary that fell, on the whole page, and give the moment to others', async () => {
    const slider = page.getByRole('slider', { name: 'The moment that is shown' });
    await page.getByRole('button', { name: 'Earlier mark' }).click();
    await banner().waitFor();
    // From the last mark there is, to a second before the first.
    const { events } = await ask<{ events: ClusterEvent[] }>('history');
    const { at } = events.find(({ what }) => what === 'dying')!;
    await slider.focus();
    await expect
      .poll(async () => {
        const asked = new URL(page.url()).searchParams.get('at');
        if (asked !== null && Date.parse(asked) < at) return true;
        await slider.press('ArrowLeft');
        return false;
      })
      .toBe(true);
    await headline()
      .filter({ hasText: `${fallen} is primary in epoch 1` })
      .waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/ ago/);
    // Nothing can be done to the past.
    expect(await page.getByRole('button', { name: 'Send failing request' }).isDisabled()).toBe(true);

    const other = await page.context().newPage();
    await other.goto(page.url());
    await banner(other).waitFor();
    await headline(other)
      .filter({ hasText: `${fallen} is primary in epoch 1` })
      .waitFor();
    await other.close();

    await banner().getByRole('button', { name: 'Back to now' }).click();
    await headline()
      .filter({ hasText: `${heir} is primary in epoch 2` })
      .waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('an address of a moment that nobody remembers says so, and shows the present', async () => {
    const other = await page.context().newPage();
    await other.goto(`${cluster.front}/cluster?at=2001-01-01T00:00:00Z`);
    await other.getByText('The servers remember ten minutes').waitFor();
    await headline(other)
      .filter({ hasText: `${heir} is primary` })
      .waitFor();
    await other.close();
  });
});

/** The page of the cluster on real processes: what a person does there, and what becomes of the servers. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestView } from '../../src/protocol/index.ts';
import { startBrowser } from '../support/browser.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';
import { joinInBrowser } from '../support/web-people.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The letter by which the kernel says what a process does: `T` for one that is stopped. */
const stateOf = (pid: number | null): string | null => {
  if (pid === null) return null;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? null;
  } catch {
    return null;
  }
};

const node = (page: Page, name: string) => page.locator(`.map-node[data-server="${name}"]`);
const panel = (page: Page, name: string) => page.locator(`[data-details="${name}"]`);
const tile = (page: Page, action: string) => page.locator(`.tile[data-action="${action}"]`);

/** A server looks so on the map: `primary`, `backup`, `behind`, `paused` or `down`. */
const looks = (page: Page, name: string, condition: string) =>
  page.locator(`.map-node[data-server="${name}"][data-condition="${condition}"]`).waitFor({ timeout: 60_000 });

/** Whether something is wider than the screen. */
const overflows = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe('the page of the cluster', () => {
  let browser: Browser;
  let cluster: TestCluster;
  let admin: Page;
  let token: string;

  const open = async (name: string, role: 'admin' | 'member', options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await joinInBrowser(browser, cluster.front, name, options);
    // Takeovers and a browser on one machine, which may have other work besides.
    page.setDefaultTimeout(60_000);
    if (role === 'admin') await cluster.token(name, role);
    await page.goto(`${cluster.front}/cluster`);
    await page.locator('.map-node').first().waitFor();
    return page;
  };
  const requests = async (): Promise<readonly RequestView[]> => {
    const response = await fetch(`${cluster.front}/api/v1/cluster/requests`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { requests: RequestView[] }).requests;
  };
  const pidOf = (name: string): number => {
    const pid = cluster.pid(name);
    if (pid === null) throw new Error(`${name} does not run`);
    return pid;
  };
  const pidChanges = (name: string, from: number) =>
    eventually(
      `${name} runs in another process`,
      () => {
        const pid = cluster.pid(name);
        return pid !== null && pid !== from;
      },
      { deadlineMs: 60_000 },
    );
  /** Chooses a server on the map, whatever was chosen before. */
  const choose = async (page: Page, name: string): Promise<void> => {
    if ((await panel(page, name).count()) === 0) await node(page, name).click();
    await panel(page, name).waitFor();
  };
  /** A backup, and the primary, as they are now. */
  const cast = async (): Promise<{ primary: string; backup: string; epoch: number }> => {
    const { primary, servers, epoch } = await cluster.settled();
    return { primary: primary!, backup: servers.find(({ name }) => name !== primary)!.name, epoch };
  };

  beforeAll(async () => {
    [browser, cluster] = await Promise.all([startBrowser(), startTestCluster()]);
    await cluster.settled();
    token = await cluster.token('Reader', 'owner');
    admin = await open('Ayu', 'admin', { viewport: { width: 1440, height: 2_400 } });
  });
  afterAll(async () => {
    await browser?.close();
    await cluster?.stop();
  });

  test('a failing request: its primary dies of it, another processes it once, and who died comes back and catches up', async () => {
    const { primary, epoch } = await cast();
    const pid = pidOf(primary);
    await admin.getByText(`${primary} is primary in epoch ${epoch}, and all 3 servers have everything`).waitFor();
    await admin.getByRole('button', { name: 'Send request', exact: true }).click();
    await admin
      .locator('.request')
      .filter({ hasText: 'data-1' })
      .getByText('On all servers.')
      .waitFor({ state: 'attached' });

    await admin.getByRole('button', { name: 'Send failing request' }).click();
    await eventually('the process is gone', () => !isAlive(pid));
    const after = await cluster.waitFor('another primary', (now) => now.primary !== null && now.primary !== primary);
    expect(after.epoch).toBeGreaterThan(epoch);

    const row = admin.locator('.request').filter({ hasText: 'data-2' });
    await row.getByText(`processed by ${after.primary}, epoch ${after.epoch}`).waitFor();
    await row.getByText(`${primary} died of it before it answered.`).waitFor();
    await looks(admin, after.primary!, 'primary');
    await pidChanges(primary, pid);
    await cluster.settled();
    await looks(admin, primary, 'backup');
    await row.getByText('On all servers.').waitFor({ state: 'attached' });
    expect((await requests()).map(({ label, processedBy }) => [label, processedBy])).toEqual([
      ['data-2', after.primary],
      ['data-1', primary],
    ]);

    // Each server says itself what it has processed and what it has from others.
    await choose(admin, after.primary!);
    const leader = panel(admin, after.primary!);
    await leader.getByText(`${after.primary} itself says so`).waitFor();
    await leader.locator('[data-list="processed"] li').getByText('data-2', { exact: true }).waitFor();
    await leader.locator('[data-list="synchronised"] li').getByText('data-1', { exact: true }).waitFor();
    await choose(admin, primary);
    const back = panel(admin, primary);
    await back.locator('[data-list="synchronised"] li').getByText('data-2', { exact: true }).waitFor();
    await back.locator('[data-list="processed"] li').getByText('data-1', { exact: true }).waitFor();
    await back.getByText(String(pidOf(primary))).waitFor();
  });

  test('by keyboard alone: from server to server, its details, a pause and what it did, and back', async () => {
    const { backup } = await cast();
    const pid = pidOf(backup);
    await node(admin, backup).focus();
    await admin.keyboard.press('Enter');
    await panel(admin, backup).waitFor();
    expect(await admin.locator(':focus').innerText()).toBe(backup);
    const press = async (action: string) => {
      while ((await admin.locator(':focus').getAttribute('data-action')) !== action) await admin.keyboard.press('Tab');
      await admin.keyboard.press('Enter');
    };
    await press('pause');
    await eventually('the process is stopped', () => stateOf(pid) === 'T');
    await looks(admin, backup, 'paused');
    await panel(admin, backup).getByText(`${backup} is paused.`).waitFor();
    await panel(admin, backup).getByText(`${backup} does not answer.`).waitFor();
    await admin.locator('[data-announcer]').getByText(`${backup} is paused.`).waitFor({ state: 'attached' });
    // The same control takes it back, and still has the focus.
    await admin.keyboard.press('Enter');
    await eventually('the process goes on', () => stateOf(pid) !== 'T');
    await looks(admin, backup, 'backup');
    await admin.keyboard.press('Escape');
    expect(await admin.locator(':focus').getAttribute('data-server')).toBe(backup);
    // The arrows go to another one.
    const seen = new Set<string | null>();
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowRight', 'ArrowDown']) {
      await admin.keyboard.press(key);
      seen.add(await admin.locator(':focus').getAttribute('data-server'));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test('each control does what it says', async () => {
    const { primary, backup } = await cast();
    const faultless = async () => {
      await cluster.settled();
      await looks(admin, backup, 'backup');
    };
    await choose(admin, backup);
    const link = admin.locator('.map-link[data-state="cut"]');
    await tile(admin, 'cut-link').click();
    await link.first().waitFor();
    await looks(admin, backup, 'behind');
    await node(admin, backup).getByText('link cut').waitFor();
    await tile(admin, 'heal-link').click();
    await link.first().waitFor({ state: 'detached' });
    await faultless();

    await tile(admin, 'slow-link').getByRole('button', { name: '100 ms' }).click();
    await node(admin, backup).getByText('link +100 ms').waitFor();
    await tile(admin, 'slow-link').getByRole('button', { name: 'off' }).click();
    await tile(admin, 'slow-disk').getByRole('button', { name: '20 ms' }).click();
    await node(admin, backup).getByText('disk +20 ms').waitFor();
    await tile(admin, 'slow-disk').getByRole('button', { name: 'off' }).click();
    await node(admin, backup).getByText('disk +20 ms').waitFor({ state: 'detached' });
    await faultless();

    for (const action of ['kill', 'restart', 'wipe'] as const) {
      const pid = pidOf(backup);
      await tile(admin, action).click();
      await pidChanges(backup, pid);
      await faultless();
    }

    await panel(admin, backup).getByRole('button', { name: 'Close' }).click();
    await tile(admin, 'step-down').click();
    await cluster.waitFor('the baton is handed over', (now) => now.primary !== null && now.primary !== primary);
    await looks(admin, primary, 'backup');

    await tile(admin, 'add').click();
    await looks(admin, 's4', 'backup');
    await choose(admin, 's4');
    await tile(admin, 'remove').click();
    await node(admin, 's4').waitFor({ state: 'detached' });
    await panel(admin, 's4').getByText('s4 is not in the cluster any more.').waitFor();
    await panel(admin, 's4').getByRole('button', { name: 'Close' }).click();
    await cluster.settled();
  });

  test('the last one with everything is not killed, and a scenario says so', async () => {
    await cast();
    await admin.getByRole('combobox', { name: 'Play a scenario' }).selectOption({ label: 'The last replica standing' });
    await admin.getByRole('button', { name: 'Play', exact: true }).click();
    await admin.getByText('That was all. Everything acknowledged is still there.').waitFor({ timeout: 120_000 });
    expect(await admin.locator('.story-steps li[data-over]').count()).toBe(5);
    await cluster.settled();
  });

  test('who is no admin can look at all of it, and do none of it', async () => {
    const { primary } = await cast();
    const pid = pidOf(primary);
    const page = await open('Budi', 'member', { viewport: { width: 1440, height: 2_400 } });
    await page.getByText('You can watch. Making servers fail is for admins').first().waitFor();
    await choose(page, primary);
    await panel(page, primary).getByText('Fingerprint').waitFor();
    const tiles = await panel(page, primary).locator('.tile').all();
    expect(tiles.length).toBeGreaterThan(7);
    for (const one of tiles) expect(await one.getAttribute('aria-disabled')).toBe('true');
    await tile(page, 'kill').dispatchEvent('click');
    expect(await page.getByRole('button', { name: 'Send failing request' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Play', exact: true }).isDisabled()).toBe(true);
    // Nor past the page.
    const statuses = await page.evaluate(async (server: string) => {
      const ask = async (path: string, body: unknown) =>
        (
          await fetch(`/api/v1/cluster/${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).status;
      const actions = ['kill', 'pause', 'resume', 'restart', 'wipe', 'remove', 'cut-link', 'heal-link'];
      return Promise.all([
        ...actions.map((action) => ask('actions', { action, server })),
        ...['add', 'roll', 'step-down'].map((action) => ask('actions', { action })),
        ...['slow-link', 'slow-disk'].map((action) => ask('actions', { action, server, ms: 10 })),
        ask('requests', { fail: true }),
      ]);
    }, primary);
    expect(statuses).toEqual(Array.from({ length: 14 }, () => 403));
    expect(isAlive(pid)).toBe(true);
    await page.context().close();
  });

  test('on a phone: the map, a server from below, and one part at a time', async () => {
    const { backup } = await cast();
    const page = await open('Mei', 'admin', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    expect(await overflows(page)).toBe(false);
    await node(page, backup).tap();
    const sheet = page.getByRole('dialog', { name: `Details of ${backup}` });
    await sheet.getByText(`${backup} itself says so`).waitFor();
    const pid = pidOf(backup);
    await sheet.locator('.tile[data-action="kill"]').tap();
    await pidChanges(backup, pid);
    await sheet.getByRole('button', { name: 'Close' }).tap();
    await sheet.waitFor({ state: 'detached' });
    for (const part of ['Requests', 'Play a scenario', 'Servers and controls']) {
      await page.getByRole('button', { name: part, exact: true }).tap();
      await page.getByRole('region', { name: part, exact: true }).waitFor();
      expect([part, await overflows(page)]).toEqual([part, false]);
    }
    await page.context().close();
    await cluster.settled();
  });

  test('the servers as a table, with the same facts', async () => {
    const { primary } = await cast();
    const servers = admin.getByRole('region', { name: 'The servers' });
    await servers.getByRole('button', { name: 'Table', exact: true }).click();
    const row = servers.getByRole('row').filter({ has: admin.getByRole('button', { name: primary, exact: true }) });
    await row.getByText('Primary', { exact: true }).waitFor();
    await row.getByText(String(pidOf(primary)), { exact: true }).waitFor();
    await servers.getByRole('button', { name: 'Map', exact: true }).click();
    await looks(admin, primary, 'primary');
  });
});

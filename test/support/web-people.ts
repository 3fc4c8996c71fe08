/** People for browser tests: in a browser of their own, or only as a client that does what a test needs done. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Chat, connect } from '../../src/client/index.ts';

export const composer = (page: Page) => page.locator('[data-composer]');

/** Opens the web app at an address in a browser of its own, and joins as a new person. */
export const joinInBrowser = async (
  browser: Browser,
  address: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  // Beside the conversation, or alone on the screen.
  await page.locator('.room-link').first().waitFor();
  return page;
};

/** Joins as a new person through the API, and connects. */
export const joinByApi = async (address: string, name: string): Promise<{ chat: Chat; id: string; token: string }> => {
  const response = await fetch(`${address}/api/v1/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, returnToken: true }),
  });
  const joined = (await response.json()) as { readonly user?: { readonly id: string }; readonly token?: string };
  if (!joined.user || !joined.token) throw new Error(`${name} could not join: ${JSON.stringify(joined)}`);
  const chat = connect({ servers: [address], token: joined.token });
  await chat.ready();
  return { chat, id: joined.user.id, token: joined.token };
};

/** Joins many people at once, of whom nothing is heard again. */
export const joinMany = async (address: string, names: readonly string[]): Promise<void> => {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const response = await fetch(`${address}/api/v1/join`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, returnToken: true }),
      });
      if (!response.ok) throw new Error(`${name} could not join: ${await response.text()}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
};

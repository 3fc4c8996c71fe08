/** What axe finds fault with in a page as it is now, against the rules of WCAG 2.2 AA. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  // Passing nodes are not told: to describe them takes longer than to check them.
  resultTypes: ['violations'],
};

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Each fault with its impact and the elements that have it. The page has no frames of its own; axe would not look into them. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(source);
  const run = `axe.run(document, ${JSON.stringify(rules)}).then(({ violations }) =>
    violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) })))`;
  const violations = await page.evaluate<readonly Violation[]>(run);
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

/** Whether the document is larger than the screen: every page of the app has the screen's size, and parts that scroll. */
const overflows = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(`(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
    scrollWidth > clientWidth || scrollHeight > clientHeight)(document.documentElement)`);

/** @param screen what is shown, to be named when it is not faultless */
export const expectFaultless = async (page: Page, screen = 'the page'): Promise<void> => {
  expect({ screen, faults: await faultsOf(page), overflows: await overflows(page) }).toEqual({
    screen,
    faults: [],
    overflows: false,
  });
};

/**
 * Draws the app's icons from the logo: `node scripts/icons.ts`. What it makes is committed, so that nobody needs Chromium
 * to build. Needs Chromium; `CHROMIUM` says where, if not /usr/bin/chromium.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './tools.ts';

const folder = join(root, 'src/web/public/icons');
const logo = readFileSync(join(root, 'src/web/public/favicon.svg'), 'utf8');
const ground = '#13241e';

/** Name, pixels, and how much of the picture the logo takes. A mask may cut off all but the middle 80 %. */
const icons = [
  { name: 'icon-192', size: 192, share: 1, opaque: false },
  { name: 'icon-512', size: 512, share: 1, opaque: false },
  { name: 'maskable-192', size: 192, share: 0.8, opaque: true },
  { name: 'maskable-512', size: 512, share: 0.8, opaque: true },
  // iOS rounds the corners itself, and paints black behind what is not opaque.
  { name: 'apple-touch-icon', size: 180, share: 0.92, opaque: true },
] as const;

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  for (const { name, size, share, opaque } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const inner = Math.round(size * share);
    await page.setContent(
      `<style>html,body{margin:0;height:100%;background:${opaque ? ground : 'transparent'}}
        body{display:grid;place-items:center}svg{width:${inner}px;height:${inner}px;display:block}</style>${logo}`,
    );
    await page.screenshot({ path: join(folder, `${name}.png`), omitBackground: !opaque });
    await page.close();
  }
} finally {
  await browser.close();
}

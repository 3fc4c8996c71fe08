/** Where things of this package are, in a checkout as in an installed package. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
/** `src/cli` and `dist/cli` are as deep. */
const root = dirname(dirname(dirname(here)));

/** The version of this package. */
export const version = (): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
};

/** The built web app, or null when it was not built. */
export const webRoot = (): string | null => {
  const web = join(root, 'dist', 'web');
  return existsSync(join(web, 'index.html')) ? web : null;
};

/** How to start this command line in another process: program and first arguments. */
export const ownCommand = (): readonly [string, string] => [
  process.execPath,
  join(dirname(here), here.endsWith('.ts') ? 'main.ts' : 'main.js'),
];

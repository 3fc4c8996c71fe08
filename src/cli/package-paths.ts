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

/**
 * The young generation of a server's heap, in MiB: a quarter of what Node would give it. With that and one arena for
 * `malloc` a server takes a fifth less memory for the same throughput, and the kernel is done sooner with one that was
 * killed: only then do its locks and sockets end, and another can take over.
 */
const youngHeapMiB = 4;

/** How to start this command line in another process: program and first arguments. */
export const ownCommand = (): readonly [string, string] => [
  process.execPath,
  join(dirname(here), here.endsWith('.ts') ? 'main.ts' : 'main.js'),
];

/** How to start it as a server. The supervisor adds what belongs into the environment (`leanMalloc`). */
export const serverCommand = (): readonly [string, ...string[]] => {
  const [program, script] = ownCommand();
  return [program, `--max-semi-space-size=${youngHeapMiB}`, script];
};

/**
 * The part of the web app's build that makes it open without a server: says which files the app consists of and which
 * version they are together, to the service worker (`sw.js`), to the page (a `meta` element) and to whoever asks the
 * server (`version.json`). By hand: the usual plugin brings some 300 packages for these lines.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Files that are copied as they are, with their contents. */
const publicFiles = (folder: string): [string, Uint8Array][] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)];
    });

/** What the page asks for as soon as it runs: begun with the page itself, it does not wait for that. */
const wantedAtOnce = ['offline/device.ts', 'chat/chat-page.tsx'];

/** @param web the web app's folder */
export const appShell = (web: string): Plugin => ({
  name: 'app-shell',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: join(web, 'offline/service-worker.ts'), fileName: 'sw.js' });
  },
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const made = Object.values(bundle).map((one): [string, string | Uint8Array] => [
        one.fileName,
        one.type === 'chunk' ? one.code : one.source,
      ]);
      const files = [...made, ...publicFiles(join(web, 'public'))]
        .filter(([name]) => !name.endsWith('.map'))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const version = hashOf(files.map(([name, content]) => `${name} ${hashOf(content)}`).join('\n')).slice(0, 12);
      const shell = files
        .filter(([name]) => name !== 'sw.js')
        .map(([name]) => (name === 'index.html' ? '/' : `/${name}`));
      const [worker, page] = [bundle['sw.js'], bundle['index.html']];
      if (worker?.type !== 'chunk' || worker.imports.length > 0 || !worker.code.includes('__SHELL__')) {
        throw new Error('sw.js is not one file that waits for the list of the others');
      }
      if (page?.type !== 'asset' || !String(page.source).includes('<meta name="estafet-version" content=""')) {
        throw new Error('index.html has no place for the version');
      }
      const early = Object.values(bundle).filter(
        (one) => one.type === 'chunk' && wantedAtOnce.some((path) => one.facadeModuleId === join(web, path)),
      );
      const links = early.map(({ fileName }) => `<link rel="modulepreload" crossorigin href="/${fileName}" />`);
      worker.code = worker.code.replace('__SHELL__', () => JSON.stringify({ version, files: shell }));
      page.source = String(page.source)
        .replace('name="estafet-version" content=""', `name="estafet-version" content="${version}"`)
        .replace('</head>', () => `${links.join('')}</head>`);
      this.emitFile({ type: 'asset', fileName: 'version.json', source: JSON.stringify({ version }) });
    },
  },
});

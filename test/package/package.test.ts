/** What a person gets who installs Estafet from npm: packed, installed elsewhere as usual, and used. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFresh } from '../../scripts/freshness.ts';
import { root } from '../house/source.ts';
import { startTestCluster } from '../support/cluster.ts';
import { outsideEnv } from '../support/outside.ts';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');

let folder = '';
let packed: string[] = [];

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, [...args], {
    cwd: folder,
    env: outsideEnv,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const pinnedNode = (): string => join(folder, 'node_modules', '.bin', 'node');
const installed = (path: string): string => join(folder, 'node_modules', 'estafet', path);

beforeAll(() => {
  const built = ['dist/cli/main.js', 'dist/web/index.html'].map((path) => join(root, path));
  if (!built.every((path) => isFresh(path, [join(root, 'src')]))) {
    execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' });
  }
  folder = mkdtempSync(join(tmpdir(), 'estafet-package-'));
  // What `npm pack` builds first is built already.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [tarball] = JSON.parse(execFileSync('npm', pack, { cwd: root, env: outsideEnv, encoding: 'utf8' })) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = tarball.files.map(({ path }) => path);
  put('package.json', '{"name": "consumer", "private": true, "type": "module"}');
  run('npm', ['install', join(folder, tarball.filename)]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('has the command, the servers, the SDK with its types, and the web app', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        ...['bin/estafet.js', 'dist/cli/main.js', 'dist/cli/LICENSES.txt', 'dist/web/index.html', 'LICENSE'],
        ...['dist/client/index.js', 'dist/client/index.d.ts', 'dist/protocol/index.d.ts'],
      ]),
    );
  });

  test('asks a browser for less than 180 kB of JavaScript, compressed, before it can show the chat in English', () => {
    const assets = installed('dist/web/assets');
    const needed = new Map<string, number>();
    const need = (name: string): void => {
      if (needed.has(name)) return;
      const code = readFileSync(join(assets, name), 'utf8');
      needed.set(name, gzipSync(code).length);
      for (const [, other] of code.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g)) need(other!);
    };
    const page = readFileSync(installed('dist/web/index.html'), 'utf8');
    for (const [, name] of page.matchAll(/\/assets\/([^"]+\.js)"/g)) need(name!);
    for (const start of ['chat-page-', 'en-']) need(readdirSync(assets).find((name) => name.startsWith(start))!);
    const bytes = [...needed.values()].reduce((sum, one) => sum + one, 0);
    expect(bytes, JSON.stringify(Object.fromEntries(needed))).toBeLessThan(180_000);
    expect(bytes).toBeGreaterThan(100_000);
  });

  test('has no sources and no tests', () => {
    expect(packed.filter((path) => /^(src|test|scripts)\/|\.test\.|\.tsx$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  test('imports no package that it does not bring, and the command line and the servers none at all', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
    const brought = Object.keys(dependencies);
    const imports = packed
      .filter((path) => /^dist\/(?!web\/).*\.js$/.test(path))
      .flatMap((path) =>
        [
          ...readFileSync(installed(path), 'utf8').matchAll(/^(?:import|export|\}).*?\bfrom ?["']([^"']+)["'];?$/gm),
        ].map(([, name]) => ({ name: name!, path })),
      )
      .filter(({ name }) => !/^(?:node:|\.\.?\/)/.test(name));
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter(({ name, path }) => path.startsWith('dist/cli/') || !brought.includes(name))).toEqual([]);
  });

  test('has the version it says', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(run('npx', ['--no-install', 'estafet', '--version'])).toBe(`${version}\n`);
  });

  test('says in a sentence what is wrong with a command', () => {
    const { status, stderr } = spawnSync('npx', ['--no-install', 'estafet', 'up', '--servers', 'many'], {
      cwd: folder,
      env: outsideEnv,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([64, expect.stringContaining('--servers')]);
  });

  test('has types that hold for a strict consumer', () => {
    put(
      'consumer.ts',
      [
        "import { type Chat, connect, EstafetError } from 'estafet/client';",
        "const chat: Chat = connect({ servers: ['http://localhost:8080'], token: 't' });",
        "const off: () => void = chat.room('general').on('message', (message) => { const text: string = message.text; void text; });",
        "const sent: Promise<{ readonly id: string; readonly index: number }> = chat.room('general').send('hello');",
        'sent.catch((error: unknown) => { if (error instanceof EstafetError) { const code: string = error.code; void code; } });',
        '// @ts-expect-error a message is text',
        "void chat.room('general').send(42);",
        'off();',
        '',
      ].join('\n'),
    );
    const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    for (const resolution of [
      ['--module', 'nodenext'],
      ['--module', 'esnext', '--moduleResolution', 'bundler', '--customConditions', 'development'],
    ]) {
      const args = [
        tsc,
        ...strict,
        ...resolution,
        '--target',
        'es2024',
        '--lib',
        'es2024,dom',
        '--types',
        '',
        'consumer.ts',
      ];
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, env: outsideEnv, encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, '']);
    }
  });

  test('runs a cluster, shows the web app, and takes a message from its own SDK', async () => {
    await using cluster = await startTestCluster({ command: [pinnedNode(), installed('bin/estafet.js')] });
    expect(cluster.servers).toHaveLength(3);

    const page = await fetch(cluster.front);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const script = /<script[^>]*\ssrc="([^"]+)"/.exec(await page.text())?.[1];
    const asset = await fetch(new URL(script!, `${cluster.front}/`));
    expect([asset.status, asset.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);

    put(
      'consumer.mjs',
      [
        "import { connect } from 'estafet/client';",
        'const [server, token] = process.argv.slice(2);',
        'const chat = connect({ servers: [server], token });',
        "const { index } = await chat.room('general').send('from an installed package');",
        // Another server may answer than the one that has confirmed, and be a moment behind it.
        'let messages = [];',
        "while (messages.length === 0) ({ messages } = await chat.room('general').history());",
        'console.log(JSON.stringify({ index, texts: messages.map(({ text }) => text) }));',
        'chat.close();',
      ].join('\n'),
    );
    const said = run(pinnedNode(), ['consumer.mjs', cluster.front, await cluster.token('Packaged')]);
    expect(JSON.parse(said)).toEqual({ index: expect.any(Number), texts: ['from an installed package'] });
  });
});

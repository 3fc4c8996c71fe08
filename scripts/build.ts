/**
 * `npm run build`: makes `dist/` anew: the SDK with its types, the command line with the servers, and the web app. Whether
 * the types are right is `npm run typecheck`'s to say; it is not asked again here.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleServers } from './bundle.ts';
import { root, runTool } from './tools.ts';

const fail = (sentence: string): never => {
  process.stderr.write(`build: ${sentence}\n`);
  process.exit(1);
};

/** TypeScript rewrites `./x.ts` to `./x.js` in the JavaScript it makes, but not in the declarations. */
const rewriteDeclarations = (folder: string): void => {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.d.ts')) continue;
    const path = join(folder, entry);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/((?:from |import\(|import )(['"])\.[^'"\n]*)\.tsx?\2/g, '$1.js$2'));
  }
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
if (runTool('tsc', ['-p', 'tsconfig.build.json']) !== 0)
  fail('TypeScript found the errors above; dist/ is not complete.');
rewriteDeclarations(join(root, 'dist'));
try {
  await bundleServers();
} catch (error) {
  fail(`the servers did not bundle; dist/ is not complete. ${error instanceof Error ? error.message : String(error)}`);
}
if (runTool('vite', ['build', '--logLevel', 'warn']) !== 0) fail('the web app did not build; dist/ is not complete.');

for (const made of ['cli/main.js', 'client/index.js', 'client/index.d.ts', 'web/index.html']) {
  if (!existsSync(join(root, 'dist', made))) fail(`dist/${made} was not made; dist/ is not complete.`);
}

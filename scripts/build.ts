/** `npm run build`: makes `dist/` anew: the servers, the command line and the SDK with their types, and the web app. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, runTool } from './tools.ts';

const fail = (sentence: string): never => {
  process.stderr.write(`build: ${sentence}\n`);
  process.exit(1);
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
if (runTool('tsc', ['-p', 'tsconfig.build.json']) !== 0)
  fail('TypeScript found the errors above; dist/ is not complete.');
if (runTool('vite', ['build', '--logLevel', 'warn']) !== 0) fail('the web app did not build; dist/ is not complete.');

for (const made of ['cli/main.js', 'client/index.js', 'client/index.d.ts', 'web/index.html']) {
  if (!existsSync(join(root, 'dist', made))) fail(`dist/${made} was not made; dist/ is not complete.`);
}

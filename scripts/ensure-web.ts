/** Before `npm start`: builds the web app if it is missing or older than its sources; otherwise costs next to nothing. */
import { join } from 'node:path';
import { isFresh } from './freshness.ts';
import { root, runTool } from './tools.ts';

const sources = ['src/web', 'src/client', 'src/lab', 'src/protocol', 'vite.config.ts', 'package-lock.json'];

if (
  !isFresh(
    join(root, 'dist/web/index.html'),
    sources.map((source) => join(root, source)),
  )
) {
  process.stderr.write('Building the web app, once…\n');
  if (runTool('vite', ['build', '--logLevel', 'warn']) !== 0) {
    process.stderr.write('The web app did not build: see above.\n');
    process.exit(1);
  }
}

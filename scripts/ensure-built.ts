/**
 * Before `npm start`: builds what is missing or older than its sources, the servers and the web app, or only what is
 * named (`cli`, `web`). Otherwise it costs next to nothing.
 */
import { join } from 'node:path';
import { bundleServers } from './bundle.ts';
import { isFresh } from './freshness.ts';
import { root, runTool } from './tools.ts';

const shared = ['src/client', 'src/lab', 'src/protocol', 'package-lock.json'];

const parts = {
  cli: {
    name: 'the servers',
    built: 'dist/cli/main.js',
    sources: [
      ...shared,
      'src/chat',
      'src/cli',
      'src/cluster',
      'src/files',
      'src/log',
      'src/server',
      'scripts/bundle.ts',
    ],
    build: bundleServers,
  },
  web: {
    name: 'the web app',
    built: 'dist/web/index.html',
    sources: [...shared, 'src/web', 'vite.config.ts'],
    build: async () => {
      if (runTool('vite', ['build', '--logLevel', 'warn']) !== 0) throw new Error('see above');
    },
  },
};

const named = process.argv.slice(2);
for (const [part, { name, built, sources, build }] of Object.entries(parts)) {
  if (named.length > 0 && !named.includes(part)) continue;
  if (
    isFresh(
      join(root, built),
      sources.map((source) => join(root, source)),
    )
  ) {
    continue;
  }
  process.stderr.write(`Building ${name}, once…\n`);
  try {
    await build();
  } catch (error) {
    process.stderr.write(`Building ${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

import { defineConfig } from 'vitest/config';

/**
 * A project a kind of test: `unit` beside the code, the others under `test/`, slower and on real processes. The times
 * are for a machine many times slower than the one a test was written on: they end what hangs, and judge no speed. Each
 * is longer than what a test waits for inside it, so that the wait's own words are read.
 */
const project = (name: string, include: string[], testTimeout: number, retry = 0) => ({
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    retry,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks' as const,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/house/*.test.ts'], 90_000),
      project('security', ['test/security/**/*.test.ts'], 60_000),
      project('cluster', ['test/cluster/**/*.test.ts'], 180_000),
      project('disk', ['test/disk/**/*.test.ts'], 300_000),
      // A browser on a machine that does other work may miss a moment; what is lost or doubled is for the others to find.
      project('e2e', ['test/e2e/**/*.test.ts'], 180_000, 1),
      project('package', ['test/package/**/*.test.ts'], 240_000),
    ],
  },
});

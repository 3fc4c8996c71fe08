import { defineConfig } from 'vitest/config';

/** A project a kind of test: `unit` beside the code, the others under `test/`, slower and on real processes. */
const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/house/*.test.ts'], 20_000),
      project('security', ['test/security/**/*.test.ts'], 60_000),
      project('cluster', ['test/cluster/**/*.test.ts'], 180_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 180_000),
      project('package', ['test/package/**/*.test.ts'], 240_000),
    ],
  },
});

/**
 * `npm test`: everything that must hold, and nothing that may be skipped. Debian's tools, then lint, types and build,
 * each counting as one check, then every test of every vitest project. The last line is `N passed, N failed`; the exit
 * code is 0 only when nothing failed. A skipped test, a test file that does not load and a vitest that crashes are failures.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskTools, ensureDebianTools } from './debian-tools.ts';
import { root, runScript, runTool, runToolFor } from './tools.ts';
import { type Totals, totalsOf } from './vitest-totals.ts';

/** Programs outside npm that tests use, and the Debian package that has each. */
const debianTools = { chromium: 'chromium', ...diskTools };

interface Project {
  readonly name: string;
  /** Which of its files, as vitest's arguments; all of them unless told. */
  readonly files?: readonly string[];
  /** How many files of it may run at once. */
  readonly workers: number;
  /** Ends what hangs, on a machine many times slower than usual; it judges no speed. */
  readonly limitMs: number;
}

const unit: Project = { name: 'unit', workers: 2, limitMs: 600_000 };
/** Browser tests that are run in the other lane, so that both take about as long. */
const lighter = ['everyday', 'failover', 'new-version', 'people', 'sdk', 'search'].map(
  (name) => `test/e2e/${name}.test.ts`,
);
const browsers = { name: 'e2e', workers: 1, limitMs: 2_400_000 };
/** What follows starts servers and browsers, which wait for one another much of the time: two lanes beside each other. */
const lanes: readonly (readonly Project[])[] = [
  [
    { name: 'security', workers: 1, limitMs: 300_000 },
    { name: 'cluster', workers: 1, limitMs: 1_800_000 },
    { name: 'disk', workers: 1, limitMs: 900_000 },
    { name: 'package', workers: 1, limitMs: 400_000 },
    { ...browsers, files: lighter },
  ],
  [{ ...browsers, files: lighter.map((file) => `--exclude=${file}`) }],
];

let runs = 0;
let passed = 0;
let failed = 0;
const lines: string[] = [];

const count = (what: string, totals: Totals): void => {
  passed += totals.passed;
  failed += totals.failed;
  lines.push(`${totals.failed === 0 ? 'ok    ' : 'FAILED'} ${what}: ${totals.passed} passed, ${totals.failed} failed`);
  for (const trouble of totals.troubles) lines.push(`         ${trouble}`);
};

const check = (what: string, holds: () => boolean): void => {
  process.stdout.write(`\n── ${what}\n`);
  const ok = holds();
  count(what, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, troubles: [] });
};

const finish = (): never => {
  process.stdout.write(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed\n`);
  process.exit(failed === 0 ? 0 : 1);
};

process.chdir(root);
const missing = ensureDebianTools(debianTools);
if (missing !== null) {
  process.stdout.write(`${missing}\n`);
  count('tools', { passed: 0, failed: 1, troubles: [missing] });
  finish();
}

check('lint', () => runTool('biome', ['check', '--error-on-warnings', '.']) === 0);
check(
  'typecheck',
  () =>
    runTool('tsc', ['--noEmit', '-p', 'tsconfig.json']) === 0 &&
    runTool('tsc', ['--noEmit', '-p', 'tsconfig.web.json']) === 0,
);
check('build', () => runScript('scripts/build.ts') === 0);

const reports = mkdtempSync(join(tmpdir(), 'estafet-test-'));

const runProject = async ({ name, files = [], workers, limitMs }: Project): Promise<void> => {
  process.stdout.write(`\n── tests: ${name}\n`);
  const report = join(reports, `${name}-${++runs}.json`);
  const exitCode = await runToolFor(limitMs, 'vitest', [
    'run',
    `--project=${name}`,
    `--maxWorkers=${workers}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...files,
  ]);
  let written: string | null = null;
  try {
    written = readFileSync(report, 'utf8');
  } catch {
    // `totalsOf` says that there is none.
  }
  count(`tests: ${name}`, totalsOf(written, exitCode));
};

try {
  await runProject(unit);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const project of lane) await runProject(project);
    }),
  );
} finally {
  rmSync(reports, { recursive: true, force: true });
}
finish();

/** What a run of vitest came to, read strictly from its JSON report: what did not certainly pass has failed. */

/** `troubles` are sentences about what failed, and why, for the summary: a log cut to its end still says it. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly troubles: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Where a stack begins in what a test failed with. */
const stackStart = /\n\s+at /;
const reasonMaxLength = 1_500;

/** What an attempt failed with, on one line and without its stack: often the screen that was there instead. */
const reasonOf = (failure: string): string =>
  failure
    .split(stackStart)[0]!
    .replaceAll(/\s*\n\s*/g, ' / ')
    .slice(0, reasonMaxLength);

/**
 * @param report the text of the JSON report, or null when vitest wrote none
 * @param exitCode vitest's exit code, or null when it was killed
 */
export const totalsOf = (report: string | null, exitCode: number | null): Totals => {
  let results: Report['testResults'];
  try {
    results = (JSON.parse(report ?? '') as Report).testResults;
  } catch {
    return { passed: 0, failed: 1, troubles: ['vitest ended without a report'] };
  }
  let passed = 0;
  let failed = 0;
  const troubles: string[] = [];
  for (const file of results) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else failed++;
      if (test.status === 'passed') continue;
      troubles.push([`${test.status}: ${test.fullName}`, ...(test.failureMessages ?? []).map(reasonOf)].join(' — '));
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      failed++;
      troubles.push(`did not run as a whole: ${file.name}`);
    }
  }
  if (passed + failed === 0) return { passed: 0, failed: 1, troubles: ['no test was found'] };
  if (exitCode !== 0 && failed === 0) {
    failed++;
    troubles.push(exitCode === null ? 'vitest was killed' : `vitest ended with ${exitCode} although no test failed`);
  }
  return { passed, failed, troubles };
};

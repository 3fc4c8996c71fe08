import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isFresh } from '../../scripts/freshness.ts';
import { totalsOf } from '../../scripts/vitest-totals.ts';
import { root } from './source.ts';

describe('the totals of a test run', () => {
  const report = (...files: { status: string; tests: string[] }[]): string =>
    JSON.stringify({
      testResults: files.map(({ status, tests }, at) => ({
        name: `file ${at}`,
        status,
        assertionResults: tests.map((one) => ({ status: one, fullName: one })),
      })),
    });
  const counts = (text: string | null, exitCode: number | null): [number, number] => {
    const { passed, failed } = totalsOf(text, exitCode);
    return [passed, failed];
  };

  test('count every test', () => {
    expect(counts(report({ status: 'passed', tests: ['passed', 'passed'] }), 0)).toEqual([2, 0]);
    expect(counts(report({ status: 'failed', tests: ['passed', 'failed'] }), 1)).toEqual([1, 1]);
  });

  test('a test that was skipped or left for later has failed', () => {
    expect(counts(report({ status: 'passed', tests: ['passed', 'skipped', 'todo', 'pending'] }), 0)).toEqual([1, 3]);
  });

  test('say which test failed, and why, in one line', () => {
    const failed = {
      status: 'failed',
      fullName: 'keeps its word',
      failureMessages: ['Error: it did not\n  at line 1'],
    };
    const text = JSON.stringify({ testResults: [{ name: 'file', status: 'failed', assertionResults: [failed] }] });
    expect(totalsOf(text, 1).troubles).toEqual(['failed: keeps its word — Error: it did not']);
  });

  test('a file that did not load, or failed outside its tests, has failed', () => {
    expect(counts(report({ status: 'failed', tests: [] }), 1)).toEqual([0, 1]);
    expect(counts(report({ status: 'failed', tests: ['passed'] }), 1)).toEqual([1, 1]);
  });

  test('a run that crashed, was killed, found nothing or ended badly has failed', () => {
    expect(counts(null, 1)).toEqual([0, 1]);
    expect(counts(null, 0)).toEqual([0, 1]);
    expect(counts('{"testRes', 0)).toEqual([0, 1]);
    expect(counts(report(), 0)).toEqual([0, 1]);
    expect(counts(report({ status: 'passed', tests: ['passed'] }), null)).toEqual([1, 1]);
    expect(counts(report({ status: 'passed', tests: ['passed'] }), 1)).toEqual([1, 1]);
  });
});

describe('freshness', () => {
  let folder = '';
  const put = (name: string, second: number): string => {
    const path = join(folder, name);
    writeFileSync(path, name);
    utimesSync(path, second, second);
    return path;
  };
  const age = (second: number): void => utimesSync(join(folder, 'src'), second, second);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-fresh-'));
    mkdirSync(join(folder, 'src'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('what was built after all its sources is fresh; sources that do not exist do not matter', () => {
    put('src/a', 10);
    age(10);
    expect(isFresh(put('built', 11), [join(folder, 'src'), join(folder, 'none')])).toBe(true);
  });

  test('what is missing, or older than a source deep in a folder, or than a removal, is not', () => {
    put('src/a', 10);
    age(10);
    expect(isFresh(join(folder, 'built'), [join(folder, 'src')])).toBe(false);
    const built = put('built', 11);
    put('src/a', 12);
    age(10);
    expect(isFresh(built, [join(folder, 'src')])).toBe(false);
    put('src/a', 10);
    age(12);
    expect(isFresh(built, [join(folder, 'src')])).toBe(false);
  });
});

test('.ci/run says that it failed, on its last line, when not even the packages can be installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-ci-'));
  try {
    // A package without a lock file: `npm ci` refuses it.
    writeFileSync(join(folder, 'package.json'), '{}');
    cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true });
    const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the shim that starts Estafet has nothing that an old Node cannot read', () => {
  const text = readFileSync(join(root, 'bin/estafet.js'), 'utf8');
  expect(text).not.toMatch(/\?\.[a-z([]|\?\?|^await |\bat\(-|#[a-z]+ ?[(=;]|\bimport .* with \{/m);
});

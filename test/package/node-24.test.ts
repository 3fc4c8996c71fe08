/**
 * Another Node than the one that the project is pinned to: the golden logs come to the same on the oldest one that may
 * run Estafet as on ours, although it brings another SQLite and another version of Unicode. It is installed for the test,
 * so that nobody who only wants to start Estafet has to fetch it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Expected, expectedPath } from '../golden/golden-log.ts';
import { root } from '../house/source.ts';
import { outsideEnv } from '../support/outside.ts';

const version = '24.9.0';
const expected = JSON.parse(readFileSync(expectedPath, 'utf8')) as Expected;

let folder = '';
const node24 = (): string => join(folder, 'node_modules', '.bin', 'node');
const ask = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: root, env: outsideEnv, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const comesTo = (program: string): Expected => {
  const { logs, names } = JSON.parse(ask(program, 'test/golden/replay.ts', '--names')) as Expected;
  return { logs, names };
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-node-'));
  writeFileSync(join(folder, 'package.json'), '{"private": true, "allowScripts": {"node": true}}');
  execFileSync('npm', ['install', `node@${version}`], {
    cwd: folder,
    env: outsideEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('R14 R20 the golden logs, and the nature of every character in names', () => {
  test(`are the same on Node ${version}`, () => {
    expect(ask(node24(), '--version').trim()).toBe(`v${version}`);
    expect(comesTo(node24())).toEqual(expected);
  });

  test('are the same on the pinned Node, whose SQLite and Unicode are others', () => {
    const its = (program: string): string[] =>
      ask(program, '-p', 'process.versions.sqlite + " " + process.versions.unicode').trim().split(' ');
    const [ours, theirs] = [its(process.execPath), its(node24())];
    expect(ours[0]).not.toBe(theirs[0]);
    expect(ours[1]).not.toBe(theirs[1]);
    expect(comesTo(process.execPath)).toEqual(expected);
  });
});

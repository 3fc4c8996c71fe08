import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesUnder, isTypeScript, root } from './source.ts';

const spec = readFileSync(join(root, 'SPEC.md'), 'utf8');
const section = (title: string): string => spec.split(/^## /m).find((part) => part.startsWith(title)) ?? '';
const rulesIn = (text: string): string[] => [...text.matchAll(/\b[PR]\d+\b/g)].map(([rule]) => rule);

const rules = new Set(
  [...section('Promises').matchAll(/\*\*(P\d+)/g), ...section('Rules').matchAll(/\*\*(R\d+)\*\*/g)].map(
    (match) => match[1]!,
  ),
);
const gaps = new Set([...section('Gaps').matchAll(/^- \*\*(R\d+)\*\*/gm)].map((match) => match[1]!));
const titles = [...filesUnder('src', isTypeScript), ...filesUnder('test', isTypeScript)].flatMap(({ text }) =>
  [...text.matchAll(/\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*['`]([^'`]*)/g)].map((match) => match[1]!),
);
/** "R1 to R17" speaks of all between. */
const rulesNamed = titles.flatMap((title) => {
  const span = /\bR(\d+) to R(\d+)\b/.exec(title);
  if (span === null) return rulesIn(title);
  const [from, to] = [Number(span[1]), Number(span[2])];
  return Array.from({ length: to - from + 1 }, (_, at) => `R${from + at}`);
});

describe('SPEC.md', () => {
  test('names twenty-two rules and five promises', () => {
    expect(rules.size).toBe(27);
  });

  test('every rule is named by a test of its own, or is a gap that is admitted', () => {
    const own = new Set(titles.filter((title) => !/\bR\d+ to R\d+\b/.test(title)).flatMap(rulesIn));
    const held = (rule: string) => own.has(rule) || gaps.has(rule) || rule === 'P5';
    expect([...rules].filter((rule) => !held(rule))).toEqual([]);
  });

  test('every rule that a test names is there', () => {
    expect(rulesNamed.filter((rule) => !rules.has(rule))).toEqual([]);
  });

  test('every rule has a line in the table of tests, or is a gap', () => {
    const tabled = new Set(rulesIn(section('Which test')));
    expect([...rules].filter((rule) => !tabled.has(rule) && !gaps.has(rule) && rule !== 'P5')).toEqual([]);
  });

  test('every file that the table names is there', () => {
    const named = [...section('Which test').matchAll(/`((?:src|test)\/[^`]+\.ts)`/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(5);
    const known = new Set(
      [...filesUnder('src', isTypeScript), ...filesUnder('test', isTypeScript)].map(({ path }) => path),
    );
    expect(named.filter((path) => !known.has(path))).toEqual([]);
  });
});

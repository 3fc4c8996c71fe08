import { describe, expect, it } from 'vitest';
import { EstafetError } from '../../protocol/index.ts';
import { parseQuery } from './query.ts';

const dayStart = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);
const parse = (text: string) => parseQuery(text, dayStart);
const conditions = (text: string) => parse(text).conditions.map(({ source: _, ...rest }) => rest);
const words = (tokens: string[], begins = false, not = false) => ({ kind: 'words', tokens, begins, not });

const complaintAbout = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof EstafetError && error.code === 'bad-query') return error.message;
  }
  return 'none';
};

describe('a query', () => {
  it('is of words, the last of them begun; of phrases; and of what is left out', () => {
    expect(conditions('Hello "big World" -not -"at all" wor')).toEqual([
      words(['hello']),
      words(['big', 'world']),
      words(['not'], false, true),
      words(['at', 'all'], false, true),
      words(['wor'], true),
    ]);
    expect(conditions("don't in:general")[0]).toEqual(words(['don', 't'], true));
    expect(conditions('"unfinished phra')).toEqual([words(['unfinished', 'phra'])]);
  });

  it('has conditions, by name', () => {
    expect(conditions('from:ann From:"Ann Lee" -in:#plans to:me has:Files in:@bo')).toEqual([
      { kind: 'from', name: 'ann', not: false },
      { kind: 'from', name: 'Ann Lee', not: false },
      { kind: 'in', name: '#plans', not: true },
      { kind: 'to', name: 'me', not: false },
      { kind: 'has', trait: 'file', not: false },
      { kind: 'in', name: '@bo', not: false },
    ]);
  });

  it.each([
    ['after:2026-03-31', Date.UTC(2026, 2, 31), null],
    ['before:2026-03', null, Date.UTC(2026, 2, 1)],
    ['on:2026-12-31', Date.UTC(2026, 11, 31), Date.UTC(2027, 0, 1)],
    ['on:2026-02', Date.UTC(2026, 1, 1), Date.UTC(2026, 2, 1)],
    ['on:2024-2-29', Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1)],
    ['on:2026', Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)],
    ['after:2026 after:2025 before:2027', Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)],
  ])('%s bounds the time', (text, fromMs, untilMs) => {
    expect(parse(text)).toEqual({ conditions: [], fromMs, untilMs });
  });

  it('takes what only looks like a condition for words', () => {
    expect(conditions('http://example.org/a note:x std::vector 10:30')).toEqual([
      words(['http', 'example', 'org', 'a']),
      words(['note', 'x']),
      words(['std', 'vector']),
      words(['10', '30'], true),
    ]);
    expect(conditions('- hello :) --x AND OR NOT( * ^ {text}:')).toEqual([
      words(['hello']),
      words(['x'], false, true),
      words(['and']),
      words(['or']),
      words(['not']),
      words(['text'], true),
    ]);
  });

  it.each([
    ['', 'A search needs a word'],
    [' :) ', ':): there are no words'],
    ['has:legs', 'has:legs: '],
    ['tea has:', 'has:: '],
    ['has:__proto__', 'has:__proto__: '],
    ['from: ann', 'from:: '],
    ['-in:', '-in:: '],
    ['before:tomorrow', 'before:tomorrow: a date is'],
    ['on:2026-02-30', 'on:2026-02-30: a date is'],
    ['on:2026-13', 'on:2026-13: a date is'],
    ['-after:2026', '-after:2026: '],
    ['x'.repeat(201), 'at most 200 characters'],
  ])('%j is refused, and the part named', (text, complaint) => {
    expect(complaintAbout(text)).toContain(complaint);
  });
});

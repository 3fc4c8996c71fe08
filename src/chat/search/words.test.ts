import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { canBegin, tokensOf, wordsOf } from './words.ts';

const tokens = (text: string): string[] => wordsOf(text).map(({ token }) => token);

describe('the words of a text', () => {
  it.each([
    ['case and width', 'Hello ＷＯＲＬＤ', ['hello', 'world']],
    ['accents, composed or not', 'São Joa\u0303o É\u0301 Zoë', ['sao', 'joao', 'e', 'zoe']],
    ['letters with a long capital', 'Straße STRASSE', ['strasse', 'strasse']],
    ['the end of a Greek word', 'ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['invisible marks', 'soft\u00adhyphen zero\u200bwidth', ['softhyphen', 'zerowidth']],
    ['how an emoji is painted', '👍🏽 👍 ❤️ ❤', ['👍', '👍', '❤', '❤']],
  ])('do not differ by %s', (_what, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it('part where there is neither a letter nor a digit', () => {
    expect(tokens("don't snake_case a+b 3.14 ½ x@y.org")).toEqual([
      'don',
      't',
      'snake',
      'case',
      'a',
      'b',
      '3',
      '14',
      '1',
      '2',
      'x',
      'y',
      'org',
    ]);
    expect(tokens('\u0000 \ud800 — …')).toEqual([]);
  });

  it('are single letters where words are written without spaces, and keep their marks elsewhere', () => {
    expect(tokens('日本語のPDF')).toEqual(['日', '本', '語', 'の', 'pdf']);
    expect(tokens('हिन्दी 한국어')).toEqual(['हिन्दी', '한국어']);
    expect(tokens('a👨‍👩‍👧b🇧🇷')).toEqual(['a', '👨‍👩‍👧', 'b', '🇧🇷']);
  });

  it('stand where they were written, in UTF-16 units', () => {
    const text = '🎉 Über—ﬁsh 日本';
    expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['🎉', 'Über', 'ﬁsh', '日', '本']);
  });

  it('of endless length are cut', () => {
    expect(tokens('x'.repeat(8_000))).toEqual(['x'.repeat(64)]);
    expect(tokens(`é${'𝒳'.repeat(500)}`)[0]).toHaveLength(64);
  });

  it('are what the index has, word for word', () => {
    const db = new DatabaseSync(':memory:');
    db.exec("CREATE VIRTUAL TABLE t USING fts5(x, content = '', tokenize = 'ascii')");
    db.exec("CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance')");
    const text = 'Olá ½ ＷＯＲＬＤ 日本語 👍🏽 हिन्दी ﷺ Ǆ ŉ ΐ İstanbul ıi 👨‍👩‍👧 ﬃ ªº №5 \u{e000}x \u{f0001}';
    db.prepare('INSERT INTO t (rowid, x) VALUES (1, ?)').run(tokensOf(text));
    const stored = db.prepare('SELECT term FROM v ORDER BY offset').all();
    expect(stored.map(({ term }) => term)).toEqual(tokens(text));
    db.close();
  });

  it('begin others only when they are of letters that are written together', () => {
    expect(['hel', '3', 'ol', 'हि', '日', '🎉'].map(canBegin)).toEqual([true, true, true, true, false, false]);
  });
});

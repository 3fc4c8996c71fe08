import { describe, expect, test } from 'vitest';
import { hasFilter, piecesOf, queryOf, withFilter } from './search-query.ts';

describe('a search', () => {
  test('of the open room names that room, unless the text names another', () => {
    expect(queryOf(' tea ', 'kitchen')).toBe('tea in:kitchen');
    expect(queryOf('tea in:garden', 'kitchen')).toBe('tea in:garden');
    expect(queryOf('tea', null)).toBe('tea');
    expect(queryOf('  ', 'kitchen')).toBe('');
  });

  test('takes conditions at its end, one of a kind, in quotes where they have spaces', () => {
    expect(withFilter('tea', 'from', 'Ana Maria')).toBe('tea from:"Ana Maria"');
    expect(withFilter('tea from:"Ana Maria" hot', 'from', 'Bo')).toBe('tea from:Bo hot');
    expect(withFilter('', 'has', 'file')).toBe('has:file');
    expect(hasFilter('begin:x', 'in')).toBe(false);
    expect(hasFilter('IN:x', 'in')).toBe(true);
  });
});

describe('the text of a hit', () => {
  const joined = (text: string, ranges: [number, number][]) =>
    piecesOf(text, ranges)
      .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
      .join('');

  test('has its words marked', () => {
    expect(
      joined('green tea, black tea', [
        [6, 9],
        [17, 20],
      ]),
    ).toBe('green [tea], black [tea]');
    expect(joined('tea', [[0, 3]])).toBe('[tea]');
    expect(joined('a file only', [])).toBe('a file only');
  });

  test('begins near its first word when it is long, and says that it goes on', () => {
    const text = `${'word '.repeat(100)}needle${' word'.repeat(100)}`;
    const shown = joined(text, [[500, 506]]);
    expect(shown).toMatch(/^…(?:word )+\[needle\]( word)+.*…$/);
    expect(shown.length).toBeLessThan(260);
  });

  test('is whole where a word is longer than what is shown', () => {
    const text = 'x'.repeat(400);
    expect(joined(text, [[0, 400]])).toBe(`[${text}]`);
  });
});

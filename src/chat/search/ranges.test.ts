import { expect, it } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { parseQuery } from './query.ts';
import { rangesIn } from './ranges.ts';

const shown = (text: string, query: string): string[] =>
  rangesIn(text, parseQuery(query, Date.UTC)).map(([from, to]) => text.slice(from, to));

it.each([
  ['words wherever they stand', 'Tea, tea and TEAPOTS', 'tea', ['Tea', 'tea', 'TEAPOTS']],
  ['only whole words before the last', 'teapot tea', 'tea tea', ['teapot', 'tea']],
  ['only whole words in phrases', 'green teapot green tea', '"green tea"', ['green tea']],
  ['a phrase as one, with what stands between', 'a “green” (tea) cup', '"green tea"', ['green” (tea']],
  ['words that overlap as one', 'one two three', '"one two" "two three"', ['one two three']],
  ['words behind an emoji where they are', '🎉🎉 São Paulo', 'sao', ['São']],
  ['nothing of what is left out, or is a condition', 'tea from ann', '-coffee from:ann tea', ['tea']],
  ['parts of what is written without spaces', '私は日本語を話す', '日本', ['日本']],
])('shows %s', (_what, text, query, expected) => {
  expect(shown(text, query)).toEqual(expected);
});

it('shows the first places only, of a word that a text and a search consist of', () => {
  const [query, text] = ['tea '.repeat(50), 'tea '.repeat(2_000)];
  const ranges = rangesIn(text, parseQuery(query, Date.UTC));
  expect(ranges).toHaveLength(limits.searchRangesMax);
  expect(ranges.slice(0, 2)).toEqual([
    [0, 3],
    [4, 7],
  ]);
});

it('does not look for each word at each place: that would be time for all others to wait', () => {
  let looks = 0;
  const counted = (tokens: string[]): string[] =>
    new Proxy(tokens, {
      get: (target, key, self) => {
        looks++;
        return Reflect.get(target, key, self);
      },
    });
  const conditions = Array.from({ length: 100 }, (_, n) => {
    return { kind: 'words', tokens: counted([`tea${n % 50}`]), begins: false, not: false, source: '' } as const;
  });
  expect(rangesIn('coffee '.repeat(1_000), { conditions, fromMs: null, untilMs: null })).toEqual([]);
  expect(looks).toBeLessThan(3_000);
});

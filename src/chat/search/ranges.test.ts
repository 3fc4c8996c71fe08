import { expect, it } from 'vitest';
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

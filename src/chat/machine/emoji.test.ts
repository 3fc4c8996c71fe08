import { expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { emojiOf } from './emoji.ts';

test.each([
  ['👍', '👍'],
  ['👍\ufe0f', '👍'],
  ['👍🏽', '👍🏽'],
  ['❤', '❤️'],
  ['❤️', '❤️'],
  ['☺', '☺️'],
  ['✌🏿', '✌🏿'],
  ['1⃣', '1️⃣'],
  ['#️⃣', '#️⃣'],
  ['🇧🇷', '🇧🇷'],
  ['👩‍🚀', '👩‍🚀'],
  ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
  ['🕵‍♂', '🕵️‍♂️'],
  ['🕵🏽‍♂️', '🕵🏽‍♂️'],
  ['🏳‍🌈', '🏳️‍🌈'],
  ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  // Of Unicode 16, and of later versions that some servers do not know yet.
  ['🫩', '🫩'],
  ['\u{1faea}', '\u{1faea}'],
])('%s is one emoji, written %s', (given, written) => {
  expect(emojiOf(given)).toBe(written);
});

test.each([
  ...[
    '',
    ' ',
    'x',
    '1',
    '#',
    ':+1:',
    '👍👍',
    '👍 ',
    ' 👍',
    '😀x',
    'é',
    '\u200d',
    '👍\u200d',
    '\u200d👍',
    '👍\u200d\u200d👍',
  ],
  ...['🇧', '🇧🇷🇧', '\ufe0f', '\u20e3', '12⃣', '٣⃣', '🏴\u{e0067}\u{e0062}', '\u{e007f}', '\ud83d', '👍\u0301'],
])('%j is not one emoji', (given) => {
  expect(emojiOf(given)).toBeNull();
});

test('an emoji is not longer than its limit', () => {
  expect(emojiOf('👩🏽‍🚀')).toHaveLength(7);
  expect(emojiOf(`${'👍‍'.repeat(11)}👍`)).toBeNull();
  expect(emojiOf('👩🏽‍❤️‍💋‍👩🏿')?.length).toBeLessThanOrEqual(limits.emojiMaxChars);
});

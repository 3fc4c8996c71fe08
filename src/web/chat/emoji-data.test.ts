/** Every emoji that can be chosen is one that the servers take, and is found by its names. */
import { describe, expect, test } from 'vitest';
import { findEmoji, loadEmoji, toned } from './emoji-data.ts';

describe('the emoji', () => {
  test('are each one emoji, as Unicode recommends them, and each once', async () => {
    const book = await loadEmoji('en');
    const all = book.flatMap(({ emoji, tones }) => [emoji, ...tones]);
    expect(all.length).toBeGreaterThan(2_000);
    expect(all.filter((emoji) => !/^\p{RGI_Emoji}$/v.test(emoji))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('are found by what they are called, by their codes and by other words', async () => {
    const book = await loadEmoji('en');
    const found = (query: string) => findEmoji(book, query, 8).map(({ emoji }) => emoji);
    expect(found('tada')[0]).toBe('🎉');
    expect(found('+1')[0]).toBe('👍');
    expect(found('party')).toContain('🎉');
    expect(found('wav')).toContain('👋');
    expect(found('xyzzy')).toEqual([]);
  });

  test('have Portuguese names where the page is in Portuguese, with and without accents', async () => {
    const book = await loadEmoji('pt');
    expect(findEmoji(book, 'coracao', 20).map(({ emoji }) => emoji)).toContain('❤️');
    expect(findEmoji(book, 'Coração', 20).map(({ emoji }) => emoji)).toContain('❤️');
    expect(findEmoji(book, 'tada', 8)[0]?.emoji).toBe('🎉');
  });

  test('take a skin tone when they have skin', async () => {
    const book = await loadEmoji('id');
    const [hand] = findEmoji(book, 'wave', 1);
    const [heart] = findEmoji(book, 'heart', 1);
    expect(toned(hand!, 5)).toBe('👋🏿');
    expect(toned(hand!, 0)).toBe('👋');
    expect(toned(heart!, 5)).toBe(heart!.emoji);
  });
});

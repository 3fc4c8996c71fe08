import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap((piece) => piece.href ?? []);

describe('addresses in a text', () => {
  test('become links, and the rest stays text', () => {
    expect(linkify('see https://example.org/a?b=c#d now')).toEqual([
      { text: 'see ' },
      { text: 'https://example.org/a?b=c#d', href: 'https://example.org/a?b=c#d' },
      { text: ' now' },
    ]);
  });

  test('end before the punctuation of the sentence', () => {
    expect(links('Is it http://example.org/x? Or (http://example.org/y)!')).toEqual([
      'http://example.org/x',
      'http://example.org/y',
    ]);
    expect(links('https://example.org/wiki/Relay_(race)')).toEqual(['https://example.org/wiki/Relay_(race)']);
  });

  test('are http and https only', () => {
    expect(links('javascript:alert(1) data:text/html,x ftp://example.org file:///etc/passwd')).toEqual([]);
    expect(links('https:// http://')).toEqual([]);
  });

  test('never change the text', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('https://a.example/x).', '(http://b.example)', ' ', '\n'));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join('');
        const pieces = linkify(text);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const { href } of pieces) expect(href ?? 'https://').toMatch(/^https?:\/\//);
      }),
    );
  });
});

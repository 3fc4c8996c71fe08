/** Whatever people write, a message is shown, safely, and nothing of what they said is lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEmojiOnly } from './emoji-only.ts';
import { type Block, type Inline, markdownOf, plainText } from './markdown.ts';
import { splitMentions } from './mentions.ts';

const inlinesIn = (blocks: readonly Block[]): readonly Inline[] =>
  blocks.flatMap((block): readonly Inline[] => {
    if (block.kind === 'paragraph' || block.kind === 'heading') return all(block.children);
    if (block.kind === 'quote') return inlinesIn(block.blocks);
    if (block.kind === 'list') return block.items.flatMap((item) => inlinesIn(item.blocks));
    if (block.kind === 'table') return block.rows.flatMap((row) => row.flatMap(all));
    return [];
  });
const all = (inlines: readonly Inline[]): readonly Inline[] =>
  inlines.flatMap((one) => ('children' in one ? [one, ...all(one.children)] : [one]));
const links = (text: string): string[] =>
  inlinesIn(markdownOf(text)).flatMap((one) => (one.kind === 'link' ? [one.href] : []));
const kinds = (text: string): string[] => markdownOf(text).map((block) => block.kind);
const text = (words: string): Inline => ({ kind: 'text', text: words });
const depthOf = (blocks: readonly Block[]): number =>
  1 +
  Math.max(
    0,
    ...blocks.map((block) =>
      block.kind === 'quote'
        ? depthOf(block.blocks)
        : block.kind === 'list'
          ? Math.max(0, ...block.items.map((item) => depthOf(item.blocks)))
          : 0,
    ),
  );

describe('the marks of a message', () => {
  test('are bold, italic, struck through and code', () => {
    expect(markdownOf('a **b** _c_ ~~d~~ `e*f*`')).toEqual([
      {
        kind: 'paragraph',
        children: [
          text('a '),
          { kind: 'strong', children: [text('b')] },
          text(' '),
          { kind: 'em', children: [text('c')] },
          text(' '),
          { kind: 'del', children: [text('d')] },
          text(' '),
          { kind: 'code', text: 'e*f*' },
        ],
      },
    ]);
  });

  test('leave the names of things as they are', () => {
    expect(plainText('snake_case_name 2 * 3 * 4 a_b #general <3 :-) 5 > 4')).toBe(
      'snake_case_name 2 * 3 * 4 a_b #general <3 :-) 5 > 4',
    );
  });

  test('keep every line a line', () => {
    expect(markdownOf('one\ntwo\n\nthree')).toEqual([
      { kind: 'paragraph', children: [text('one'), { kind: 'break' }, text('two')] },
      { kind: 'paragraph', children: [text('three')] },
    ]);
    expect(markdownOf('**one**\ntwo')).toMatchObject([
      { children: [{ kind: 'strong' }, { kind: 'break' }, text('two')] },
    ]);
  });

  test('make lists, quotes, tables, rules and blocks of code', () => {
    expect(kinds('- a\n- b\n\n1. c\n2. d')).toEqual(['list', 'list']);
    expect(kinds('> said\n\nanswered')).toEqual(['quote', 'paragraph']);
    expect(markdownOf('3. c\n4. d')).toMatchObject([{ start: 3 }]);
    expect(markdownOf('- [x] done\n- [ ] open')).toMatchObject([{ items: [{ ticked: true }, { ticked: false }] }]);
    expect(markdownOf('```js\nlet x = `<b>`;\n```')).toEqual([
      { kind: 'code', text: 'let x = `<b>`;', language: 'js' },
    ]);
    expect(kinds('| a | b |\n|---|---|\n| 1 | 2 |')).toEqual(['table']);
    expect(kinds('a\n\n---\n\nb')).toEqual(['paragraph', 'rule', 'paragraph']);
  });

  test('make no code of what is only indented, and no heading of what has a line below it', () => {
    expect(kinds('    four spaces *a*')).toEqual(['paragraph']);
    expect(kinds('*not* a title\n===')).toEqual(['paragraph']);
  });

  test('let nothing disappear that looks like a definition', () => {
    expect(plainText('[note]: see *below*')).toContain('note');
  });
});

describe('what could do harm', () => {
  test.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](  javascript:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//evil.example/a)',
    '[x](/api/v1/session)',
    '<javascript:alert(1)>',
    '![x](javascript:alert(1))',
  ])('%s is no link', (hostile) => {
    expect(links(hostile)).toEqual([]);
    expect(plainText(hostile)).not.toBe('');
  });

  test('raw HTML is text', () => {
    for (const html of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '*a* <b onclick="x()">b</b>']) {
      expect(plainText(html)).toBe(html.replaceAll('*', ''));
    }
    expect(kinds('one\n<div>\ntwo *three*\n</div>')).toEqual(['paragraph']);
  });

  test('a picture from elsewhere is a link to it', () => {
    expect(markdownOf('![cat](https://example.org/cat.png)')).toEqual([
      { kind: 'paragraph', children: [{ kind: 'link', href: 'https://example.org/cat.png', children: [text('cat')] }] },
    ]);
  });

  test('links go to the web and to mail, and are whole', () => {
    expect(links('https://example.org/a_b_c and [here](http://example.org/x) and me@example.org')).toEqual([
      'https://example.org/a_b_c',
      'http://example.org/x',
      'mailto:me@example.org',
    ]);
    expect(links('see http://localhost:8080/rooms/general/m/5.')).toEqual(['http://localhost:8080/rooms/general/m/5']);
  });

  test.each([
    ['quotes', '> '],
    ['lists', '- '],
    ['numbered lists', '1. '],
    ['mixed', '> - 1) '],
    ['emphasis', '**a *b '],
    ['brackets', '['],
    ['links', '[a]('],
  ])('a thousand nested %s are shown, not followed', (_, mark) => {
    const hostile = `${mark.repeat(1_000)}end *x*`;
    expect(depthOf(markdownOf(hostile))).toBeLessThan(20);
    expect(plainText(hostile)).toContain('end');
  });

  test('any text at all is shown, and only harmless links come of it', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        '**',
        '_',
        '`',
        '```\n',
        '\n',
        '> ',
        '- ',
        '1. ',
        '[a](',
        ')',
        '<b>',
        '\\',
        '| a |\n|--|\n',
        '# ',
      ),
      fc.constantFrom('word', 'https://example.org/x', 'javascript:x', '~~', '    ', '![', 'me@example.org'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const blocks = markdownOf(`kept ${parts.join('')}`);
        expect(plainText(`kept ${parts.join('')}`)).toContain('kept');
        for (const href of inlinesIn(blocks).flatMap((one) => (one.kind === 'link' ? [one.href] : []))) {
          expect(href).toMatch(/^(?:https?|mailto):/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('mentions', () => {
  const people = [
    { id: 'a', name: 'Ana' },
    { id: 'b', name: 'Ana Maria' },
    { id: 'room', name: 'room' },
  ];
  const found = (words: string) => splitMentions(words, people).flatMap((piece) => piece.mention?.id ?? []);

  test('are the longest name that stands there, whatever its case', () => {
    expect(found('hi @Ana Maria, and @ana!')).toEqual(['b', 'a']);
    expect(found('@room: @Ana')).toEqual(['room', 'a']);
  });

  test('are not parts of words', () => {
    expect(found('me@Ana.org @Anabel @Ana_x')).toEqual([]);
  });

  test('never change the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('@', 'Ana', ' Maria', ' ', 'room', '@@', 'é')), (parts) => {
        const written = parts.join('');
        expect(
          splitMentions(written, people)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(written);
      }),
    );
  });
});

describe('a few emoji alone', () => {
  test('are drawn large', () => {
    expect(isEmojiOnly('🎉')).toBe(true);
    expect(isEmojiOnly('👩‍👩‍👧‍👦 ❤️')).toBe(true);
    expect(isEmojiOnly('🎉 yes')).toBe(false);
    expect(isEmojiOnly('12')).toBe(false);
    expect(isEmojiOnly('🎉'.repeat(7))).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { ranked, wantedAt } from './composer-completion.ts';
import { withCode, withMark } from './composer-format.ts';

const at = (written: string) => {
  const caret = written.indexOf('|');
  return wantedAt(written.replace('|', ''), caret);
};

describe('what stands at the caret', () => {
  test('is a name behind an @, blanks in it included', () => {
    expect(at('hi @|')).toEqual({ kind: 'mention', start: 3, query: '' });
    expect(at('hi @an|a')).toEqual({ kind: 'mention', start: 3, query: 'an' });
    expect(at('@Ana Ma|')).toEqual({ kind: 'mention', start: 0, query: 'Ana Ma' });
    expect(at('(@an|')).toMatchObject({ query: 'an' });
  });

  test('is none in an address, on another line, or too far away', () => {
    expect(at('me@exa|')).toBeNull();
    expect(at('@ana\nhello|')).toBeNull();
    expect(at(`@${'x'.repeat(41)}|`)).toBeNull();
  });

  test('is an emoji behind a colon, from two letters on, and not in a time or an address', () => {
    expect(at('well :ta|')).toEqual({ kind: 'emoji', start: 5, query: 'ta' });
    expect(at(':+1|')).toMatchObject({ query: '+1' });
    expect(at(':t|')).toBeNull();
    expect(at('12:30|')).toBeNull();
    expect(at('https://x|')).toBeNull();
  });

  test('is a command only at the beginning', () => {
    expect(at('/in|')).toEqual({ kind: 'command', start: 0, query: 'in' });
    expect(at('/|')).toMatchObject({ kind: 'command', query: '' });
    expect(at('a /in|')).toBeNull();
    expect(at('//in|')).toBeNull();
    expect(at('/invite @bo|')).toMatchObject({ kind: 'mention', query: 'bo' });
  });
});

describe('names that complete a beginning', () => {
  const people = ['Ana Maria', 'Bo', 'João Silva', 'Maria'].map((name) => ({ name }));
  const found = (query: string) => ranked(people, query, 8).map(({ name }) => name);

  test('begin so first, then have a word that does', () => {
    expect(found('mar')).toEqual(['Maria', 'Ana Maria']);
    expect(found('')).toHaveLength(4);
  });

  test('are found without their accents', () => {
    expect(found('joao')).toEqual(['João Silva']);
  });

  test('end with the sentence that goes on after them', () => {
    expect(found('Ana M')).toEqual(['Ana Maria']);
    expect(found('Bo what')).toEqual([]);
  });
});

/** The text with its selection between brackets, after a replacement. */
const shown = (text: string, made: { from: number; to: number; text: string; start: number; end: number }): string => {
  const all = text.slice(0, made.from) + made.text + text.slice(made.to);
  return `${all.slice(0, made.start)}[${all.slice(made.start, made.end)}]${all.slice(made.end)}`;
};
const selected = (written: string) => ({
  text: written.replace(/[[\]]/g, ''),
  start: written.indexOf('['),
  end: written.indexOf(']') - 1,
});

describe('marks', () => {
  test('go around what is selected, and off again', () => {
    const bare = selected('a [b] c');
    expect(shown(bare.text, withMark(bare, '**'))).toBe('a **[b]** c');
    const marked = selected('a **[b]** c');
    expect(shown(marked.text, withMark(marked, '**'))).toBe('a [b] c');
    const whole = selected('a [**b**] c');
    expect(shown(whole.text, withMark(whole, '**'))).toBe('a [b] c');
  });

  test('leave the caret between them when nothing is selected', () => {
    const caret = selected('a []');
    expect(shown(caret.text, withMark(caret, '_'))).toBe('a _[]_');
  });

  test('make a block of several lines of code', () => {
    const lines = selected('see [x\ny] ok');
    expect(shown(lines.text, withCode(lines))).toBe('see \n```\n[x\ny]\n```\n ok');
    const line = selected('[x]');
    expect(shown(line.text, withCode(line))).toBe('`[x]`');
  });
});

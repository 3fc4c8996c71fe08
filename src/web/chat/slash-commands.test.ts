import { describe, expect, test } from 'vitest';
import { actionOf } from '../store/rows.ts';
import { plainText } from '../text/markdown.ts';
import { parseSlash, personNamed } from './slash-commands.ts';

describe('a text that begins with a slash', () => {
  test('is a command with the rest behind it', () => {
    expect(parseSlash('/topic  New things\nto do ')).toEqual({
      kind: 'command',
      name: 'topic',
      rest: 'New things\nto do',
    });
    expect(parseSlash('/LEAVE')).toEqual({ kind: 'command', name: 'leave', rest: '' });
  });

  test('is explained when there is no such command', () => {
    expect(parseSlash('/giphy cat')).toEqual({ kind: 'unknown', name: 'giphy' });
    expect(parseSlash('/constructor')).toEqual({ kind: 'unknown', name: 'constructor' });
  });

  test('is a message when it is a path, a fraction or a face', () => {
    for (const text of ['/usr/bin/env', '/ ', '/5', 'a /leave', '/:-)']) {
      expect(parseSlash(text)).toEqual({ kind: 'message', text });
    }
  });

  test('is a message with one slash when it begins with two', () => {
    expect(parseSlash('//leave is a command')).toEqual({ kind: 'message', text: '/leave is a command' });
  });

  test('says /me, and does not do it, when it begins with two', () => {
    const meant = parseSlash('//me waves');
    expect(meant.kind === 'message' && actionOf(meant.text)).toBeNull();
    expect(meant.kind === 'message' && plainText(meant.text)).toBe('/me waves');
  });
});

describe('an action', () => {
  test('is what stands behind /me', () => {
    expect(actionOf('/me waves\nand bows')).toBe('waves\nand bows');
    for (const text of ['/me', '/me  ', '/meow', ' /me x', 'x /me y']) expect(actionOf(text)).toBeNull();
  });
});

describe('a person', () => {
  test('is named with or without @, whatever the case', () => {
    const people = [{ name: 'Ana Maria' }, { name: 'Bo' }];
    expect(personNamed(people, '@ana maria ')).toBe(people[0]);
    expect(personNamed(people, 'BO')).toBe(people[1]);
    expect(personNamed(people, '@ana')).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { type KeyPress, type Keys, keyNames, pressed, type ShortcutId, shortcutOf, shortcuts } from './shortcuts.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});
const pressOf = (keys: Keys): KeyPress =>
  press(keys.key, { ctrlKey: keys.ctrl === true, shiftKey: keys.shift === true, altKey: keys.alt === true });

describe('a shortcut', () => {
  test('is pressed by each of its keys, and on a Mac by Command as by Control', () => {
    for (const [id, { keys }] of Object.entries(shortcuts)) {
      for (const one of keys) expect(pressed(id as ShortcutId, pressOf(one)), id).toBe(true);
    }
    expect(pressed('switch', press('k', { metaKey: true }))).toBe(true);
    expect(pressed('switch', press('k', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(pressed('switch', press('k'))).toBe(false);
  });

  test('of a character is that character, whichever keys make it', () => {
    expect(pressed('shortcuts', press('?', { shiftKey: true }))).toBe(true);
    expect(pressed('search', press('/', { shiftKey: true }))).toBe(true);
  });

  test('of a single key writes where one writes, and does nothing for whoever does not want it', () => {
    expect(shortcutOf(press('/'), false, true)).toBe('search');
    expect(shortcutOf(press('/'), true, true)).toBeNull();
    expect(shortcutOf(press('/'), false, false)).toBeNull();
    expect(shortcutOf(press('k', { ctrlKey: true }), true, false)).toBe('switch');
  });

  test('has keys that no other one of its place has', () => {
    const taken = new Set<string>();
    for (const { where, keys } of Object.values(shortcuts)) {
      for (const one of keys) {
        const place = `${where}: ${keyNames(one, false).join('+')}`;
        expect(taken.has(place), place).toBe(false);
        taken.add(place);
      }
    }
  });

  test('is named as keyboards name it', () => {
    expect(keyNames({ key: 'k', ctrl: true }, false)).toEqual(['Ctrl', 'K']);
    expect(keyNames({ key: 'ArrowUp', alt: true, shift: true }, true)).toEqual(['⌥', '⇧', '↑']);
  });
});

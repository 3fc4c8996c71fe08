import { describe, expect, test } from 'vitest';
import { asRoomName } from './room-name.ts';

describe('what is typed as a room’s name', () => {
  test.each([
    ['#Field Trip! 2026', 'field-trip-2026'],
    ['Cafe\u0301', 'caf\u00e9'],
    ['x²', 'x'],
    ['日本 😀', '日本-'],
  ])('%j becomes %j, as the servers will have it', (typed, name) => {
    expect(asRoomName(typed)).toBe(name);
  });
});

import { describe, expect, test } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import { avatarColour, avatarColours, initials } from './identity.ts';

/** Relative luminance, WCAG 2.2. */
const luminance = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};

describe('a person’s picture', () => {
  test.each(avatarColours)('white letters can be read on %s', (colour) => {
    expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  test('has the same colour everywhere, and people of one class have different ones', () => {
    expect(avatarColour('someone')).toBe(avatarColour('someone'));
    const used = new Set(Array.from({ length: 200 }, () => avatarColour(newCommandId())));
    expect(used.size).toBe(avatarColours.length);
  });

  test('shows the first letters of the first and the last word', () => {
    expect(initials('Mariana Albuquerque de Vasconcelos')).toBe('MV');
    expect(initials('budi')).toBe('B');
    expect(initials('dr. chen')).toBe('DC');
    expect(initials('Ágata')).toBe('Á');
    expect(initials('🦊')).toBe('🦊');
    expect(initials('李 小龙')).toBe('李小');
  });
});

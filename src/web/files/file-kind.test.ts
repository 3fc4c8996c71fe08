import { describe, expect, test } from 'vitest';
import { extensionOf, kindOf, pictureSize, sizeWords } from './file-kind.ts';

test('a file is shown by its type; what might run something is only offered', () => {
  expect(['image/png', 'IMAGE/JPEG', 'video/mp4', 'audio/ogg; codecs=opus', 'application/pdf'].map(kindOf)).toEqual([
    'image',
    'image',
    'video',
    'audio',
    'pdf',
  ]);
  for (const type of ['image/svg+xml', 'text/html', 'application/x-sh', '', 'image/', 'nonsense']) {
    expect(kindOf(type)).toBe('other');
  }
});

describe('a picture', () => {
  test('keeps its proportions within the conversation, and is never made larger', () => {
    expect(pictureSize({ width: 4_200, height: 2_100 })).toEqual({ width: 420, height: 210 });
    expect(pictureSize({ width: 1_000, height: 3_200 })).toEqual({ width: 100, height: 320 });
    expect(pictureSize({ width: 200, height: 100 })).toEqual({ width: 200, height: 100 });
  });

  test('that is tiny, or a line, can still be seen and hit', () => {
    expect(pictureSize({ width: 1, height: 1 })).toEqual({ width: 48, height: 48 });
    expect(pictureSize({ width: 10_000, height: 5 })).toEqual({ width: 420, height: 48 });
  });

  test('of unknown size has none', () => {
    expect(pictureSize({})).toBeNull();
  });
});

test('sizes are written in the largest unit that leaves a figure before the point', () => {
  const words = [0, 999, 1_000, 1_449, 999_600, 1_500_000, 123_456_789, 2_500_000_000].map((bytes) =>
    sizeWords(bytes, 'en'),
  );
  expect(words).toEqual(['0 byte', '999 byte', '1 kB', '1.4 kB', '1 MB', '1.5 MB', '123 MB', '2.5 GB']);
  expect(sizeWords(1_500_000, 'pt-BR')).toBe('1,5 MB');
});

test('the end of a name', () => {
  expect(['a.pdf', 'b.tar.gz', 'c', '.', 'd.toolong1', 'e.x y'].map(extensionOf)).toEqual([
    'PDF',
    'GZ',
    '',
    '',
    '',
    '',
  ]);
});

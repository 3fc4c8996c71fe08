import { describe, expect, test } from 'vitest';
import { extensionOf, kindOf, pictureSize } from './file-kind.ts';

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

import { describe, expect, test } from 'vitest';
import { firstCrop, moved, placeOf, zoomed, zoomMax } from './picture-crop.ts';

const wide = { width: 400, height: 200 };

describe('the square cut out of a picture', () => {
  test('is at first its middle, as high as the picture', () => {
    expect(placeOf(firstCrop, wide, 100)).toEqual({ x: -50, y: 0, width: 200, height: 100 });
  });

  test('moves over the picture and never past its edge', () => {
    expect(moved(firstCrop, wide, 100, 30, 30)).toEqual({ zoom: 1, dx: 30, dy: 0 });
    expect(moved(firstCrop, wide, 100, 999, 0)).toEqual({ zoom: 1, dx: 50, dy: 0 });
    expect(placeOf(moved(firstCrop, wide, 100, -999, 0), wide, 100).x).toBe(-100);
  });

  test('is enlarged about its middle, within bounds, and made smaller again without a gap', () => {
    const near = zoomed(moved(firstCrop, wide, 100, 50, 0), wide, 100, 2);
    expect(near).toEqual({ zoom: 2, dx: 100, dy: 0 });
    expect(zoomed(near, wide, 100, 99).zoom).toBe(zoomMax);
    expect(zoomed(moved(near, wide, 100, 50, 50), wide, 100, 1)).toEqual({ zoom: 1, dx: 50, dy: 0 });
  });
});

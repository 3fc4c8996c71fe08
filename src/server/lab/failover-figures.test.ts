import { describe, expect, test } from 'vitest';
import { gapAround, MethodFigures } from './failover-figures.ts';

describe('the gap of a failover', () => {
  const deliveries = [100, 200, 300, 1_300, 1_400];

  test('is the longest time between two deliveries that ends after the kill', () => {
    expect(gapAround(deliveries, 250, 1_500)).toBe(1_000);
    // One more was delivered between the order and the death.
    expect(gapAround(deliveries, 299, 1_500)).toBe(1_000);
    // A pause from before is none of it.
    expect(gapAround([0, 900, 1_000, 1_100, 1_200], 1_050, 1_200)).toBe(100);
  });

  test('ends with the sending when nothing comes any more', () => {
    expect(gapAround([100, 200, 300], 250, 3_000)).toBe(2_700);
  });

  test('is none where nobody was killed, or nothing ever came', () => {
    expect(gapAround(deliveries, null, 1_500)).toBe(null);
    expect(gapAround([], 250, 1_500)).toBe(null);
  });
});

describe('the figures of a method', () => {
  test('of one that does not acknowledge: what did not arrive is lost', () => {
    const figures = new MethodFigures(false);
    for (let number = 0; number < 4; number++) figures.sent(number);
    figures.arrived(0, 50);
    figures.arrived(1, 120);
    figures.arrived(1, 180);
    figures.arrived(9, 190);
    expect(figures.view(null, 200)).toEqual({
      ...{ sent: 4, delivered: 2, lost: 2, unacknowledged: 0, doubled: 1, retried: 0, gapMs: null },
    });
    expect(figures.byTenth(3)).toEqual([1, 1, 0]);
  });

  test('of one that acknowledges: lost is what was acknowledged and is not there', () => {
    const figures = new MethodFigures(true);
    for (let number = 0; number < 5; number++) figures.sent(number);
    figures.arrived(0, 50);
    figures.answered(0, 'acknowledged');
    figures.answered(1, 'acknowledged');
    figures.arrived(2, 60);
    figures.answered(3, 'refused');
    expect(figures.waiting).toEqual([2, 4]);
    for (const number of figures.waiting) figures.retried(number);
    figures.answered(2, 'acknowledged');
    expect(figures.view(null, 200)).toEqual({
      ...{ sent: 5, delivered: 2, lost: 1, unacknowledged: 1, doubled: 0, retried: 2, gapMs: null },
    });
    // What came after the end of sending is in the chart too.
    figures.arrived(4, 950);
    expect(figures.byTenth(2)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});

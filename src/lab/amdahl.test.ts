import { describe, expect, test } from 'vitest';
import { amdahl, fitAmdahl } from './amdahl.ts';

const measuredWith = (share: number, most = 8) =>
  Array.from({ length: most }, (_, n) => ({ workers: n + 1, times: amdahl(share, n + 1) }));

describe('Amdahl’s law', () => {
  test('as he put it: a tenth that cannot be split, and ten workers, are 5.26 times as quick', () => {
    expect(amdahl(0.1, 10)).toBeCloseTo(1 / 0.19, 12);
    expect([amdahl(0, 8), amdahl(1, 8), amdahl(0.3, 1)]).toEqual([8, 1, 1]);
  });

  test.each([0, 0.05, 0.3, 1])('is found again in what it would have measured: σ = %d', (share) => {
    const fit = fitAmdahl(measuredWith(share))!;
    expect(fit.serialShare).toBeCloseTo(share, 12);
    if (share === 0) expect(fit.mostSpeedUp).toBe(null);
    else expect(fit.mostSpeedUp).toBeCloseTo(1 / share, 9);
  });

  test('lies between what two measurements say by themselves', () => {
    const fit = fitAmdahl([
      { workers: 2, times: amdahl(0.1, 2) },
      { workers: 4, times: amdahl(0.3, 4) },
    ])!;
    expect(fit.serialShare).toBeGreaterThan(0.1);
    expect(fit.serialShare).toBeLessThan(0.3);
  });

  test('says no more than that nothing gets quicker, or all of it, beyond its ends', () => {
    expect(fitAmdahl([{ workers: 2, times: 0.4 }])).toEqual({ serialShare: 1, mostSpeedUp: 1 });
    expect(fitAmdahl([{ workers: 2, times: 2.3 }])).toEqual({ serialShare: 0, mostSpeedUp: null });
  });

  test('cannot be seen with one worker', () => {
    expect(fitAmdahl([{ workers: 1, times: 1 }])).toBe(null);
    expect(fitAmdahl([])).toBe(null);
  });
});

import { describe, expect, test } from 'vitest';
import { countingResult, runCounting } from './counting.ts';

describe('threads that count', () => {
  const run = (threads: number, atomic: boolean, ms: number, lostUpdates = 0) => {
    const [messages, delivered] = [1_000, 900];
    const perSecond = messages / ms;
    return {
      threads,
      atomic,
      messages,
      delivered,
      counted: delivered - lostUpdates,
      lostUpdates,
      ms,
      cpuMs: ms,
      perSecond,
    };
  };

  test('of several runs of a row the quickest is the row, with its own figures', () => {
    const runs = [run(1, false, 100), run(2, false, 80, 7), run(1, false, 120), run(2, false, 50, 3)];
    const { rows, fits } = countingResult(runs, 2);
    expect(rows).toMatchObject([
      { threads: 1, ms: 100, speedUp: 1 },
      { threads: 2, ms: 50, speedUp: 2, lostUpdates: 3 },
    ]);
    expect(fits).toEqual([{ atomic: false, serialShare: 0, mostSpeedUp: null }]);
  });

  test('beyond the cores tell nothing about the share that cannot be split', () => {
    const runs = [run(1, true, 100), run(2, true, 75), run(4, true, 75)];
    expect(countingResult(runs, 2).fits[0]!.serialShare).toBeCloseTo(0.5, 12);
    expect(countingResult(runs, 1).fits).toEqual([]);
  });

  test('lose updates in the end, when they share without atomic operations, and never with', {
    timeout: 120_000,
  }, async () => {
    // Whether two threads meet is up to the machine. If none did in twenty runs, the race would not be shown at all.
    for (let tries = 1; ; tries++) {
      const { rows } = await runCounting({ messages: 300_000, threads: 4, seed: tries }, new AbortController().signal, {
        yields: true,
      });
      for (const { atomic, threads, lostUpdates } of rows) if (atomic || threads === 1) expect(lostUpdates).toBe(0);
      if (rows.some(({ lostUpdates }) => lostUpdates > 0)) return;
      expect(tries).toBeLessThan(20);
    }
  });

  test('stop when they are told to', async () => {
    const stopping = new AbortController();
    const running = runCounting({ messages: 20_000_000, threads: 2, seed: 1 }, stopping.signal, { yields: true });
    stopping.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(
      runCounting({ messages: 1_000, threads: 2, seed: 1 }, stopping.signal, { yields: true }),
    ).rejects.toThrow('enough');
  });
});

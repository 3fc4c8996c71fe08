import { describe, expect, test } from 'vitest';
import { expectedFigures } from './experiment-figures.ts';
import { bySecond, killAt } from './failover-tenths.ts';
import { differing, gridOf, heatOf, stopsOf } from './heat-grid.ts';
import { paretoFront } from './pareto-front.ts';
import { amdahl, amdahlCurve } from './threads-fit.ts';

describe('the grid of a heat map', () => {
  const rows = expectedFigures(4, {});

  test('of experiment 4 has retries from top to bottom and timeouts from left to right, each cell its own row', () => {
    const grid = gridOf(rows, ({ settings }) => settings, 'retries', 'timeout');
    expect(grid.down.map(({ key }) => key)).toEqual(['0', '1', '2', '5']);
    expect(grid.across.map(({ key }) => key)).toEqual(['300', '600', '1000']);
    for (const [at, line] of grid.cells.entries()) {
      for (const [place, row] of line.entries()) {
        expect(String(row!.settings.maxRetries)).toBe(grid.down[at]!.key);
        expect(String(row!.settings.ackTimeoutMs)).toBe(grid.across[place]!.key);
      }
    }
  });

  test('leaves a hole where nothing was run', () => {
    const some = rows.filter(({ settings }) => settings.maxRetries !== 1 || settings.ackTimeoutMs !== 600);
    const grid = gridOf(some, ({ settings }) => settings, 'retries', 'timeout');
    expect(grid.cells[1]![1]).toBeNull();
    expect(grid.cells.flat().filter((cell) => cell === null)).toHaveLength(1);
  });

  test('knows which settings differ, and orders latencies by their shortest', () => {
    const settings = rows.map((row) => row.settings);
    expect(differing(settings)).toEqual(['retries', 'timeout']);
    const links = [
      [50, 250],
      [10, 50],
      [10, 20],
    ].map(([latencyMinMs = 0, latencyMaxMs = 0]) => ({
      ...settings[0]!,
      latencyMinMs,
      latencyMaxMs,
    }));
    expect(stopsOf('latency', links).map(({ key }) => key)).toEqual(['10-20', '10-50', '50-250']);
  });

  test('is as hot as a value is large, among all', () => {
    expect([heatOf(1, [1, 3]), heatOf(2, [1, 3]), heatOf(3, [1, 3]), heatOf(5, [5])]).toEqual([0, 0.5, 1, 0.5]);
  });
});

describe('the Pareto front', () => {
  const choice = (id: string, cost: number | null, gain: number) => ({ id, cost, gain });

  test('has those that no other beats, by their cost', () => {
    expect(
      paretoFront([choice('slow', 9, 0.9), choice('good', 5, 0.9), choice('quick', 1, 0.5), choice('bad', 6, 0.4)]),
    ).toEqual(['quick', 'good']);
  });

  test('keeps all of equal ones, and leaves out what cannot be compared', () => {
    expect(paretoFront([choice('a', 1, 1), choice('b', 1, 1), choice('none', null, 1)])).toEqual(['a', 'b']);
    expect(paretoFront([])).toEqual([]);
  });

  test('of experiment 4, by theory, is the shortest timeout: a longer one brings nothing but waiting', () => {
    const points = expectedFigures(4, {}).map(({ id, settings, figures }) => ({
      ...{ id, timeout: settings.ackTimeoutMs, retries: settings.maxRetries },
      ...{ cost: figures.latency.value, gain: figures.delivered.value! },
    }));
    const front = paretoFront(points).flatMap((id) => points.find((point) => point.id === id) ?? []);
    expect(front.filter(({ retries }) => retries > 0).every(({ timeout }) => timeout === 300)).toBe(true);
    // Without retries there is no timeout to speak of: all three are the same.
    expect(front.filter(({ retries }) => retries === 0)).toHaveLength(3);
  });
});

describe('Amdahl’s law', () => {
  test('of work that can all be divided is the number of threads, of none of it 1, and never more than 1/f', () => {
    expect(amdahl(0, 4)).toBe(4);
    expect(amdahl(1, 4)).toBe(1);
    expect(amdahl(0.25, 1_000_000)).toBeLessThan(4);
    expect(amdahlCurve(0.1, 4).at(0)).toEqual([1, 1]);
    expect(amdahlCurve(0.1, 4).at(-1)).toEqual([4, amdahl(0.1, 4)]);
    expect(amdahlCurve(0.1, 1)).toHaveLength(2);
  });
});

describe('deliveries around a kill', () => {
  const view = {
    startedAt: 1_000,
    killedAt: 2_250,
    directByTenth: Array.from({ length: 25 }, () => 2),
    pubsubByTenth: Array.from({ length: 20 }, () => 1),
  };

  test('are summed by seconds, and the second of the kill is marked', () => {
    expect(killAt(view)).toBe(1_250);
    expect(bySecond(view)).toEqual([
      { second: 0, direct: 20, pubsub: 10, killed: false },
      { second: 1, direct: 20, pubsub: 10, killed: true },
      { second: 2, direct: 10, pubsub: 0, killed: false },
    ]);
  });

  test('without a kill mark nothing', () => {
    expect(bySecond({ ...view, killedAt: null }).some(({ killed }) => killed)).toBe(false);
  });
});

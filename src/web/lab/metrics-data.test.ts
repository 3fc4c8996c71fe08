import { describe, expect, test } from 'vitest';
import { digestOf, slideOf, topOf } from './chart-geometry.ts';
import { groupNames, groupOf, linesWanted } from './event-words.ts';
import { breaksOf, metricKinds, ownKind, seriesOf, tableSamples } from './metrics-data.ts';
import { event, sample } from './test-news.ts';

const names = { direct: 'Direct', pubsub: 'PubSub' };
const samples = Array.from({ length: 22 }, (_, n) => sample(n * 500, n));

describe('the live charts', () => {
  test('take the quantile that is asked for, of latencies only', () => {
    const [latency] = metricKinds;
    const newest = (quantile: 'p50' | 'p95', kind = latency!) =>
      digestOf(seriesOf(kind, quantile, samples, names)[0]!).newest;
    expect(newest('p50')).toBe(21);
    expect(newest('p95')).toBe(42);
    expect(newest('p95', ownKind)).toBe(21);
  });

  test('have no line for what Direct does not do', () => {
    const own = metricKinds.filter(({ methods }) => methods.length === 1).map(({ metric }) => metric);
    expect(own).toEqual(['confirmed', 'retries', 'duplicates']);
  });

  test('mark the segments that began while they were watched, and no earlier one', () => {
    const turns = [
      { segment: 1, at: -1 },
      { segment: 2, at: 700 },
    ];
    expect(breaksOf(turns, samples, String)).toEqual([{ at: 700, label: '2' }]);
    expect(breaksOf(turns, [], String)).toEqual([]);
  });

  test('the table has the samples of the picture, the newest first', () => {
    expect(tableSamples(samples).map(({ at }) => at)).toEqual(
      samples
        .map(({ at }) => at)
        .slice(-20)
        .reverse(),
    );
  });

  test('a new sample slides in by one step, and the newest ends at the right', () => {
    const first = slideOf(9_500, null, 400, 20, 500);
    expect(first.shift).toBe(0);
    const next = slideOf(10_000, 9_500, 400, 20, 500);
    expect(next.x(10_000)).toBe(394);
    expect(next.shift).toBeCloseTo(next.x(10_000) - next.x(9_500), 6);
    expect(next.x(500)).toBeCloseTo(6, 6);
  });

  test('an axis grows at once and shrinks late', () => {
    const at = (value: number) => seriesOf(ownKind, 'p50', [sample(0, value)], names);
    expect(topOf(at(130), null, 10)).toBe(200);
    expect(topOf(at(210), 200, 10)).toBe(500);
    expect(topOf(at(260), 500, 10)).toBe(500);
    expect(topOf(at(90), 500, 10)).toBe(100);
  });
});

describe('the filter of the log', () => {
  const lines = [
    { key: 1, event: event(1, { what: 'sent', node: 'Ana', other: 'Budi' }) },
    { key: 2, event: event(12, { what: 'lost', node: 'Ana', other: 'Budi' }) },
    { key: 3, leftOut: 4 },
    {
      key: 4,
      event: event(3, { what: 'joined', node: 'Cao', other: undefined as never, message: undefined as never }),
    },
  ];
  const keys = (hidden: Parameters<typeof linesWanted>[1], wanted: string) =>
    linesWanted(lines, hidden, wanted).map(({ key }) => key);

  test('leaves out kinds, but never that something was left out', () => {
    expect(keys(new Set(['losses']), '')).toEqual([1, 3, 4]);
    expect(keys(new Set(groupNames), '')).toEqual([3]);
  });

  test('finds by part of a name, and by the number of a message, whole', () => {
    expect(keys(new Set(), 'BUD')).toEqual([1, 2, 3]);
    expect(keys(new Set(), '#1')).toEqual([1, 3]);
    expect(keys(new Set(), 'cao')).toEqual([3, 4]);
  });

  test('knows every kind of event', () => {
    expect(groupOf('ack-lost')).toBe('losses');
    expect(groupOf('moved')).toBe('lab');
  });
});

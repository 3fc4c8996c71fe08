import { expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import type { EntryTrace } from './events.ts';
import { EntryTraces } from './events-of-entries.ts';

const request = { index: 12, label: 'data-3', request: 'an id' };
const trace = (what: EntryTrace['what'], more: Partial<EntryTrace>, at = 1_000): EntryTrace => ({
  ...{ at, server: 's1', epoch: 2, what },
  ...more,
});

test('what was done with a request’s entry before it was known to be one is told, each time with its own time', () => {
  const traces = new EntryTraces(limits);
  traces.add(trace('sequenced', { from: 10, upto: 14 }, 1_000.5));
  traces.add(trace('sent', { from: 10, upto: 14, peer: 's2' }, 1_000.75));
  traces.add(trace('sent', { from: 1, upto: 9, peer: 's3' }, 1_000.8));
  expect(traces.of(request, 1_001)).toEqual([
    { at: 1_000.5, epoch: 2, what: 'sequenced', from: 12, upto: 12, label: 'data-3', request: 'an id' },
    { at: 1_000.75, epoch: 2, what: 'sent', peer: 's2', from: 12, upto: 12, label: 'data-3', request: 'an id' },
  ]);
});

test('what comes of it later is told when it comes', () => {
  const traces = new EntryTraces(limits);
  traces.of(request, 1_001);
  expect(traces.add(trace('stored', { upto: 11, peer: 's2' }, 1_002)).notes).toEqual([]);
  expect(traces.add(trace('stored', { upto: 20, peer: 's2' }, 1_003)).notes).toMatchObject([{ at: 1_003, peer: 's2' }]);
});

test('what a server stored begins where it had stored before, and is counted from there', () => {
  const traces = new EntryTraces(limits);
  traces.add(trace('stored', { upto: 5, peer: 's2' }));
  expect(traces.add(trace('stored', { upto: 9, peer: 's2' })).count).toBe(4);
  expect(traces.add(trace('stored', { upto: 9, peer: 's3' })).count).toBe(1);
  // Another epoch, another primary: what it hears first is where its followers are.
  expect(traces.add(trace('stored', { upto: 30, peer: 's2', epoch: 3 })).count).toBe(1);
  expect(traces.add(trace('forwarded', { count: 7, peer: 's1' })).count).toBe(7);
});

test('R19 what was long ago, or is too much, is forgotten', () => {
  const small = { ...limits, clusterRangesMax: 3 };
  const traces = new EntryTraces(small);
  traces.add(trace('sequenced', { from: 12, upto: 12 }, 1_000));
  traces.add(trace('committed', { upto: 12 }, 1_000 + small.clusterRangesMaxAgeMs + 1));
  expect(traces.of(request, 2_002).map(({ what }) => what)).toEqual(['committed']);
  for (let at = 0; at < 3; at++) traces.add(trace('sequenced', { from: 20 + at, upto: 20 + at }, 2_002));
  expect(traces.of(request, 2_003)).toEqual([]);
});

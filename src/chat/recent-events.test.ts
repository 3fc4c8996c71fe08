import { expect, test } from 'vitest';
import type { Applied } from './index.ts';
import { RecentEvents } from './recent-events.ts';

/** An entry that told one event. */
const told = (index: number): Applied => ({
  index,
  id: `${index}`,
  outcome: { ok: true },
  firstIndex: index,
  events: [
    { audience: { to: 'all' }, event: { index, type: 'read.marked', user: 'ann', room: 'general', readIndex: 0 } },
  ],
  sessionsEnded: [],
  piecesFreed: [],
});
const indices = (recent: RecentEvents, after: number, upto: number) =>
  recent.between(after, upto)?.map(({ event }) => event.index) ?? null;

test('has what came since it was made, and knows what it has not', () => {
  const recent = new RecentEvents(10, 4);
  expect(indices(recent, 10, 10)).toEqual([]);
  expect(indices(recent, 9, 10)).toBeNull();
  recent.add([told(11), told(13)], 13);
  expect(indices(recent, 10, 13)).toEqual([11, 13]);
  expect(indices(recent, 11, 12)).toEqual([]);
  expect(indices(recent, 10, 14)).toBeNull();
});

test('forgets the oldest, also when a batch is larger than it', () => {
  const recent = new RecentEvents(0, 4);
  recent.add([told(1), told(2), told(3)], 3);
  recent.add([told(6)], 6);
  expect(indices(recent, 2, 6)).toEqual([3, 6]);
  expect(indices(recent, 1, 6)).toBeNull();
  recent.add(
    Array.from({ length: 10 }, (_, n) => told(7 + n)),
    16,
  );
  expect(indices(recent, 12, 16)).toEqual([13, 14, 15, 16]);
  expect(indices(recent, 11, 16)).toBeNull();
});

import { describe, expect, test } from 'vitest';
import type { ClusterEvent, TakeoverView } from '../../protocol/index.ts';
import { momentIn, momentPath } from './rewind-link.ts';
import { bandsOf, groupsOf, marksOf } from './timeline-marks.ts';

const event = (at: number, what: ClusterEvent['what'], more: Partial<ClusterEvent> = {}): ClusterEvent => ({
  id: `s1-${at}-${what}`,
  at,
  server: 's1',
  epoch: 1,
  what,
  ...more,
});
const takeover = (
  epoch: number,
  primary: string,
  previous: string | null,
  began: number,
  lastSignAt: number | null,
): TakeoverView => ({
  epoch,
  primary,
  previous,
  cause: previous === null ? 'founded' : 'died',
  index: epoch,
  lastSignAt,
  detectedAt: lastSignAt,
  lockedAt: began,
  durableAt: began,
  acknowledgedAt: began,
});

describe('the timeline marks', () => {
  test('a request that failed once, though its primary’s death is told twice, and names it by its later label', () => {
    const events = [
      event(1_000, 'dying', { request: 'a' }),
      event(1_030, 'server-down', { server: 's2', peer: 's1' }),
      event(1_060, 'sequenced', { server: 's2', request: 'a', label: 'data-7' }),
      event(90_000, 'server-down', { server: 's2', peer: 's1' }),
    ];
    const marks = marksOf(events, [takeover(2, 's2', 's1', 1_040, 1_000)]);
    expect(marks.map(({ kind, server, label }) => [kind, server, label])).toEqual([
      ['failed', 's1', 'data-7'],
      ['takeover', 's2', null],
      ['death', 's1', null],
    ]);
  });

  test('no takeover where there was no primary to take over from', () => {
    expect(marksOf([], [takeover(1, 's1', null, 5, null)])).toEqual([]);
  });

  test('as one what would lie on each other, by the gravest of them', () => {
    const marks = marksOf([event(1_000, 'acted', { action: 'kill' }), event(1_100, 'server-down')], []);
    expect(groupsOf(marks, 500).map(({ mark, count }) => [mark.kind, count])).toEqual([['death', 2]]);
    expect(groupsOf(marks, 50)).toHaveLength(2);
  });
});

describe('the timeline’s bands', () => {
  test('say who led, and where nobody did', () => {
    const bands = bandsOf([takeover(3, 's3', 's2', 800, 700), takeover(2, 's2', 's1', 400, 390)], 0, 1_000);
    expect(bands.map(({ server, from, until }) => [server, from, until])).toEqual([
      ['s1', 0, 390],
      [null, 390, 400],
      ['s2', 400, 700],
      [null, 700, 800],
      ['s3', 800, 1_000],
    ]);
  });

  test('are cut to what is shown', () => {
    const all = [takeover(2, 's2', 's1', 400, 390), takeover(3, 's3', 's2', 800, 700)];
    expect(bandsOf(all, 500, 600)).toMatchObject([{ server: 's2', from: 500, until: 600 }]);
    expect(bandsOf([], 0, 1)).toEqual([]);
  });
});

test('the address of a moment leads to that moment, and nonsense to none', () => {
  const at = Date.UTC(2026, 10, 28, 14, 2, 10, 250);
  expect(momentPath(at)).toBe('/cluster?at=2026-11-28T14:02:10.250Z');
  expect(momentIn(momentPath(at).slice('/cluster'.length))).toBe(at);
  expect(momentIn(`?at=${at}`)).toBe(at);
  for (const nonsense of ['', '?at=', '?at=yesterday', '?at=-5', '?at=1e99', `?at=${'9'.repeat(50)}`]) {
    expect(momentIn(nonsense), nonsense).toBeNull();
  }
});

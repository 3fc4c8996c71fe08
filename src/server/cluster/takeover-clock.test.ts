import { expect, test } from 'vitest';
import type { Trace } from '../../log/index.ts';
import { type Reading, TakeoverClock } from './takeover-clock.ts';

type Step = Partial<Trace> & Pick<Trace, 'at' | 'what'>;

/** What a stopwatch of s2 says of these traces, one after the other; what says nothing is left out. */
const readings = (steps: readonly Step[]): readonly Reading[] => {
  const clock = new TakeoverClock('s2');
  return steps.flatMap((step) => clock.heed({ server: 's2', epoch: 7, ...step }));
};

const followed: Step = { at: 1_000, what: 'following', peer: 's1', epoch: 7 };
const promoted: readonly Step[] = [
  { at: 5_010.5, what: 'lock-gained' },
  { at: 5_014, what: 'promoted', epoch: 8, from: 40 },
];
const committed = (at: number, upto: number): Step => ({ at, what: 'committed', epoch: 8, upto });

test('a primary that died: each time is that of its trace', () => {
  const lost: Step = { at: 5_003.25, what: 'primary-lost', peer: 's1', silentMs: 42.25, reason: 'link broken' };
  expect(readings([followed, lost, ...promoted, committed(5_016, 40), committed(5_019, 43)])).toEqual([
    { kind: 'begun', begun: { epoch: 8, server: 's2', previous: 's1', previousEpoch: 7, cause: 'died' } },
    {
      kind: 'timed',
      timed: {
        ...{ epoch: 8, lastSignAt: 4_961, detectedAt: 5_003.25, lockedAt: 5_010.5, durableAt: 5_014 },
        // Its own mark is no write of anybody's.
        acknowledgedAt: 5_019,
      },
    },
  ]);
});

test('a primary that was silent for long had hung, whoever killed it', () => {
  const lost: Step = { at: 5_003, what: 'primary-lost', peer: 's1', silentMs: 1_480 };
  expect(readings([followed, lost, ...promoted, committed(5_016, 40)])).toMatchObject([{ begun: { cause: 'hung' } }]);
});

test('a primary that handed over was there until then', () => {
  const [begun, timed] = readings([
    followed,
    { at: 5_009, what: 'released', peer: 's1' },
    ...promoted,
    committed(5_020, 41),
  ]);
  expect(begun).toMatchObject({ begun: { cause: 'handed-over', previous: 's1' } });
  expect(timed).toMatchObject({ timed: { lastSignAt: 5_009, detectedAt: 5_009 } });
});

test('who starts and finds nobody has nothing to measure from', () => {
  const [begun, timed] = readings([...promoted, committed(5_020, 41)]);
  expect(begun).toEqual({ kind: 'begun', begun: { epoch: 8, server: 's2', previous: null, cause: 'started' } });
  expect(timed).toMatchObject({ timed: { lastSignAt: null, detectedAt: null, lockedAt: 5_010.5 } });
  const first: readonly Step[] = [
    { at: 1, what: 'promoted', epoch: 1, from: 1 },
    { at: 2, what: 'committed', epoch: 1, upto: 1 },
  ];
  expect(readings(first)).toMatchObject([{ begun: { cause: 'founded' } }]);
});

test('another server that is lost is no primary that is lost', () => {
  const lost: Step = { at: 5_003, what: 'primary-lost', peer: 's3', silentMs: 4_000 };
  expect(readings([followed, lost, ...promoted, committed(5_016, 40)])[0]).toMatchObject({
    begun: { cause: 'started' },
  });
});

test('nothing is said of a takeover while what waited for it may not be committed yet', () => {
  expect(readings([followed, ...promoted, { ...committed(5_016, 40), upto: 39 }])).toEqual([]);
});

test('what is committed in another epoch, or twice, is no first write', () => {
  const lost: Step = { at: 5_003, what: 'primary-lost', peer: 's1', silentMs: 4 };
  const after = [{ ...committed(5_015, 50), epoch: 7 }, committed(5_020, 41), committed(5_030, 42)];
  expect(readings([followed, lost, ...promoted, ...after]).map(({ kind }) => kind)).toEqual(['begun', 'timed']);
});

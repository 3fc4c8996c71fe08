import { describe, expect, test } from 'vitest';
import { actingOf } from './acting.ts';
import { emptyModel, reduce } from './model.ts';
import { news } from './test-news.ts';

describe('what one may do to the servers', () => {
  const supervisor = { pid: 1, servers: [], doing: null, audit: null };
  const live = reduce(emptyModel, news(5, { supervisor }));

  test('all of it, as an admin, where there is somebody to do it', () => {
    for (const role of ['owner', 'admin'] as const) {
      expect(actingOf(live, null, role)).toEqual({ faults: null, processes: null, requests: null });
    }
  });

  test('nothing to processes when nobody runs them; faults need nobody', () => {
    expect(actingOf({ ...live, supervisor: null }, null, 'admin')).toMatchObject({
      faults: null,
      processes: 'no-supervisor',
    });
  });

  test('nothing with --no-chaos, before the first news, in the past, and without the right', () => {
    expect(actingOf({ ...live, chaos: false }, null, 'admin')).toMatchObject({
      faults: 'chaos-off',
      processes: 'chaos-off',
    });
    expect(actingOf(emptyModel, null, 'admin').faults).toBe('not-heard');
    expect(actingOf(live, 3, 'owner')).toEqual({ faults: 'past', processes: 'past', requests: 'past' });
    expect(actingOf(live, null, 'member')).toEqual({ faults: 'role', processes: 'role', requests: null });
    expect(actingOf(live, null, 'guest').requests).toBe('role');
    expect(actingOf(live, null, null).requests).toBe('role');
  });
});

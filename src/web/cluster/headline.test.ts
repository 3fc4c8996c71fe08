import { describe, expect, test } from 'vitest';
import { announcements, heardOf } from './announce.ts';
import { headlineOf } from './headline.ts';
import { type ClusterModel, emptyModel, reduce } from './model.ts';
import { news, processView, topologyView } from './test-news.ts';

const modelOf = (...args: Parameters<typeof topologyView>): ClusterModel =>
  reduce(emptyModel, news(1, { topology: topologyView(...args) }));

describe('the headline', () => {
  test('says that nothing was heard, rather than that nothing is there', () => {
    expect(headlineOf(emptyModel)).toEqual({ say: 'listening' });
  });

  test('says that all have everything only when all have', () => {
    expect(headlineOf(modelOf(3))).toEqual({ say: 'whole', primary: 's1', epoch: 1, count: 3 });
    expect(headlineOf(modelOf(3, { s3: { inSync: false } }))).toEqual({
      say: 'partly',
      primary: 's1',
      epoch: 1,
      holding: 2,
      count: 3,
      troubles: [{ condition: 'behind', names: ['s3'] }],
    });
  });

  test('says the same of several in one breath, the worst first', () => {
    const gone = { role: 'down' as const };
    const { troubles } = headlineOf(modelOf(5, { s2: { inSync: false }, s3: gone, s5: gone })) as {
      troubles?: unknown;
    };
    expect(troubles).toEqual([
      { condition: 'down', names: ['s3', 's5'] },
      { condition: 'behind', names: ['s2'] },
    ]);
  });

  test('counts a paused server that is still waited for as one that has everything, and says that it is paused', () => {
    const supervisor = { pid: 1, servers: [processView('s2', { state: 'paused' })], doing: null, audit: null };
    const model = reduce(emptyModel, news(1, { topology: topologyView(2), supervisor }));
    expect(headlineOf(model)).toMatchObject({ say: 'partly', holding: 2, troubles: [{ condition: 'paused' }] });
  });

  test('says when nobody leads, also while the last one who did is known to be gone', () => {
    expect(headlineOf(modelOf(2, { s1: { role: 'down' } }))).toMatchObject({ say: 'noPrimary' });
    const supervisor = { pid: 1, servers: [processView('s1', { state: 'waiting' })], doing: null, audit: null };
    const model = reduce(emptyModel, news(1, { topology: topologyView(2), supervisor }));
    expect(headlineOf(model)).toMatchObject({ say: 'noPrimary', troubles: [{ condition: 'down', names: ['s1'] }] });
  });

  test('does not call one server a cluster', () => {
    expect(headlineOf(modelOf(1))).toEqual({ say: 'lone', primary: 's1', epoch: 1 });
  });
});

describe('what is said aloud', () => {
  const heard = (...args: Parameters<typeof topologyView>) => heardOf(modelOf(...args))!;

  test('nothing while nothing changes', () => {
    expect(announcements(heard(3), heard(3, { s2: { last: 99 } }))).toEqual([]);
  });

  test('a takeover is one sentence about the new primary and one about the old', () => {
    const after = heard(3, { s1: { role: 'down' }, s2: { role: 'primary', epoch: 2 } });
    expect(announcements(heard(3), after)).toEqual([
      { say: 'promoted', name: 's2', epoch: 2 },
      { say: 'down', name: 's1' },
    ]);
  });

  test('servers that come and go', () => {
    expect(announcements(heard(2), heard(3))).toEqual([{ say: 'added', name: 's3' }]);
    expect(announcements(heard(3), heard(2))).toEqual([{ say: 'removed', name: 's3' }]);
  });

  test('a storm is three sentences and a number', () => {
    const gone = Object.fromEntries(['s2', 's3', 's4', 's5', 's6'].map((name) => [name, { role: 'down' as const }]));
    const said = announcements(heard(6), heard(6, gone));
    expect(said.length).toBe(4);
    expect(said[3]).toEqual({ say: 'more', count: 2 });
  });
});

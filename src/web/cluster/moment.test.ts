import { describe, expect, test } from 'vitest';
import type { ClusterHistory } from '../../protocol/index.ts';
import { emptyModel, reduce } from './model.ts';
import { countUpTo, momentOf } from './moment.ts';
import { news, requestView, topologyView } from './test-news.ts';

describe('a moment of the past', () => {
  const before = topologyView(3);
  const after = topologyView(3, { s1: { role: 'down' }, s2: { role: 'primary', epoch: 2 } });
  const history: ClusterHistory = {
    server: 's3',
    topologies: [
      { at: 100, topology: before },
      { at: 200, topology: after },
    ],
    events: [
      { id: 'a', at: 150, server: 's2', epoch: 1, what: 'primary-lost' },
      { id: 'b', at: 200, server: 's2', epoch: 2, what: 'promoted' },
    ],
    requests: [requestView(1, { at: 90 }), requestView(2, { at: 210 })],
  };
  const supervisor = { pid: 1, servers: [], doing: null, audit: null };
  const live = reduce(emptyModel, news(900, { topology: after, supervisor }));

  test('has what was there then, and nothing that came after it', () => {
    const moment = momentOf(history, live, 160);
    expect(moment.topology).toBe(before);
    expect(moment.events.map(({ id }) => id)).toEqual(['a']);
    expect(moment.requests.map(({ label }) => label)).toEqual(['data-1']);
    expect(momentOf(history, live, 200).topology).toBe(after);
  });

  test('makes up nothing that nobody remembers', () => {
    expect(momentOf(history, live, 160)).toMatchObject({ supervisor: null, flows: [], faults: {} });
  });

  test('before the first that is remembered is that first one', () => {
    expect(momentOf(history, live, 5).topology).toBe(before);
  });

  test('is found by halving', () => {
    const list = [1, 2, 2, 5];
    expect([0, 1, 2, 4, 5, 9].map((at) => countUpTo(list, at, (item) => item))).toEqual([0, 1, 3, 3, 4, 4]);
  });
});

import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../../protocol/index.ts';
import { conditionOf, emptyModel, isSynchronised, kept, merged, newestIndex, reduce, serversOf } from './model.ts';
import { news, processView, requestView, serverView, topologyView } from './test-news.ts';

const event = (id: string, at: number): ClusterEvent => ({ id, at, server: 's1', epoch: 1, what: 'promoted' });

describe('news, gathered', () => {
  test('keep what a piece of news does not speak of', () => {
    const topology = topologyView(2);
    const supervisor = { pid: 1, servers: [], doing: null, audit: null };
    const first = reduce(emptyModel, news(1, { topology, supervisor }));
    const then = reduce(first, news(2, { chaos: false }));
    expect(then).toMatchObject({ at: 2, topology, supervisor, chaos: false });
    expect(reduce(then, news(3, { supervisor: null })).supervisor).toBeNull();
  });

  test('have each event once, in order, whichever server told it first', () => {
    const first = reduce(emptyModel, news(10, { events: [event('a', 1), event('c', 3)] }));
    const then = reduce(first, news(11, { events: [event('b', 2), event('c', 3), event('d', 4)] }));
    expect(then.events.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('forget what is too old and what is too much', () => {
    const old = reduce(emptyModel, news(0, { events: [event('old', 0)] }));
    expect(reduce(old, news(kept.eventsMs + 1)).events).toEqual([]);
    const many = Array.from({ length: kept.events + 5 }, (_, at) => event(`e${at}`, at));
    const full = reduce(emptyModel, news(10, { events: many }));
    expect(full.events.length).toBe(kept.events);
    expect(full.events[0]?.id).toBe('e5');
  });

  test('show a request as it was told last', () => {
    const first = reduce(emptyModel, news(1, { requests: [requestView(1, { processedBy: null })] }));
    const then = reduce(first, news(2, { requests: [requestView(1, { processedBy: 's2' }), requestView(2)] }));
    expect(then.requests.map(({ processedBy }) => processedBy)).toEqual(['s2', 's1']);
  });

  test('forget flows after a second', () => {
    const flows = [{ from: 's1', to: 's2', what: 'append' as const, count: 3 }];
    const first = reduce(emptyModel, news(1_000, { flows }));
    expect(first.flows).toEqual([{ at: 1_000, flows }]);
    expect(reduce(first, news(1_900)).flows).toEqual([{ at: 1_000, flows }]);
    expect(reduce(first, news(2_001)).flows).toEqual([]);
  });

  test('merge in the order of place, the newer winning', () => {
    const at = ({ place }: { place: number }) => place;
    const all = merged([{ place: 1 }, { place: 3 }], [{ place: 2 }], at, at);
    expect(all.map(at)).toEqual([1, 2, 3]);
    expect(merged(all, [], at, at)).toBe(all);
  });
});

describe('how a server is shown', () => {
  test('as what its process does before what the others last heard', () => {
    const primary = serverView('s1');
    expect(conditionOf(primary, null)).toBe('primary');
    expect(conditionOf(primary, processView('s1', { state: 'paused' }))).toBe('paused');
    expect(conditionOf(primary, processView('s1', { state: 'waiting', pid: null }))).toBe('down');
    expect(conditionOf(serverView('s2'), null)).toBe('backup');
    expect(conditionOf(serverView('s2', { inSync: false }), null)).toBe('behind');
    expect(conditionOf(serverView('s2', { role: 'down', inSync: true }), processView('s2'))).toBe('down');
    expect(conditionOf(null, processView('s4', { state: 'starting' }))).toBe('down');
  });

  test('not as dead because a link of it was cut, which is all that the others know', () => {
    const faults = { s2: { cutFrom: ['s1'], slowLinkMs: 0, slowDiskMs: 0 } };
    const topology = topologyView(3, { s2: { role: 'down', inSync: false }, s3: { role: 'down', inSync: false } });
    const conditions = serversOf(reduce(emptyModel, news(1, { topology, faults }))).map(({ condition }) => condition);
    expect(conditions).toEqual(['primary', 'behind', 'down']);
  });

  test('in the order of their numbers, those that only the supervisor knows among them', () => {
    const supervisor = { pid: 1, servers: [processView('s10'), processView('s2')], doing: null, audit: null };
    const model = reduce(emptyModel, news(1, { topology: topologyView(2), supervisor }));
    expect(serversOf(model).map(({ name }) => name)).toEqual(['s1', 's2', 's10']);
    expect(serversOf(model)[2]).toMatchObject({ server: null, condition: 'down' });
  });

  test('and how far the log has come is what living servers have', () => {
    const topology = topologyView(3, { s2: { last: 40 }, s3: { role: 'down', last: 90 } });
    expect(newestIndex(reduce(emptyModel, news(1, { topology })))).toBe(40);
    expect(newestIndex(emptyModel)).toBe(0);
  });

  test('a request is synchronised where it is in the database, not before', () => {
    expect(isSynchronised(serverView('s2', { last: 7, applied: 6 }), requestView(7))).toBe(false);
    expect(isSynchronised(serverView('s2', { applied: 7 }), requestView(7))).toBe(true);
  });
});

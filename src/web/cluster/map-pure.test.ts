import { describe, expect, test } from 'vitest';
import type { Flow } from '../../protocol/index.ts';
import { movedTo, type Places, placesFor } from './map-places.ts';
import { sceneOf, spanFor } from './map-scene.ts';
import { TrafficSample, trafficTimes } from './map-traffic.ts';
import { emptyModel, reduce } from './model.ts';
import { news, topologyView } from './test-news.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `s${at + 1}`);

const nearest = (places: Places): number => {
  const all = Object.values(places);
  return Math.min(...all.flatMap((a, at) => all.slice(at + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))));
};

describe('places on the map', () => {
  test('1 to 9 servers stand apart', () => {
    expect(placesFor({}, ['s1'])).toEqual({ s1: { x: 0, y: 0, turn: null } });
    for (let count = 2; count <= 9; count++) {
      expect(nearest(placesFor({}, names(count))), `${count}`).toBeGreaterThan(2 * Math.sin(Math.PI / count) - 0.01);
    }
  });

  test('are kept when others come and go, and found again', () => {
    const three = placesFor({}, names(3));
    const four = placesFor(three, names(4));
    for (const name of names(3)) expect(four[name]).toEqual(three[name]);
    const without = placesFor(four, ['s1', 's3', 's4']);
    expect(placesFor(without, names(4))).toEqual(four);
  });

  test('who comes takes the widest gap, and they stay apart up to nine', () => {
    let places = placesFor({}, names(3));
    for (let count = 4; count <= 9; count++) places = placesFor(places, names(count));
    expect(nearest(places)).toBeGreaterThan(0.35);
  });

  test('one in the middle makes way for a ring', () => {
    const places = placesFor(placesFor({}, ['s1']), names(3));
    expect(places).toEqual(placesFor({}, names(3)));
  });

  test('what a person has moved stays, inside the map', () => {
    const places = movedTo(placesFor({}, names(3)), 's2', 5, -0.2);
    expect(places.s2).toEqual({ x: 1, y: -0.2, turn: null });
    expect(placesFor(places, names(5)).s2).toEqual(places.s2);
  });
});

describe('what the map shows', () => {
  const model = (...args: Parameters<typeof topologyView>) =>
    reduce(emptyModel, news(1, { topology: topologyView(...args) }));

  test('a link between each two servers, and which lead to the primary', () => {
    const { links, nodes } = sceneOf(model(3), 's2', 's3');
    expect(links.map(({ key, kind }) => [key, kind])).toEqual([
      ['s1 s2', 'spine'],
      ['s1 s3', 'spine'],
      ['s2 s3', 'mesh'],
    ]);
    expect(nodes.map(({ selected, here }) => [selected, here])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(sceneOf(model(9), null, null).links.length).toBe(36);
  });

  test('a link that is cut is cut from either end, and one to a dead server is gone', () => {
    const faults = { s2: { cutFrom: ['s1'], slowLinkMs: 0, slowDiskMs: 0 } };
    const slow = { s3: { cutFrom: [], slowLinkMs: 50, slowDiskMs: 0 } };
    const topology = topologyView(4, { s4: { role: 'down' } });
    const { links } = sceneOf(reduce(emptyModel, news(1, { topology, faults: { ...faults, ...slow } })), null, null);
    expect(Object.fromEntries(links.map(({ key, state }) => [key, state]))).toEqual({
      's1 s2': 'cut',
      's1 s3': 'slow',
      's1 s4': 'gone',
      's2 s3': 'slow',
      's2 s4': 'gone',
      's3 s4': 'gone',
    });
  });

  test('strips on one scale, in which whoever is furthest behind can be seen', () => {
    const { nodes, span } = sceneOf(model(2, { s1: { last: 1_000 }, s2: { last: 700, applied: 600 } }), null, null);
    expect(span).toBe(500);
    expect(nodes[1]?.strip).toEqual({ lag: 300, stored: 0.4, committed: 0, applied: 0.2 });
    expect(nodes[0]?.strip?.stored).toBe(1);
    expect(spanFor(0)).toBe(20);
    expect(spanFor(1_000_000)).toBe(1_250_000);
  });

  test('a dead server does not stretch the scale, has no clients, and keeps its own epoch', () => {
    const topology = topologyView(2, {
      s1: { epoch: 3, last: 90_000 },
      s2: { role: 'down', last: 5, epoch: 2, connections: 4 },
    });
    const { span, nodes } = sceneOf(reduce(emptyModel, news(1, { topology })), null, null);
    expect(span).toBe(20);
    expect(nodes[1]).toMatchObject({ oldEpoch: 2, clients: 0 });
    expect(nodes[0]).toMatchObject({ oldEpoch: null, clients: 1 });
  });

  test('how much of a snapshot is there', () => {
    const { nodes } = sceneOf(model(2, { s2: { fetching: { done: 25, of: 100 } } }), null, null);
    expect(nodes[1]?.fetched).toBe(0.25);
  });
});

describe('what moves on the map', () => {
  const flow = (count: number, what: Flow['what'] = 'append'): Flow => ({ from: 's1', to: 's2', what, count });

  test('everything, while it is little, and each step of an entry after the one before', () => {
    const sample = new TrafficSample();
    const movers = sample.hear(1_000, [flow(2), flow(2, 'stored'), flow(1, 'committed')]);
    expect(movers.length).toBe(5);
    expect(sample.traffic).toEqual({ oneOf: 1, perSecond: 5 });
    const begin = (what: Flow['what']) => Math.min(...movers.filter((one) => one.what === what).map((m) => m.startMs));
    expect(begin('stored') - begin('append')).toBe(trafficTimes.flightMs);
    expect(begin('committed') - begin('stored')).toBe(trafficTimes.flightMs);
  });

  test('a fair sample of much, and never more than a bounded number', () => {
    const sample = new TrafficSample();
    let shown = 0;
    for (let at = 0; at < 100; at++) {
      const movers = sample.hear(at * 100, [flow(600), flow(300, 'stored')]);
      // After the first second it has settled.
      if (at >= 50) shown += movers.length;
    }
    const { oneOf, perSecond } = sample.traffic;
    expect(perSecond).toBe(9_000);
    expect(oneOf).toBe(200);
    expect(shown).toBeCloseTo((50 * 900) / oneOf, -1);
    expect(shown / 5).toBeLessThanOrEqual(trafficTimes.shownPerSecond);
  });

  test('a burst out of nothing is bounded too', () => {
    expect(new TrafficSample().hear(0, [flow(100_000)]).length).toBeLessThanOrEqual(trafficTimes.shownPerSecond);
  });

  test('all of it again when it is little again', () => {
    const sample = new TrafficSample();
    sample.hear(0, [flow(5_000)]);
    expect(sample.traffic.oneOf).toBe(100);
    sample.pass(2_000);
    expect(sample.traffic).toEqual({ oneOf: 1, perSecond: 0 });
  });
});

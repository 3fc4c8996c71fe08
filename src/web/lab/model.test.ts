import { describe, expect, test } from 'vitest';
import type { LabNews } from '../../protocol/index.ts';
import { emptyModel, freeName, type LabModel, reduce, topicsOf, withSend } from './model.ts';
import { delivery, dials, event, firstNews, node, sample } from './test-news.ts';

const heard = (...news: readonly Partial<LabNews>[]): LabModel =>
  news.reduce<LabModel>((model, one) => reduce(model, { at: 2_000, ...one }), reduce(emptyModel, firstNews()));

const keysOf = ({ lines }: LabModel): readonly number[] => lines.map(({ key }) => key);

describe('what is known of the lab', () => {
  test('what a piece of news does not say is as before, and is the same object', () => {
    const before = heard({ nodes: [node('a')] });
    const next = reduce(before, { at: 3_000 });
    for (const part of ['nodes', 'samples', 'turns', 'lines', 'boxes', 'devices', 'dials'] as const) {
      expect(next[part], part).toBe(before[part]);
    }
  });

  test('nodes come, change and go, in the order in which they joined', () => {
    const model = heard(
      { nodes: [node('b', { joinedAt: 5 }), node('a', { joinedAt: 9 })] },
      { nodesChanged: [node('c', { joinedAt: 1 }), node('a', { joinedAt: 9, topics: ['news'] })], nodesGone: ['b'] },
    );
    expect([...model.nodes.keys()]).toEqual(['c', 'a']);
    expect(model.nodes.get('a')?.topics).toEqual(['news']);
  });

  test('samples are kept for a chart and no longer, and those told again are not there twice', () => {
    const all = Array.from({ length: 60 }, (_, n) => sample(n * 500));
    let model = heard({});
    for (const one of all) model = reduce(model, { at: 1, samples: [one] });
    expect(model.samples).toEqual(all.slice(-24));
    expect(reduce(model, { at: 1, samples: all.slice(-20) }).samples.map(({ at }) => at)).toEqual(
      all.slice(-24).map(({ at }) => at),
    );
  });

  test('a change of dials is a turn, once, and begins without the figures of the segment before', () => {
    const device = {
      node: 'a',
      name: 'A',
      method: 'direct',
      messages: 1,
      delivered: 1,
      confirmed: 0,
      duplicates: 0,
      attempts: 1,
    } as const;
    const before = heard({ devices: [device] });
    expect(before.devices.size).toBe(1);
    expect(reduce(before, { at: 1, dials: { ...dials(1), who: 'run' } }).devices.size).toBe(1);
    const next = reduce(reduce(before, { at: 1, dials: dials(2) }), { at: 1, dials: { ...dials(2), who: 'run' } });
    expect(next.turns.map(({ segment }) => segment)).toEqual([1, 2]);
    expect(next.devices.size).toBe(0);
  });

  test('the log is bounded, tells no event twice, and adds up what was left out', () => {
    let model = heard({ events: [event(1), event(2)] }, { events: [event(1), event(2), event(3)], eventsLeftOut: 4 });
    model = reduce(reduce(model, { at: 1, eventsLeftOut: 5 }), { at: 1, events: [event(13)] });
    expect(model.lines.map((line) => ('event' in line ? line.event.number : -line.leftOut))).toEqual([1, 2, 3, -9, 13]);
    for (let number = 14; number < 900; number++) model = reduce(model, { at: 1, events: [event(number)] });
    expect(model.lines).toHaveLength(400);
    expect(new Set(keysOf(model)).size).toBe(400);
  });

  test('no class and no run are news as well', () => {
    const open = { code: 'X', teacher: 't', dials: 'teacher', openedAt: 1, nodes: 0, question: null } as const;
    const model = heard({ class: open });
    expect(reduce(model, { at: 1 }).class).toBe(open);
    expect(reduce(model, { at: 1, class: null }).class).toBeNull();
  });
});

describe('the messages of a node', () => {
  const boxOf = (id: string, model: LabModel) => model.boxes.get(id)!;
  const sent = { node: 'a', what: 'sent', at: 1_000, to: 2, method: 'pubsub', text: 'Hi' } as const;

  test('one that was sent waits, is acknowledged by each, and is confirmed', () => {
    let model = withSend(heard({}), 'r1', { topic: 'news' });
    model = reduce(model, { at: 1, progress: [{ ...sent, message: 1, ref: 'r1' }] });
    const acknowledged = { node: 'a', what: 'acknowledged', message: 1, at: 1_200 } as const;
    model = reduce(model, { at: 1, progress: [{ ...acknowledged, by: 'b' }] });
    expect(boxOf('a', model).letters[0]).toMatchObject({
      state: 'sent',
      acknowledged: 1,
      to: 2,
      target: { topic: 'news' },
    });
    model = reduce(model, {
      at: 1,
      progress: [
        { ...acknowledged, by: 'c' },
        { node: 'a', what: 'confirmed', message: 1, at: 1_300 },
      ],
    });
    expect(boxOf('a', model)).toMatchObject({ sent: 1, confirmed: 1, givenUp: 0 });
    expect(boxOf('a', model).letters[0]).toMatchObject({ state: 'confirmed', acknowledged: 2, endedAt: 1_300 });
  });

  test('a copy that is dropped is counted with its first one; with deduplication off it is shown', () => {
    const copy = { attempt: 1, copy: true };
    let model = heard({ deliveries: [delivery(1), delivery(1, { ...copy, show: false })] });
    expect(boxOf('b', model)).toMatchObject({ received: 1, copies: 1 });
    expect(boxOf('b', model).letters).toMatchObject([{ dropped: 1, copy: false }]);
    model = reduce(model, { at: 1, deliveries: [delivery(1, { ...copy, attempt: 2 })] });
    expect(boxOf('b', model)).toMatchObject({ received: 1, copies: 2 });
    expect(boxOf('b', model).letters).toMatchObject([{ copy: false }, { copy: true }]);
  });

  test('only the newest are listed, and all are counted', () => {
    const deliveries = Array.from({ length: 500 }, (_, n) => delivery(n));
    const box = boxOf('b', heard({ deliveries }));
    expect(box.received).toBe(500);
    expect(box.letters).toHaveLength(60);
    expect(box.letters.at(-1)?.message).toBe(499);
  });

  test('stay through a lost connection, and go with their node', () => {
    const model = heard({ deliveries: [delivery(1)] }, { you: { server: 's2', nodes: [] } });
    expect(boxOf('b', model).received).toBe(1);
    expect(reduce(model, { at: 1, nodesGone: ['b'] }).boxes.size).toBe(0);
  });
});

describe('names', () => {
  test('the next free one is proposed, whatever the case of the others', () => {
    expect(freeName(new Map())).toBe('A');
    const nodes = new Map(['a', 'B', 'd'].map((id) => [id, node(id, { name: id })]));
    expect(freeName(nodes)).toBe('C');
    const all = new Map([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((id) => [id, node(id)]));
    expect(freeName(all)).toBe('A1');
  });

  test('topics are told with how many have subscribed', () => {
    const nodes = new Map([
      ['a', node('a', { topics: ['news', 'art'] })],
      ['b', node('b', { topics: ['news'] })],
    ]);
    expect(topicsOf(nodes)).toEqual([
      ['art', 1],
      ['news', 2],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { defaultSettings, expectedRate } from '../../../lab/index.ts';
import type { LabMethod } from '../../../protocol/index.ts';
import { calm, labOf, sum } from './host-kit.ts';

describe('a message', () => {
  test('reaches its node, and its sender learns of it', () => {
    const { lab, ids } = labOf(['A', 'B']);
    const sentAt = lab.nowMs;
    lab.say('A', { what: 'send', node: ids[0]!, method: 'pubsub', to: { node: ids[1]! }, text: 'hi', ref: 'r' });
    lab.playOut();
    expect(lab.deliveries('B')).toEqual([
      {
        node: ids[1],
        message: 0,
        attempt: 0,
        from: ids[0],
        fromName: 'A',
        method: 'pubsub',
        topic: null,
        text: 'hi',
        sentAt,
        copy: false,
        show: true,
      },
    ]);
    expect(lab.progress('A')).toEqual([
      { node: ids[0], message: 0, what: 'sent', at: sentAt, to: 1, method: 'pubsub', text: 'hi', ref: 'r' },
      { node: ids[0], message: 0, what: 'acknowledged', at: sentAt + 200, by: ids[1] },
      { node: ids[0], message: 0, what: 'confirmed', at: sentAt + 200 },
    ]);
    const kinds = lab.events().map(({ what }) => what);
    expect(kinds).toEqual(['joined', 'joined', 'dials', 'sent', 'delivered', 'acknowledged', 'confirmed']);
    expect(lab.events().map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('to a topic reaches its subscribers only, with copies shown as the switch says', () => {
    for (const deduplicate of [true, false]) {
      const { lab, ids } = labOf(['A', 'B', 'C'], { ...calm, ackTimeoutMs: 150, maxRetries: 1, deduplicate });
      lab.say('B', { what: 'subscribe', node: ids[1]!, topic: 'news', on: true });
      lab.say('A', { what: 'send', node: ids[0]!, method: 'pubsub', to: { topic: 'news' }, text: '' });
      lab.playOut();
      expect(lab.deliveries('B').map(({ copy, show, topic }) => [copy, show, topic])).toEqual([
        [false, true, 'news'],
        [true, !deduplicate, 'news'],
      ]);
      expect(lab.deliveries('C')).toEqual([]);
    }
  });

  test('has a story that can be told, with names', () => {
    const { lab, ids } = labOf(['A', 'B'], { ...calm, loss: 1 });
    lab.say('A', { what: 'send', node: ids[0]!, method: 'pubsub', to: { node: ids[1]! }, text: '' });
    lab.playOut();
    lab.say('B', { what: 'story', message: 0, ref: 's' });
    const { story } = lab.told('B').at(-1)!;
    expect(story).toMatchObject({ ref: 's', confirmed: false, names: { [ids[0]!]: 'A', [ids[1]!]: 'B' } });
    expect(story!.attempts.map(({ data, arrivedAtMs }) => [data.lost, arrivedAtMs])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ]);
    expect(lab.refusal('B', { what: 'story', message: 1 })).toBe('no-such-message');
  });
});

describe('a burst', () => {
  const burst = (ids: readonly string[], method: LabMethod, count: number, perSecond?: number) =>
    ({
      what: 'send',
      node: ids[0]!,
      method,
      to: { node: ids[1]! },
      text: '',
      count,
      ...(perSecond === undefined ? {} : { perSecond }),
    }) as const;

  test('keeps its rate', () => {
    const { lab, ids } = labOf(['A', 'B']);
    lab.say('A', burst(ids, 'direct', 100, 20));
    const at = lab.nowMs;
    lab.playOut();
    const sent = lab.progress('A').filter(({ what }) => what === 'sent');
    expect(sent.map((one) => one.at)).toEqual(Array.from({ length: 100 }, (_, n) => at + n * 50));
  });

  test('can be stopped: what has not been sent is not sent', () => {
    const { lab, ids } = labOf(['A', 'B']);
    lab.say('A', burst(ids, 'direct', 100, 20));
    lab.play(990);
    lab.say('A', { what: 'stop', node: ids[0]! });
    lab.playOut();
    expect(lab.deliveries('B')).toHaveLength(20);
    expect(lab.samples().at(-1)).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  test.each(['direct', 'pubsub'] as const)(
    'by %s never has more than its window on the way, and is as fast as theory says',
    (method) => {
      const settings = { ...defaultSettings, loss: 0.2, window: 4 };
      const { lab, ids } = labOf(['A', 'B'], settings);
      const at = lab.nowMs;
      lab.say('A', burst(ids, method, 2_000));
      lab.playOut();
      expect(Math.max(...lab.samples().map(({ inFlight }) => inFlight))).toBe(4);
      const sent = lab.progress('A').filter(({ what }) => what === 'sent');
      const perSecond = ((sent.length - 4) * 1_000) / (sent.at(-1)!.at - at);
      const theory = expectedRate(method, settings, 1e6).sentPerSecond;
      expect(perSecond / theory).toBeGreaterThan(0.93);
      expect(perSecond / theory).toBeLessThan(1.07);
    },
  );

  test('is refused when it is too large, to nobody, or beside too many', () => {
    const { lab, ids } = labOf(['A', 'B'], calm, { limits: { labWaitingMax: 10_500 } });
    expect(lab.refusal('A', burst(ids, 'direct', 10_001))).toBe('burst-too-large');
    expect(lab.refusal('A', burst(ids, 'direct', 2, 501))).toBe('burst-too-large');
    expect(lab.refusal('A', { ...burst(ids, 'direct', 1), to: { topic: 'x' } })).toBe('nobody-there');
    expect(lab.refusal('A', { ...burst(ids, 'direct', 1), to: { node: 'x' } })).toBe('no-such-node');
    expect(lab.refusal('B', burst(ids, 'direct', 1))).toBe('not-your-node');
    expect(lab.refusal('A', burst(ids, 'direct', 10_000, 1))).toBeNull();
    expect(lab.refusal('A', burst(ids, 'direct', 502, 1))).toBe('too-many-messages');
  });

  test('of many nodes together keeps to the lab’s pace, and everybody has their turn', () => {
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const { lab, ids } = labOf(names);
    for (const name of names) lab.say(name, burst([ids[names.indexOf(name)]!, ids[0]!], 'direct', 250));
    lab.play(5_000);
    const sent = names.map((name) => lab.progress(name).filter(({ what }) => what === 'sent').length);
    // A second's worth at once, and then so many a second.
    expect(sum(sent)).toBeGreaterThanOrEqual(2_900);
    expect(sum(sent)).toBeLessThanOrEqual(3_000);
    const later = sent.filter((count) => count < 250);
    expect(later).toHaveLength(18);
    expect(Math.max(...later) - Math.min(...later)).toBeLessThanOrEqual(1);
  });

  test('gives way to other work: its pace falls when timers are late, and comes back', () => {
    const { lab, ids } = labOf(['A', 'B']);
    lab.say('A', burst(ids, 'direct', 10_000));
    const sentIn = (ms: number): number => {
      const before = lab.progress('A').length;
      lab.play(ms);
      return lab.progress('A').length - before;
    };
    expect(sentIn(1_000)).toBeGreaterThan(490);
    for (let n = 0; n < 40; n++) {
      lab.host.late(21, lab.nowMs);
      lab.play(250);
    }
    // As slow as it gets, but for what comes back in a quarter of a second.
    const slow = sentIn(250);
    expect(slow).toBeGreaterThan(12);
    expect(slow).toBeLessThan(35);
    lab.play(10_000);
    expect(sentIn(1_000)).toBeGreaterThan(490);
    lab.host.late(20, lab.nowMs);
    expect(sentIn(1_000)).toBeGreaterThan(490);
  });

  test('waits while too many messages are not settled, and goes on then', () => {
    const { lab, ids } = labOf(['A', 'B'], calm, { limits: { labPairsMax: 50 } });
    lab.say('A', burst(ids, 'direct', 120));
    lab.play(500);
    expect(lab.progress('A')).toHaveLength(50);
    lab.playOut();
    expect(lab.deliveries('B')).toHaveLength(120);
  });
});

test('two hundred nodes: all are reached by one message, and all may send', () => {
  const names = Array.from({ length: 200 }, (_, n) => `n${n}`);
  const { lab, ids } = labOf(names);
  for (const [at, name] of names.entries()) {
    lab.say(name, { what: 'subscribe', node: ids[at]!, topic: 'all', on: true });
  }
  lab.say('n0', { what: 'send', node: ids[0]!, method: 'pubsub', to: { topic: 'all' }, text: '' });
  lab.playOut();
  expect(sum(names.map((name) => lab.deliveries(name).length))).toBe(199);
  expect(lab.known.all(0, null).totals!.pubsub).toMatchObject({ messages: 199, delivered: 199, confirmed: 199 });
  for (const [at, name] of names.entries()) {
    const to = { node: ids[(at + 1) % ids.length]! };
    lab.say(name, { what: 'send', node: ids[at]!, method: 'direct', to, text: '', count: 10 });
  }
  lab.playOut();
  expect(lab.known.all(0, null).totals!.direct).toMatchObject({ messages: 2_000, delivered: 2_000 });
  // News for all come ten times a second at most, however much happens, and say what they leave out.
  const seconds = (lab.shared.at(-1)!.at - lab.shared[0]!.at) / 1_000;
  expect(lab.shared.length).toBeLessThanOrEqual(seconds * 10 + 1);
  const told = lab.events().length + sum(lab.shared.map(({ eventsLeftOut = 0 }) => eventsLeftOut));
  expect(told).toBe(lab.events().at(-1)!.number + (lab.shared.at(-1)!.eventsLeftOut ?? 0));
});

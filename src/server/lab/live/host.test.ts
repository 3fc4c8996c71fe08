import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, expectedRate, presets } from '../../../lab/index.ts';
import type { LabDials, LabMethod } from '../../../protocol/index.ts';
import { VirtualLab } from './host-kit.ts';
import { Known } from './known.ts';

const calm: LabDials = { ...defaultSettings, loss: 0, latencyMinMs: 100, latencyMaxMs: 100 };

/** A lab with nodes of these names, each at a seat of its own, under these dials. */
const labOf = (names: readonly string[], settings: LabDials = calm, options = {}) => {
  const lab = new VirtualLab(options);
  const ids = names.map((name) => lab.join(name));
  lab.say(names[0]!, { what: 'dials', change: settings });
  return { lab, ids };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

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
    expect(lab.refusal('A', burst(ids, 'direct', 2, 1_001))).toBe('burst-too-large');
    expect(lab.refusal('A', { ...burst(ids, 'direct', 1), to: { topic: 'x' } })).toBe('nobody-there');
    expect(lab.refusal('A', { ...burst(ids, 'direct', 1), to: { node: 'x' } })).toBe('no-such-node');
    expect(lab.refusal('B', burst(ids, 'direct', 1))).toBe('not-your-node');
    expect(lab.refusal('A', burst(ids, 'direct', 10_000, 1))).toBeNull();
    expect(lab.refusal('A', burst(ids, 'direct', 502, 1))).toBe('too-many-messages');
  });

  test('of many nodes together keeps to the lab’s pace, and everybody has their turn', () => {
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    const { lab, ids } = labOf(names);
    for (const name of names) lab.say(name, burst([ids[names.indexOf(name)]!, ids[0]!], 'direct', 500));
    lab.play(5_000);
    const sent = names.map((name) => lab.progress(name).filter(({ what }) => what === 'sent').length);
    // A second's worth at once, and then so many a second.
    expect(sum(sent)).toBeGreaterThanOrEqual(5_900);
    expect(sum(sent)).toBeLessThanOrEqual(6_000);
    const later = sent.filter((count) => count < 500);
    expect(later).toHaveLength(18);
    expect(Math.max(...later) - Math.min(...later)).toBeLessThanOrEqual(1);
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

describe('what is counted', () => {
  const dials = fc.record({
    loss: fc.constantFrom(0, 0.1, 0.5, 1),
    latencyMinMs: fc.integer({ min: 0, max: 50 }),
    spreadMs: fc.integer({ min: 0, max: 200 }),
    maxRetries: fc.integer({ min: 0, max: 3 }),
    ackTimeoutMs: fc.integer({ min: 20, max: 600 }),
    window: fc.constantFrom(0, 1, 5),
    deduplicate: fc.boolean(),
  });
  const sends = fc.array(
    fc.record({
      from: fc.nat(3),
      to: fc.option(fc.nat(3)),
      method: fc.constantFrom('direct' as const, 'pubsub' as const),
      count: fc.integer({ min: 1, max: 40 }),
      perSecond: fc.constantFrom(5, 50, 500),
      waitMs: fc.integer({ min: 0, max: 700 }),
      leaves: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test('adds up: everything sent is settled once, as delivered, lost or left out, in whole and by sender', () => {
    fc.assert(
      fc.property(dials, sends, fc.integer({ min: 0, max: 80 }), fc.nat(1e6), (given, all, pageMs, seed) => {
        const { spreadMs, ...rest } = given;
        const settings = { ...rest, latencyMaxMs: rest.latencyMinMs + spreadMs };
        const names = ['A', 'B', 'C', 'D'];
        const { lab, ids } = labOf(names, settings, { seed, pageMs });
        for (const name of names) {
          lab.say(name, { what: 'subscribe', node: ids[names.indexOf(name)]!, topic: 't', on: true });
        }
        let someoneLeft = false;
        for (const { from, to, method, count, perSecond, waitMs, leaves } of all) {
          const target = to === null ? { topic: 't' } : { node: ids[to]! };
          lab.say(names[from]!, { what: 'send', node: ids[from]!, method, to: target, text: '', count, perSecond });
          lab.play(waitMs);
          if (leaves && names[from] === 'D') {
            lab.gone('D');
            someoneLeft = true;
          }
        }
        lab.playOut();
        const { totals, devices = [] } = lab.known.all(0, null);
        const progress = names.flatMap((name) => lab.progress(name));
        for (const method of ['direct', 'pubsub'] as const) {
          const counted = totals?.[method];
          if (counted === undefined) continue;
          const samples = lab.samples().map((sample) => sample[method]);
          const pairs = sum(samples.map(({ sent }) => sent));
          const sent = progress.filter((one) => one.what === 'sent' && one.method === method);
          expect(pairs).toBe(sum(sent.map(({ to = 0 }) => to)));
          if (!someoneLeft) expect(counted.messages).toBe(pairs);
          expect(counted.messages).toBeLessThanOrEqual(pairs);
          expect(sum(samples.map(({ delivery }) => delivery.count))).toBe(counted.messages);
          if (!someoneLeft) expect(sum(samples.map(({ arrived }) => arrived))).toBe(counted.delivered);
          expect(counted.delivered).toBeLessThanOrEqual(counted.messages);
          expect(counted.confirmed).toBeLessThanOrEqual(counted.delivered);
          expect(counted.attempts).toBeGreaterThanOrEqual(counted.messages);
          expect(counted.delivered + counted.duplicates).toBeLessThanOrEqual(counted.attempts);
          const own = devices.filter((device) => device.method === method);
          for (const what of ['messages', 'delivered', 'confirmed', 'duplicates', 'attempts'] as const) {
            expect(sum(own.map((device) => device[what]))).toBe(counted[what]);
          }
          if (settings.loss === 0 && method === 'direct') expect(counted.delivered).toBe(counted.messages);
          if (settings.loss === 1) expect(counted.delivered).toBe(0);
        }
        expect(lab.samples().at(-1)).toMatchObject({ inFlight: 0, waiting: 0, relayLost: 0 });
      }),
      { numRuns: 60 },
    );
  });

  test('what the pages never had is left out, and no fault of the links', () => {
    const { lab, ids } = labOf(['A', 'B'], calm, { pageMs: null });
    lab.say('A', { what: 'send', node: ids[0]!, method: 'direct', to: { node: ids[1]! }, text: '', count: 10 });
    lab.playOut();
    expect(lab.known.all(0, null).totals!.direct).toMatchObject({ messages: 0, verdict: 'too-few' });
  });

  const settingsTried: readonly (readonly [string, Partial<LabDials>])[] = [
    ['experiment 1', {}],
    ['experiment 2', { loss: 0.5 }],
    ['early resends', { loss: 0.3, ackTimeoutMs: 300 }],
    ['no retries', { maxRetries: 0 }],
    ['everything is sent again', { ackTimeoutMs: 60 }],
    ['one latency', { latencyMinMs: 100, latencyMaxMs: 100 }],
    ['everything lost', { loss: 1 }],
    ['nothing lost', { loss: 0 }],
    ['broken', presets.broken],
    ['perfect', presets.perfect],
  ];
  test.each(settingsTried)('agrees with theory over 2,000 messages by each method: %s', (_, change) => {
    const { lab, ids } = labOf(['A', 'B', 'C', 'D'], { ...defaultSettings, ...change }, { pageMs: 0.5, seed: 11 });
    for (const [from, method] of [
      [0, 'direct'],
      [2, 'pubsub'],
    ] as const) {
      const word = { what: 'send', node: ids[from]!, method, to: { node: ids[from + 1]! }, text: '' } as const;
      lab.say(['A', 'B', 'C', 'D'][from]!, { ...word, count: 2_000, perSecond: 100 });
    }
    lab.playOut();
    const { direct, pubsub } = lab.known.all(0, null).totals!;
    expect([direct.messages, pubsub.messages]).toEqual([2_000, 2_000]);
    expect([direct.verdict, pubsub.verdict]).toEqual(['consistent', 'consistent']);
  });

  test('figures lie in their bands in about 95 of 100 intervals', () => {
    const { lab, ids } = labOf(['A', 'B'], defaultSettings, { seed: 3, pageMs: 1 });
    for (const method of ['direct', 'pubsub'] as const) {
      const word = { what: 'send', node: ids[0]!, method, to: { node: ids[1]! }, text: '' } as const;
      lab.say('A', { ...word, count: 10_000, perSecond: 60 });
    }
    lab.playOut();
    const figures = ['latencyP50', 'latencyP95', 'delivery', 'loss', 'throughput', 'retries', 'confirmedP50'] as const;
    for (const name of figures) {
      const all = lab.samples().flatMap(({ direct, pubsub }) => [direct[name], pubsub[name]]);
      const banded = all.flatMap(({ value, band }) => (value === null || band === null ? [] : [{ value, band }]));
      const slack = 1e-5;
      const inside = banded.filter(({ value, band }) => value >= band.low - slack && value <= band.high + slack);
      expect(banded.length, name).toBeGreaterThan(150);
      expect(inside.length / banded.length, name).toBeGreaterThan(0.91);
      // Shares of few messages come in steps, and bands that hold 95 % hold more then.
      expect(inside.length / banded.length, name).toBeLessThan(1);
    }
  });
});

describe('the dials', () => {
  test('are refused with every reason, and nothing changes', () => {
    const { lab } = labOf(['A']);
    lab.playOut();
    const segment = lab.known.dials!.segment;
    lab.say('A', { what: 'dials', change: { loss: 1.5, maxRetries: 0.5, ackTimeoutMs: 0 }, ref: 'bad' });
    const { error } = lab.told('A').at(-1)!;
    expect(error).toMatchObject({ code: 'bad-dials', about: 'dials', ref: 'bad' });
    expect(error!.problems).toEqual([
      { setting: 'loss', reason: 'too-large', bound: 1 },
      { setting: 'maxRetries', reason: 'not-whole' },
      { setting: 'ackTimeoutMs', reason: 'too-small', bound: 1 },
    ]);
    expect(lab.refusal('A', { what: 'dials', change: { latencyMinMs: 101 } })).toBe('bad-dials');
    lab.playOut();
    expect(lab.known.dials!.segment).toBe(segment);
  });

  test('begin a segment, are told to all at once, and know a preset again', () => {
    const { lab } = labOf(['A', 'B']);
    lab.playOut();
    const { segment } = lab.known.dials!;
    lab.play(1_000);
    const before = lab.shared.length;
    lab.say('B', { what: 'preset', name: 'satellite' });
    expect(lab.shared.slice(before)).toMatchObject([
      { at: lab.nowMs, dials: { segment: segment + 1, preset: 'satellite', changedBy: 'user of B', who: 'everybody' } },
    ]);
    lab.say('B', { what: 'dials', change: { loss: 0.02 } });
    lab.playOut();
    expect(lab.known.dials).toMatchObject({ segment: segment + 2, preset: null, settings: { latencyMinMs: 250 } });
  });

  test('of before are no part of the figures of now', () => {
    const { lab, ids } = labOf(['A', 'B'], { ...calm, loss: 1 });
    const word = { what: 'send', node: ids[0]!, method: 'pubsub', to: { node: ids[1]! }, text: '' } as const;
    lab.say('A', { ...word, count: 50, perSecond: 100 });
    lab.play(400);
    lab.say('A', { what: 'stop', node: ids[0]! });
    lab.say('B', { what: 'dials', change: { loss: 0 } });
    lab.say('A', { ...word, count: 200 });
    lab.playOut();
    const { totals } = lab.known.all(0, null);
    expect(totals!.pubsub).toMatchObject({ messages: 200, delivered: 200, verdict: 'consistent' });
    expect(totals!.segment).toBe(lab.known.dials!.segment);
  });
});

describe('nodes', () => {
  test('have names of their own, and no more than they may', () => {
    const lab = new VirtualLab({ limits: { labNodesMax: 5 } });
    lab.join('s', 'Ann');
    expect(lab.refusal('t', { what: 'join', name: ' ANN ' })).toBe('name-taken');
    expect(lab.refusal('t', { what: 'join', name: '\u200b' })).toBe('name-invalid');
    for (const name of ['b', 'c', 'd']) lab.join('s', name);
    expect(lab.refusal('s', { what: 'join', name: 'e' })).toBe('too-many-nodes');
    lab.join('t', 'e');
    expect(lab.refusal('u', { what: 'join', name: 'f' })).toBe('too-many-nodes');
    lab.playOut();
    const [node] = lab.nodes();
    for (let topic = 0; topic < 10; topic++)
      lab.say('s', { what: 'subscribe', node: node!.id, topic: `${topic}`, on: true });
    expect(lab.refusal('s', { what: 'subscribe', node: node!.id, topic: 'x', on: true })).toBe('too-many-topics');
  });

  test('come again as who they were, from another socket of the same person only', () => {
    const lab = new VirtualLab();
    lab.sit('s2:1', 'ann');
    lab.sit('s3:1', 'ann');
    lab.sit('s3:2', 'bob');
    const id = lab.join('s2:1', 'A');
    lab.say('s2:1', { what: 'subscribe', node: id, topic: 'news', on: true });
    expect(lab.refusal('s3:2', { what: 'join', name: 'B', node: id })).toBe('not-your-node');
    lab.gone('s2:1');
    lab.playOut();
    expect(lab.nodes()).toEqual([]);
    expect(lab.refusal('s3:2', { what: 'join', name: 'B', node: id })).toBe('not-your-node');
    expect(lab.join('s3:1', 'A', id)).toBe(id);
    lab.playOut();
    expect(lab.nodes()).toMatchObject([{ id, server: 's3', topics: ['news'] }]);
    // Before anybody has missed it: the old socket is it no more.
    lab.sit('s2:2', 'ann');
    expect(lab.join('s2:2', 'A', id)).toBe(id);
    expect(lab.told('s3:1').at(-1)!.you!.nodes).toEqual([]);
    lab.gone('s3:1');
    lab.playOut();
    expect(lab.nodes()).toMatchObject([{ id, server: 's2' }]);
  });

  test('are put right by what a server says of its sockets', () => {
    const lab = new VirtualLab();
    const id = lab.join('s2:1', 'A');
    lab.playOut();
    const [node] = lab.nodes();
    lab.play(3_000);
    lab.host.account('s2', [[{ ...node!, id: 'lost', name: 'Lost' }, 's2:7']], false, lab.nowMs);
    lab.playOut();
    expect(lab.nodes().map((one) => one.id)).toEqual(['lost']);
    lab.host.account('s2', [], true, lab.nowMs);
    lab.playOut();
    expect(lab.nodes().map((one) => one.id)).toEqual(['lost']);
    expect(id).not.toBe('lost');
    lab.host.serverDown('s2', lab.nowMs);
    lab.playOut();
    expect(lab.nodes()).toEqual([]);
  });
});

test('another server goes on with the nodes that are there, the dials, the charts and the class', () => {
  const { lab, ids } = labOf(['s1:1', 's2:1', 's3:1'], { ...calm, loss: 0.3 });
  lab.say('s2:1', { what: 'class-open' });
  lab.say('s2:1', { what: 'class-join', node: ids[1]!, code: lab.known.class?.code ?? 'CODE3' });
  lab.say('s2:1', {
    what: 'send',
    node: ids[1]!,
    method: 'pubsub',
    to: { node: ids[2]! },
    text: '',
    count: 100,
    perSecond: 50,
  });
  lab.play(2_200);
  const samples = lab.known.samples.length;
  const next = new VirtualLab({
    known: lab.known,
    server: 's2',
    isUp: (server) => server !== 's1',
    startMs: lab.nowMs,
  });
  expect(next.nodes().map(({ name }) => name)).toEqual(['s2:1', 's3:1']);
  expect(next.known.dials).toMatchObject({ segment: 3, settings: { loss: 0.3 }, changedBy: 'user of s1:1' });
  expect(next.known.samples).toHaveLength(samples);
  expect(next.known.class).toMatchObject({ teacher: 'user of s2:1' });
  expect(next.events().map(({ what }) => what)).toEqual(['moved']);
  // Whoever was at the dead server comes again by itself, as who it was.
  next.sit('s3:9', 'user of s1:1');
  expect(next.join('s3:9', 's1:1', ids[0]!)).toBe(ids[0]);
  next.say('s3:9', { what: 'send', node: ids[0]!, method: 'direct', to: { node: ids[1]! }, text: '' });
  next.playOut();
  expect(next.progress('s3:9')[0]!.message).toBeGreaterThanOrEqual(1_000);
});

test('nothing goes on by itself when nothing is to do', () => {
  const { lab, ids } = labOf(['A', 'B']);
  lab.say('A', { what: 'send', node: ids[0]!, method: 'direct', to: { node: ids[1]! }, text: '' });
  lab.playOut();
  expect(lab.host.nextDueMs(lab.nowMs)).toBeNull();
  expect(new Known(lab.limits).all(0, null).nodes).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, presets } from '../../../lab/index.ts';
import type { LabDials } from '../../../protocol/index.ts';
import { calm, labOf, sum } from './host-kit.ts';

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
      fc.property(dials, sends, fc.constantFrom(0, 0, 40), fc.nat(1e6), (given, all, pageMs, seed) => {
        const { spreadMs, ...rest } = given;
        const settings = { ...rest, latencyMaxMs: rest.latencyMinMs + spreadMs };
        const names = ['A', 'B', 'C', 'D'];
        const { lab, ids } = labOf(names, settings, { seed, pageMs });
        for (const name of names) {
          lab.say(name, { what: 'subscribe', node: ids[names.indexOf(name)]!, topic: 't', on: true });
        }
        // A page that is late, or leaves, makes messages that do not count.
        let allCount = pageMs === 0;
        for (const { from, to, method, count, perSecond, waitMs, leaves } of all) {
          const target = to === null ? { topic: 't' } : { node: ids[to]! };
          lab.say(names[from]!, { what: 'send', node: ids[from]!, method, to: target, text: '', count, perSecond });
          lab.play(waitMs);
          if (leaves && names[from] === 'D') {
            lab.gone('D');
            allCount = false;
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
          if (allCount) expect(counted.messages).toBe(pairs);
          expect(counted.messages).toBeLessThanOrEqual(pairs);
          expect(sum(samples.map(({ delivery }) => delivery.count))).toBe(counted.messages);
          if (allCount) expect(sum(samples.map(({ arrived }) => arrived))).toBe(counted.delivered);
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

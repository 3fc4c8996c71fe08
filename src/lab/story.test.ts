import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { playPart } from './batch.ts';
import { defaultSettings, type LabSettings, presets, problemsOf } from './settings.ts';
import { storyOf } from './story.ts';
import { mergeTotals } from './tally.ts';

const anySettings: fc.Arbitrary<LabSettings> = fc
  .record({
    loss: fc.double({ min: 0, max: 1, noNaN: true }),
    low: fc.double({ min: 0, max: 500, noNaN: true }),
    spread: fc.double({ min: 0, max: 500, noNaN: true }),
    maxRetries: fc.integer({ min: 0, max: 20 }),
    ackTimeoutMs: fc.double({ min: 1, max: 2_000, noNaN: true }),
  })
  .map(({ low, spread, ...rest }) => ({ ...defaultSettings, ...rest, latencyMinMs: low, latencyMaxMs: low + spread }));

describe('a story', () => {
  test('keeps the rules of PubSub, under any settings', () => {
    fc.assert(
      fc.property(anySettings, fc.integer({ min: 0, max: 2 ** 53 - 1 }), fc.nat(), (settings, seed, message) => {
        const { attempts, deliveredAtMs, confirmedAtMs, slotMs, duplicates } = storyOf(
          'pubsub',
          settings,
          seed,
          message,
        );
        expect(attempts.length).toBeLessThanOrEqual(settings.maxRetries + 1);
        for (const [n, one] of attempts.entries()) {
          expect(one.sentAtMs).toBe(n * settings.ackTimeoutMs);
          // Nothing is sent again after its ACK has come, and what is lost does not arrive.
          if (confirmedAtMs !== null) expect(one.sentAtMs).toBeLessThan(confirmedAtMs + 1e-9);
          expect(one.arrivedAtMs === null).toBe(one.data.lost);
          expect(one.ack === null).toBe(one.data.lost);
        }
        const arrived = attempts.filter((one) => one.arrivedAtMs !== null).length;
        expect(deliveredAtMs !== null).toBe(arrived > 0);
        expect(duplicates).toBe(Math.max(0, arrived - 1));
        if (confirmedAtMs === null) expect(slotMs).toBe((settings.maxRetries + 1) * settings.ackTimeoutMs);
        else expect([slotMs, deliveredAtMs! <= confirmedAtMs]).toEqual([confirmedAtMs, true]);
      }),
    );
  });

  test('is the same for the same seed; a crossing lost at a low loss is lost at any higher one', () => {
    fc.assert(
      fc.property(anySettings, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (settings, message, other) => {
        expect(storyOf('pubsub', settings, 7, message)).toEqual(storyOf('pubsub', settings, 7, message));
        const [less, more] = [Math.min(settings.loss, other), Math.max(settings.loss, other)];
        const isLost = (loss: number) => storyOf('direct', { ...settings, loss }, 7, message).attempts[0]!.data.lost;
        if (isLost(less)) expect(isLost(more)).toBe(true);
      }),
    );
  });

  test('of Direct meets the losses of PubSub’s first attempt', () => {
    for (let message = 0; message < 200; message++) {
      const [direct, pubsub] = [
        storyOf('direct', defaultSettings, 3, message),
        storyOf('pubsub', defaultSettings, 3, message),
      ];
      expect(direct.attempts[0]!.data).toEqual(pubsub.attempts[0]!.data);
    }
  });
});

test('a run cut into parts adds up to the run in one piece', () => {
  const part = { method: 'pubsub', settings: { ...defaultSettings, loss: 0.3 }, seed: 11 } as const;
  const whole = playPart({ ...part, from: 0, count: 3_000 });
  const parts = [
    [0, 1_000],
    [1_000, 1],
    [1_001, 1_999],
  ].map(([from, count]) => playPart({ ...part, from: from!, count: count! }));
  expect(mergeTotals(parts)).toEqual(whole);
});

describe('settings', () => {
  test('that can be used have no problem, the presets among them', () => {
    expect(problemsOf(defaultSettings)).toEqual([]);
    for (const preset of Object.values(presets)) expect(problemsOf({ ...defaultSettings, ...preset })).toEqual([]);
  });

  test.each([
    [{ loss: 1.01 }, 'loss', 'too-large'],
    [{ loss: -0.1 }, 'loss', 'too-small'],
    [{ loss: Number.NaN }, 'loss', 'not-a-number'],
    [{ latencyMinMs: 300 }, 'latencyMinMs', 'min-above-max'],
    [{ ackTimeoutMs: 0 }, 'ackTimeoutMs', 'too-small'],
    [{ maxRetries: 1.5 }, 'maxRetries', 'not-whole'],
    [{ window: -1 }, 'window', 'too-small'],
    [{ latencyMaxMs: Number.POSITIVE_INFINITY }, 'latencyMaxMs', 'not-a-number'],
  ] as const)('%j are refused for %s: %s', (change, setting, reason) => {
    expect(problemsOf({ ...defaultSettings, ...change })).toMatchObject([{ setting, reason }]);
  });
});

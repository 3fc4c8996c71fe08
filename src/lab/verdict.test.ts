import { describe, expect, test } from 'vitest';
import { playPart } from './batch.ts';
import { defaultSettings } from './settings.ts';
import { expected, methods } from './theory.ts';
import { judge } from './verdict.ts';

const run = (count: number, seed = 1) =>
  playPart({ method: 'pubsub', settings: defaultSettings, seed, from: 0, count });

describe('a verdict', () => {
  test('on a right model is “consistent”', () => {
    expect(judge('pubsub', run(5_000), expected('pubsub', defaultSettings)).verdict).toBe('consistent');
  });

  test.each([
    ['another loss', { loss: 0.15 }],
    ['slower links', { latencyMaxMs: 300 }],
    ['a shorter timeout', { ackTimeoutMs: 300 }],
    ['one retry fewer', { maxRetries: 0 }],
  ])('on a wrong model, %s, is “not consistent”', (_name, wrong) => {
    const theory = expected('pubsub', { ...defaultSettings, ...wrong });
    expect(judge('pubsub', run(5_000), theory).verdict).toBe('not-consistent');
  });

  test('on ten messages, or none, is “too few”', () => {
    for (const count of [0, 10]) {
      for (const method of methods) {
        const totals = playPart({ method, settings: defaultSettings, seed: 4, from: 0, count });
        expect(judge(method, totals, expected(method, defaultSettings)).verdict).toBe('too-few');
      }
    }
  });

  test('wrongly calls a right model inconsistent in about one run of a hundred', () => {
    const theory = expected('pubsub', defaultSettings);
    let wrong = 0;
    for (let seed = 0; seed < 400; seed++)
      if (judge('pubsub', run(500, seed), theory).verdict === 'not-consistent') wrong++;
    // The seeds are fixed: this figure is the same every time. Four are expected.
    expect(wrong).toBeLessThanOrEqual(12);
  });
});

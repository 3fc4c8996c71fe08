import { describe, expect, test } from 'vitest';
import { linkExperiments, playVariant, variantsOf } from './experiments.ts';

describe('an experiment', () => {
  test.each(linkExperiments)('%i is consistent with theory, and the same again with the same seed', (experiment) => {
    for (const variant of variantsOf(experiment)) {
      const { row } = playVariant(experiment, variant, 2, 2_000);
      expect(row).toMatchObject({ experiment, seed: 2, sent: 2_000, verdict: 'consistent' });
      expect(playVariant(experiment, variant, 2, 2_000).row).toEqual(row);
      expect(playVariant(experiment, variant, 3, 2_000).row).not.toEqual(row);
    }
  });

  test('4 compares retries {0, 1, 2, 5} by timeouts {300, 600, 1000}; what is given takes its place', () => {
    expect(variantsOf(4)).toHaveLength(12);
    expect(variantsOf(4, { maxRetries: 3 }).map(({ settings }) => settings.ackTimeoutMs)).toEqual([300, 600, 1_000]);
    expect(variantsOf(4, { loss: 0.7 }).every(({ settings }) => settings.loss === 0.7)).toBe(true);
  });

  test('3: slower links let a windowed sender through less', () => {
    const rates = variantsOf(3).map((variant) => playVariant(3, variant, 1, 2_000).row.throughput!.sentPerSecond);
    expect(rates[0]! / rates[2]!).toBeGreaterThan(5);
    expect(rates[1]! / rates[3]!).toBeGreaterThan(2);
  });

  test('with everything lost has no latency to show', () => {
    const [direct, pubsub] = variantsOf(1, { loss: 1 }).map((variant) => playVariant(1, variant, 7, 300).row);
    expect(direct).toMatchObject({ delivered: 0, latencyMs: { mean: null, p50: null, p95: null } });
    expect(pubsub).toMatchObject({ delivered: 0, confirmed: 0, attempts: 900, theory: { latencyMs: null } });
  });
});

/** A link with loss and latency: whether one crossing arrives, and when. */
import { type CrossingKey, randomPair } from './keyed-random.ts';
import type { LabSettings } from './settings.ts';

export interface Crossing {
  readonly lost: boolean;
  /** What it takes, in milliseconds, also when it is lost: how long its sender's slot is taken by a Direct message. */
  readonly latencyMs: number;
}

/**
 * What becomes of one crossing. Each crossing is lost or not, and late or not, independently of all others; with the
 * same seed and key it meets the same luck under any settings (a crossing that is lost at 10 % is lost at 20 %).
 */
export const cross = ({ loss, latencyMinMs, latencyMaxMs }: LabSettings, seed: number, key: CrossingKey): Crossing => {
  const { first, second } = randomPair(seed, key);
  return { lost: first < loss, latencyMs: latencyMinMs + second * (latencyMaxMs - latencyMinMs) };
};

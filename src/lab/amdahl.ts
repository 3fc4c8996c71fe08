/**
 * G. Amdahl's law (AFIPS 1967): of work whose share σ cannot be split, n workers are 1 / (σ + (1 − σ)/n) times as quick
 * as one. It knows no cost of sharing: where more threads are slower than one, σ is 1, and the law has no more to say.
 */

/** How much quicker so many workers were than one. */
export interface SpeedUp {
  readonly workers: number;
  readonly times: number;
}

export interface AmdahlFit {
  /** σ, 0 to 1. */
  readonly serialShare: number;
  /** What no number of workers goes beyond: 1/σ; null when σ is 0. */
  readonly mostSpeedUp: number | null;
}

/** What the law expects of so many workers. */
export const amdahl = (serialShare: number, workers: number): number => 1 / (serialShare + (1 - serialShare) / workers);

/**
 * The σ that fits best: 1/S = 1/n + σ(1 − 1/n) is a line through the origin in σ, so least squares have a closed form.
 * Null when nothing with more than one worker was measured.
 */
export const fitAmdahl = (measured: readonly SpeedUp[]): AmdahlFit | null => {
  let [products, squares] = [0, 0];
  for (const { workers, times } of measured) {
    if (workers < 2) continue;
    const x = 1 - 1 / workers;
    products += x * (1 / times - 1 / workers);
    squares += x * x;
  }
  if (squares === 0) return null;
  const serialShare = Math.min(1, Math.max(0, products / squares));
  return { serialShare, mostSpeedUp: serialShare === 0 ? null : 1 / serialShare };
};

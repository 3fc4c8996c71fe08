/** The beta distribution, in which the exact bounds of a share are. */

/** Enough for the fraction to converge among 10^8 samples: its steps grow with their root. */
const mostSteps = 20_000;

/** log Γ(x) for x > 0: C. Lanczos, SIAM J. Numer. Anal. 1 (1964), with g = 7 and nine coefficients. */
const logGamma = (x: number): number => {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  const sum = coefficients.reduce((total, one, at) => total + one / (x + at), 0.9999999999998099);
  const t = x + 6.5;
  return 0.9189385332046727 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
};

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (NIST Handbook, 8.17.22) evaluated from
 * the front by W. Lentz's method. P(Bin(n, x) ≥ k) is I_x(k, n − k + 1).
 */
export const incompleteBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly below the mean only; above it, the other end is asked.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const tiny = 1e-300;
  const not0 = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / not0(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < mostSteps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / not0(1 + even * d);
    c = not0(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not0(1 + odd * d);
    c = not0(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  const log = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x);
  return (Math.exp(log) * fraction) / a;
};

const halvings = 50;

/** The smallest x in [low, high] at which something that never falls reaches `level`; `high` when it does not. */
export const firstAt = (f: (x: number) => number, level: number, low: number, high: number): number => {
  let [from, to] = [low, high];
  for (let step = 0; step < halvings; step++) {
    const middle = (from + to) / 2;
    if (f(middle) >= level) to = middle;
    else from = middle;
  }
  return to;
};

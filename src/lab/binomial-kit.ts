/** The binomial distribution by its definition, for tests to hold the quick ways against. */

/** P(Bin(n, p) ≤ k), summed up. */
export const binomialBy = (n: number, p: number, k: number): number => {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
};

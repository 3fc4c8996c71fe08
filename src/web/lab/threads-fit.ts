/** Amdahl's law, and what a curve of it looks like: G. Amdahl, AFIPS spring joint conference (1967). Pure. */

/** How many times faster `threads` are than one, when the share `serial` of the work cannot be divided. */
export const amdahl = (serial: number, threads: number): number => 1 / (serial + (1 - serial) / threads);

/** Points of the curve up to so many threads, close enough to be drawn as lines. */
export const amdahlCurve = (serial: number, most: number): readonly (readonly [number, number])[] => {
  const steps = Math.max(1, Math.round((most - 1) * 10));
  return Array.from({ length: steps + 1 }, (_, at) => {
    const threads = 1 + (at * (most - 1)) / steps;
    return [threads, amdahl(serial, threads)] as const;
  });
};

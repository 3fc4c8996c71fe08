/**
 * The wall clock with a fraction of a millisecond, and without the jitter of `Date.now()`: the steady clock, set anew
 * by the wall clock whenever the two have come apart (a machine that slept, a clock that was set).
 */

/** `Date.now()` has whole milliseconds, and neither clock is quite as fast as the other. */
const apartMaxMs = 5;

let originMs = performance.timeOrigin;

/** Milliseconds since 1970. Two servers of one machine have the same. */
export const wallMs = (): number => {
  const before = Date.now();
  const steady = originMs + performance.now();
  if (Math.abs(before - steady) <= apartMaxMs) return steady;
  // Between the two readings the machine may have been busy with something else.
  const after = Date.now();
  if (steady >= before - apartMaxMs && steady <= after + apartMaxMs) return steady;
  originMs += after - steady;
  return after;
};

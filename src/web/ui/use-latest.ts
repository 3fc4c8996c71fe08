import { useCallback, useLayoutEffect, useRef } from 'react';

/** A function that stays the same and does what the newest one does: for listeners that live longer than a rendering. */
export const useLatest = <Args extends readonly unknown[], Result>(newest: (...args: Args) => Result) => {
  const current = useRef(newest);
  useLayoutEffect(() => {
    current.current = newest;
  });
  return useCallback((...args: Args): Result => current.current(...args), []);
};

/** Whether the screen is one where panes stand alone: the same width as in the style sheets. */
import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 760px)');

const subscribe = (listener: () => void): (() => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);

/** Whether there is plenty of room beside the conversation. Read once. */
export const isWide = (): boolean => matchMedia('(min-width: 1200px)').matches;

const still = matchMedia('(prefers-reduced-motion: reduce)');

const subscribeStill = (listener: () => void): (() => void) => {
  still.addEventListener('change', listener);
  return () => still.removeEventListener('change', listener);
};

/** Whether the person has asked for nothing to move. */
export const useStill = (): boolean => useSyncExternalStore(subscribeStill, () => still.matches);

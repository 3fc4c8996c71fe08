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

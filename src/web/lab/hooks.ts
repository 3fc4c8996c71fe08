/** How the lab’s components read its store: a part of the state, and again only when that part changed. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LabState, LabStore } from './lab-store.ts';

export const LabContext = createContext<LabStore | null>(null);

/** The store of this page. */
export const useLabStore = (): LabStore => {
  const store = useContext(LabContext);
  if (!store) throw new Error('There is no lab around this component.');
  return store;
};

/** A part of the state. `select` must give the same object for the same state. */
export const useLab = <T>(select: (state: LabState) => T): T => {
  const store = useLabStore();
  return useSyncExternalStore(store.subscribe, () => select(store.state));
};

/** How the page's components read the cluster's store: a part of the state, and again only when that part changed. */
import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/index.ts';
import { useChat } from '../store/hooks.ts';
import { type Acting, actingOf } from './acting.ts';
import type { ClusterState, ClusterStore } from './cluster-store.ts';

export const ClusterContext = createContext<ClusterStore | null>(null);

/** The store of this page. */
export const useClusterStore = (): ClusterStore => {
  const store = useContext(ClusterContext);
  if (!store) throw new Error('There is no cluster around this component.');
  return store;
};

/** A part of the state. `select` must give the same object for the same state. */
export const useCluster = <T>(select: (state: ClusterState) => T): T => {
  const store = useClusterStore();
  return useSyncExternalStore(store.subscribe, () => select(store.state));
};

/** Something small that is made from the state: the same object for as long as it says the same (as JSON). */
export const useDerived = <T>(derive: (state: ClusterState) => T): T => {
  const last = useRef<{ readonly text: string; readonly value: T } | null>(null);
  return useCluster((state) => {
    const value = derive(state);
    const text = JSON.stringify(value);
    if (last.current?.text !== text) last.current = { text, value };
    return last.current.value;
  });
};

/** What the person may do to the servers, and why not. */
export const useActing = (): Acting => {
  const role = useChat((state) => state.you?.role ?? null);
  return useDerived(({ live, at }) => actingOf(live, at, role));
};

/** Numbers as the language of the page writes them. */
export const useNumber = (): ((value: number, digits?: number) => string) => {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  return useCallback(
    (value, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    [locale],
  );
};

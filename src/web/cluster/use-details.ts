/** Asks one server about itself, about once a second for as long as somebody looks. */
import { useEffect, useState } from 'react';
import { type ErrorCode, EstafetError } from '../../client/index.ts';
import type { ServerDetails } from '../../protocol/index.ts';
import { useCluster, useClusterStore } from './hooks.ts';

const everyMs = 1_000;

export interface Asked {
  readonly details: ServerDetails | null;
  /** Why the last question was not answered; null when it was. */
  readonly code: ErrorCode | null;
}

/** Of the present only: the past cannot be asked. */
export const useDetails = (name: string): Asked => {
  const store = useClusterStore();
  const isPast = useCluster((state) => state.at !== null);
  const [asked, setAsked] = useState<Asked>({ details: null, code: null });
  useEffect(() => {
    if (isPast) {
      setAsked({ details: null, code: null });
      return;
    }
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const details = (await store.request(
          'GET',
          `/api/v1/cluster/servers/${encodeURIComponent(name)}`,
        )) as ServerDetails;
        if (!over) setAsked({ details, code: null });
      } catch (error) {
        const code = error instanceof EstafetError ? error.code : 'internal';
        if (!over) setAsked((before) => ({ ...before, code }));
      }
      if (!over) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [store, name, isPast]);
  return asked;
};

/** Doing something to the servers: what is under way, and what came of it, in the words of whoever did or refused it. */
import { useState } from 'react';
import { type ErrorCode, EstafetError, errors } from '../../client/index.ts';
import type { ClusterAction } from '../../protocol/index.ts';
import type { ActionOptions } from './cluster-store.ts';
import { useClusterStore } from './hooks.ts';

/** What came of the last one. `detail`: what a server added to the code, in English. */
export type ActResult =
  | {
      readonly kind: 'done';
      readonly action: ClusterAction;
      readonly server: string | null;
      readonly ms: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly action: ClusterAction;
      readonly code: ErrorCode;
      readonly detail: string | null;
    };

export interface Act {
  readonly busy: ClusterAction | null;
  readonly result: ActResult | null;
  readonly run: (action: ClusterAction, options?: ActionOptions) => Promise<void>;
}

export const useAct = (): Act => {
  const store = useClusterStore();
  const [busy, setBusy] = useState<ClusterAction | null>(null);
  const [result, setResult] = useState<ActResult | null>(null);
  const run = async (action: ClusterAction, options: ActionOptions = {}): Promise<void> => {
    setBusy(action);
    setResult(null);
    try {
      const { server } = await store.act(action, options);
      setResult({ kind: 'done', action, server, ms: options.ms ?? null });
    } catch (error) {
      const code = error instanceof EstafetError ? error.code : 'internal';
      const said = error instanceof EstafetError ? error.message : null;
      setResult({ kind: 'refused', action, code, detail: said === errors[code].message ? null : said });
    } finally {
      setBusy(null);
    }
  };
  return { busy, result, run };
};

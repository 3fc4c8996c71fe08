/** A run as a component holds it: begun, followed, cancelled, and ended when the component goes. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type ErrorCode, EstafetError } from '../../client/index.ts';
import { useStore } from '../store/hooks.ts';
import { type JobEnd, JobEnded, type JobKind, type JobView, runJob } from './batch-job.ts';

export type RunState<View extends JobView> =
  | { readonly phase: 'idle' }
  /** Asked for; `view` is null until the server has said how far it is. */
  | { readonly phase: 'running'; readonly view: View | null }
  | { readonly phase: 'ended'; readonly why: JobEnd; readonly detail: string }
  | { readonly phase: 'refused'; readonly code: ErrorCode };

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });

/** `start` resolves with the result, or with null when there is none; what became of it is in `state`. */
export const useRun = <View extends JobView>() => {
  const store = useStore();
  const [state, setState] = useState<RunState<View>>({ phase: 'idle' });
  const under = useRef<AbortController | null>(null);
  useEffect(() => () => under.current?.abort(), []);

  const start = useCallback(
    async (kind: JobKind, body: unknown): Promise<View | null> => {
      if (under.current !== null) return null;
      const controller = new AbortController();
      under.current = controller;
      setState({ phase: 'running', view: null });
      const tools = { request: store.request.bind(store), wait };
      try {
        const view = await runJob<View>(
          kind,
          body,
          tools,
          (news) => setState({ phase: 'running', view: news }),
          controller.signal,
        );
        setState({ phase: 'idle' });
        return view;
      } catch (error) {
        if (error instanceof JobEnded) setState({ phase: 'ended', why: error.why, detail: error.message });
        else setState({ phase: 'refused', code: error instanceof EstafetError ? error.code : 'internal' });
        return null;
      } finally {
        under.current = null;
      }
    },
    [store],
  );
  const cancel = useCallback(() => under.current?.abort(), []);
  return { state, start, cancel };
};

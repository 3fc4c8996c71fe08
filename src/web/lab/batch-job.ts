/**
 * A run on the server, followed from its start to its end: begun, asked about until it is over, cancelled when it is no
 * longer wanted. What a server has forgotten (it was restarted, say) is gone, and said to be. Time comes in as `wait`.
 */
import { EstafetError } from '../../client/index.ts';
import type { LabBatchView, LabFailoverView, LabThreadsView } from '../../protocol/index.ts';

export type JobView = LabBatchView | LabThreadsView | LabFailoverView;

/** Where each kind of run is begun; a run has its address below. */
export const jobPaths = {
  batches: '/api/v1/lab/batches',
  threads: '/api/v1/lab/threads',
  failovers: '/api/v1/lab/failovers',
} as const;
export type JobKind = keyof typeof jobPaths;

export interface JobTools {
  readonly request: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Resolves after so long; at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Why a run did not end with a result. */
export type JobEnd = 'cancelled' | 'gone' | 'failed';

export class JobEnded extends Error {
  readonly why: JobEnd;
  constructor(why: JobEnd, message = why as string) {
    super(message);
    this.why = why;
  }
}

/** How often one looks, in ms: often at first, because most runs are short. */
const firstLookMs = 120;
const lastLookMs = 600;
/** A server that does not answer may be in the middle of a takeover: so many looks in a row may fail. */
const looksMissedMost = 30;

const transient = (error: unknown): boolean =>
  error instanceof EstafetError && ['unavailable', 'unknown', 'overloaded', 'shutting-down'].includes(error.code);

const isGone = (error: unknown): boolean => error instanceof EstafetError && error.code === 'not-found';

/** Tells a server that a run is not wanted any more. That it cannot be told, or has ended, is no matter. */
const cancel = async ({ request }: JobTools, path: string): Promise<void> => {
  await request('DELETE', path).catch(() => undefined);
};

/**
 * Runs a job and resolves with its result. Rejects with a `JobEnded` when it ended without one, and with an
 * `EstafetError` when it could not be begun.
 *
 * @param onView hears how far it is
 * @param signal aborted, it cancels the run on the server
 */
export const runJob = async <View extends JobView>(
  kind: JobKind,
  body: unknown,
  tools: JobTools,
  onView: (view: View) => void,
  signal: AbortSignal,
): Promise<View> => {
  let view = (await tools.request('POST', jobPaths[kind], body)) as View;
  const path = `${jobPaths[kind]}/${encodeURIComponent(view.id)}`;
  let lookMs = firstLookMs;
  let missed = 0;
  onView(view);
  while (view.state === 'running') {
    await tools.wait(lookMs, signal);
    if (signal.aborted) {
      await cancel(tools, path);
      throw new JobEnded('cancelled');
    }
    try {
      view = (await tools.request('GET', path)) as View;
      missed = 0;
      onView(view);
    } catch (error) {
      if (isGone(error)) throw new JobEnded('gone');
      if (!transient(error) || ++missed > looksMissedMost) throw error;
    }
    lookMs = Math.min(lastLookMs, lookMs * 1.2);
  }
  if (view.state === 'cancelled') throw new JobEnded('cancelled');
  if (view.state === 'failed') throw new JobEnded('failed', view.error ?? 'failed');
  return view;
};

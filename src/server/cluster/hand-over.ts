/** Has the primary hand its role over, whichever server it is. */
import type { ReplicatedLog } from '../../log/index.ts';
import { EstafetError } from '../../protocol/index.ts';
import { type Asking, tellServer } from './passing.ts';

export const stepDownPath = '/api/v1/cluster/step-down';

/** This server's own part of it. Rejects with `not-possible` when no backup can take the role. */
export const stepDown = async (log: ReplicatedLog): Promise<void> => {
  try {
    await log.stepDown();
  } catch (error) {
    if (!(error instanceof EstafetError) || error.code !== 'unavailable') throw error;
    throw new EstafetError('not-possible', error.message, { cause: error });
  }
};

/** Rejects with `not-possible`, or with `action-failed` when the primary does not answer. */
export const handOver = async (asking: Asking, primary: string): Promise<void> => {
  const { log, limits } = asking;
  if (primary === log.topology().self) {
    await stepDown(log);
    return;
  }
  const deadlineMs = limits.stepDownMaxMs + limits.siblingDeadlineMs;
  await tellServer(asking, primary, { method: 'POST', path: stepDownPath, deadlineMs });
};

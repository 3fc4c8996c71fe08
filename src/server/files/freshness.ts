/**
 * Whether this server knows everything that has been acknowledged so far, by any server: what was is on the disk of every
 * server in sync, so one of those knows it once it has applied what was on its disk when it was asked.
 */
import { EstafetError } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';

/** A look at the cluster at least this often. */
const lookMs = 50;

/** Resolves when it does; rejects with `unavailable` when that takes too long, and another server may know. */
export const whenFresh = async ({ log, chat, applier, limits }: Edge): Promise<void> => {
  const own = () => log.topology().replicas.find(({ name }) => name === log.topology().self);
  const target = own()?.last ?? 0;
  const deadlineMs = performance.now() + limits.catchUpMaxMs;
  for (;;) {
    const isLed = log.topology().primary !== null;
    if (isLed && own()?.inSync === true && chat.position.index >= target) return;
    if (performance.now() >= deadlineMs) {
      throw new EstafetError('unavailable', 'This server is catching up with the others; ask another one.');
    }
    await applier.whenApplied(chat.position.index + 1, lookMs);
  }
};

/** Own messages on their way, as a timeline shows them. Pure. */
import type { ErrorCode } from '../../protocol/index.ts';
import type { PendingMessage, Timeline } from './timeline.ts';

/** Adds a message just written here. */
export const addPending = (timeline: Timeline, message: PendingMessage): Timeline => ({
  ...timeline,
  pending: [...timeline.pending, message],
});

const isSaid = (known: PendingMessage, state: PendingMessage['state'], code: ErrorCode | undefined, kept: boolean) =>
  known.state === state && known.code === code && (known.kept ?? false) === kept;

/** Says what became of a message just written; without effect when it is in the log already. */
export const setPending = (
  timeline: Timeline,
  id: string,
  state: PendingMessage['state'],
  code?: ErrorCode,
  kept = false,
): Timeline => {
  const known = timeline.pending.find((one) => one.id === id);
  // An answer is final: a later note that the message was handed to another server does not take it back.
  if (!known || known.state === 'stored' || isSaid(known, state, code, kept)) return timeline;
  const { code: _code, kept: _kept, ...rest } = known;
  const more = { ...(code === undefined ? {} : { code }), ...(kept ? ({ kept } as const) : {}) };
  const changed: PendingMessage = { ...rest, state, ...more };
  return { ...timeline, pending: timeline.pending.map((one) => (one.id === id ? changed : one)) };
};

/** Takes a failed message off the screen: given up, or about to be sent again under a new id. */
export const dropPending = (timeline: Timeline, id: string): Timeline => ({
  ...timeline,
  pending: timeline.pending.filter((one) => one.id !== id),
});

/** An own message was acknowledged: it is on `servers` disks. */
export const setStored = (timeline: Timeline, id: string, servers: number): Timeline => {
  const stored = new Map(timeline.stored).set(id, servers);
  return setPending({ ...timeline, stored }, id, 'stored');
};

/** What each action takes: the fields of its request, and none besides. */
import { type ClusterAction, type ClusterActionRequest, EstafetError } from '../../protocol/index.ts';

type Field = 'server' | 'peer' | 'ms';

/** Whether an action needs a field, or may do without. */
type Takes = Readonly<Partial<Record<Field, 'needed' | 'optional'>>>;

const one: Takes = { server: 'needed' };
const link: Takes = { server: 'needed', peer: 'optional' };
const slow: Takes = { server: 'needed', ms: 'needed' };

const takes: Readonly<Record<ClusterAction, Takes>> = {
  kill: one,
  pause: one,
  resume: one,
  restart: one,
  wipe: one,
  remove: one,
  'cut-link': link,
  'heal-link': link,
  'slow-link': slow,
  'slow-disk': slow,
  'step-down': { server: 'optional' },
  add: {},
  roll: {},
};

/** Throws `bad-request` for a field that is missing, or that the action does not take. */
export const checkFields = (request: ClusterActionRequest): void => {
  const taken = takes[request.action];
  for (const field of ['server', 'peer', 'ms'] as const) {
    const isThere = request[field] !== undefined;
    if (isThere && taken[field] === undefined) {
      throw new EstafetError('bad-request', `${field}: ${request.action} does not take it.`);
    }
    if (!isThere && taken[field] === 'needed') {
      throw new EstafetError('bad-request', `${field}: ${request.action} needs it.`);
    }
  }
};

/** A field that `checkFields` has found to be there. */
export const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new EstafetError('bad-request');
  return value;
};

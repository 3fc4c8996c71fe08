/** Whether a hello is let in, and where its stream begins. */
import { closeCodes, EstafetError } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import type { Session } from '../sessions.ts';

export type Admission =
  | { readonly kind: 'welcome'; readonly session: Session; readonly index: number }
  /** What the client has is not of this log: it begins anew after `index`. */
  | { readonly kind: 'reset'; readonly session: Session; readonly index: number }
  | { readonly kind: 'refused'; readonly error: EstafetError; readonly closeCode: number };

const signedOut = (code: 'not-signed-in' | 'session-ended'): Admission => ({
  kind: 'refused',
  error: new EstafetError(code),
  closeCode: closeCodes.notSignedIn,
});

/** This server cannot serve the client now; another one may. */
const elsewhere = (error: EstafetError): Admission => ({ kind: 'refused', error, closeCode: closeCodes.goingAway });

/** Whether nobody can be ahead of this server: then an index above its own is of another log, or of a lost one. */
const knowsAll = ({ chat, log }: Edge): boolean => {
  const { self, primary, replicas } = log.topology();
  return self === primary && replicas.every((replica) => replica.last <= chat.position.index);
};

const expected = (error: unknown): EstafetError => {
  if (error instanceof EstafetError) return error;
  throw error;
};

/** Looks at a hello: its token, and what its client has already, for which this server may first have to catch up. */
export const admit = async (edge: Edge, token: string | null, after: number | undefined): Promise<Admission> => {
  const { chat, sessions, applier, limits } = edge;
  if (token === null) return signedOut('not-signed-in');
  const session = await sessions.find(token).catch(expected);
  if (session === null) return signedOut('session-ended');
  if (session instanceof EstafetError) return elsewhere(session);
  const isAhead = after !== undefined && after > chat.position.index;
  const hasArrived = !isAhead || (await applier.whenApplied(after, limits.catchUpMaxMs));
  if (hasArrived) return { kind: 'welcome', session, index: after ?? chat.position.index };
  if (knowsAll(edge)) return { kind: 'reset', session, index: chat.position.index };
  return elsewhere(new EstafetError('unavailable', 'This server is behind what you have; another one is not.'));
};

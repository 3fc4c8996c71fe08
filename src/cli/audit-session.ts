/** The right that an audit of this machine's servers has: a bot's, taken with the machine's key and given back. */
import type { AuditSession } from '../cluster/audit/index.ts';
import { issueToken } from './token.ts';

const signOutMaxMs = 2_000;

/** Ends the session of a token, if a server answers; otherwise it stays, and the oldest of a person's are closed. */
const signOut = async (urls: readonly string[], token: string): Promise<void> => {
  for (const url of urls) {
    const headers = { authorization: `Bearer ${token}` };
    const asked = { method: 'POST', headers, signal: AbortSignal.timeout(signOutMaxMs) };
    const answer = await fetch(`${url}/api/v1/sign-out`, asked).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
  }
};

/** Opens one at a server of the data folder. Rejects with a Refusal when none can. */
export const openAuditSession = async (data: string, entries: () => readonly string[]): Promise<AuditSession> => {
  const { token } = await issueToken({ data, name: 'audit', role: 'bot' });
  return { token, release: () => signOut(entries(), token) };
};

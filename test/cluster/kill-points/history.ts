/** What a server has to say of the past, over HTTP: the messages of `general`, and its fingerprint. */
import type { MessagePage } from '../../../src/protocol/index.ts';
import { eventually } from '../../support/eventually.ts';

export interface History {
  /** The chain's hash at the index that was asked for. */
  readonly fingerprint: string;
  /** Ids of the messages, in order. */
  readonly ids: readonly string[];
  readonly indexById: ReadonlyMap<string, number>;
}

/** The history after one index and up to another, once the server has applied it. */
export const historyOf = async (url: string, token: string, from: number, upto: number): Promise<History> => {
  const fingerprint = await eventually(`${url} knows the fingerprint at ${upto}`, async () => {
    const answer = await fetch(`${url}/api/v1/fingerprints/${upto}`, { signal: AbortSignal.timeout(2_000) });
    const view = (await answer.json()) as { applied: number; fingerprint: string | null };
    return view.applied >= upto ? view.fingerprint : null;
  });
  const ids: string[] = [];
  const indexById = new Map<string, number>();
  for (let after = from; ; ) {
    const response = await fetch(`${url}/api/v1/rooms/general/messages?after=${after}&limit=200`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5_000),
    });
    const { messages } = (await response.json()) as MessagePage;
    for (const { id, index } of messages) {
      if (index > upto) continue;
      ids.push(id);
      indexById.set(id, index);
    }
    const last = messages.at(-1);
    if (last === undefined || last.index >= upto) return { fingerprint, ids, indexById };
    after = last.index;
  }
};

/** Asks running servers, over HTTP, whether they are ready and how they see the cluster. Answers null for no answer. */
import type { TopologyView } from '../../protocol/index.ts';

const answerTimeoutMs = 1_000;

const get = async (url: string): Promise<Response | null> => {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) });
  } catch {
    return null;
  }
};

/** Whether the server at `url` serves: it has a primary and has applied what is committed. */
export const isReady = async (url: string): Promise<boolean> => {
  const answer = await get(`${url}/readyz`);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
};

/** Whether the process behind `url` answers at all; one that is stopped accepts connections and says nothing. */
export const isAlive = async (url: string): Promise<boolean> => {
  const answer = await get(`${url}/healthz`);
  await answer?.body?.cancel();
  return answer !== null;
};

/** Why the first of these servers that answers is not ready, in its own words; null when none answers, or it is. */
export const unreadinessFrom = async (urls: readonly string[]): Promise<string | null> => {
  for (const url of urls) {
    const answer = await get(`${url}/readyz`);
    if (answer === null) continue;
    const body = (await answer.json().catch(() => null)) as { readonly error?: { readonly message?: string } } | null;
    return body?.error?.message ?? null;
  }
  return null;
};

/** The cluster as the first of these servers that answers sees it. */
export const topologyFrom = async (urls: readonly string[]): Promise<TopologyView | null> => {
  for (const url of urls) {
    const answer = await get(`${url}/api/v1/topology`);
    if (answer?.ok) return (await answer.json()) as TopologyView;
    await answer?.body?.cancel();
  }
  return null;
};

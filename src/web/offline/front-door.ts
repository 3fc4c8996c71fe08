import type { ClusterBrief } from '../../client/index.ts';

/**
 * The front door's address when this page is at one server's own; else null. What a browser keeps, it keeps for one
 * address: a page at the address of a server that is dead does not open any more, and what waits there waits for it.
 */
export const frontDoorInstead = (cluster: ClusterBrief | null, here: string): string | null => {
  if (cluster?.front == null || !URL.canParse(cluster.front)) return null;
  const front = new URL(cluster.front).origin;
  const own = cluster.servers.some(({ url }) => URL.canParse(url) && new URL(url).origin === here);
  return own && front !== here ? front : null;
};

/** Prepares the workspace for a run: people with tokens, and rooms that all of them are in. */
import { newCommandId } from '../../protocol/index.ts';
import { askFor } from './api.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';

export interface Workspace {
  /** Token by person's name. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Ids of the rooms. */
  readonly rooms: readonly string[];
}

/** Makes people of these names, and so many rooms with names of their own, and takes everybody into each. */
export const prepareWorkspace = async (
  cluster: ClusterUnderTest,
  people: readonly string[],
  roomCount: number,
): Promise<Workspace> => {
  const base = cluster.url(cluster.names[0]!);
  const tokens = new Map<string, string>();
  for (const name of people) {
    const body = { name, role: 'member' };
    const issued = await askFor<{ readonly token: string }>(base, '/tokens', {
      method: 'POST',
      token: cluster.machineKey,
      body,
    });
    tokens.set(name, issued.token);
  }

  const [owner] = tokens.values();
  if (owner === undefined) throw new Error('a run needs at least one person');
  const rooms = Array.from({ length: roomCount }, () => newCommandId());
  for (const id of rooms) {
    const body = { id, name: `chaos-${id.slice(-12)}` };
    await askFor(base, '/rooms', { method: 'POST', token: owner, body });
  }
  for (const [at, token] of [...tokens.values()].entries()) {
    if (at === 0) continue;
    for (const room of rooms) await askFor(base, `/rooms/${room}/join`, { method: 'POST', token, body: {} });
  }
  return { tokens, rooms };
};

/** The end of a run: everything answered, everything applied everywhere, and what each server then holds. */
import type { MessagePage, TopologyView } from '../../protocol/index.ts';
import { limits } from '../../protocol/index.ts';
import type { Entry, ServerHistory } from '../checker/index.ts';
import { askFor } from './api.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { chaosLimits } from './options.ts';
import { contentOf } from './recorder.ts';
import { until } from './waiting.ts';

/** Where all servers stand, each by its own account. */
export interface Settled {
  readonly index: number;
  readonly fingerprint: string;
}

/**
 * Resolves when every server says of itself that it has applied all of the log and all say the same index. Their
 * fingerprints are compared by whoever reads `divergences`.
 */
export const whenSettled = async (cluster: ClusterUnderTest, signal: AbortSignal): Promise<Settled> => {
  let seen: readonly (TopologyView | null)[] = [];
  return until(
    async () => {
      seen = await cluster.topologies();
      const own = seen.map((topology) => topology?.servers.find(({ name }) => name === topology.you));
      const first = own[0];
      if (!first || first.fingerprint === '') return null;
      const { applied: index, fingerprint } = first;
      const isThere = own.every((one) => one !== undefined && one.applied === index && one.last === index);
      return isThere ? { index, fingerprint } : null;
    },
    {
      maxMs: chaosLimits.settleMaxMs,
      everyMs: 50,
      signal,
      what: () => {
        const rows = seen.flatMap((topology) => topology?.servers.filter(({ name }) => name === topology.you) ?? []);
        const words = rows.map(({ name, applied, last }) => `${name} has applied ${applied} of ${last}`);
        return `the servers do not come to rest: ${words.join(', ')}`;
      },
    },
  );
};

/** A room's whole history, read page by page from one server. */
const readRoom = async (base: string, token: string, room: string): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const path = `/rooms/${room}/messages?after=${after}&limit=${limits.pageMaxMessages}`;
    const page: MessagePage = await askFor<MessagePage>(base, path, { token });
    for (const { index, id, text } of page.messages) entries.push({ index, id, room, content: contentOf(text) });
    if (page.next !== null && page.next <= after) throw new Error(`${base}${path} leads to itself (next ${page.next})`);
    after = page.next;
  }
  return entries;
};

/** Puts lists that are sorted by index together, keeping the order in which each has its entries even when it is wrong. */
const merged = (lists: readonly (readonly Entry[])[]): Entry[] => {
  const heads = lists.map(() => 0);
  const all: Entry[] = [];
  for (;;) {
    let least = -1;
    for (const [at, list] of lists.entries()) {
      const entry = list[heads[at]!];
      if (entry !== undefined && (least < 0 || entry.index < lists[least]![heads[least]!]!.index)) least = at;
    }
    if (least < 0) return all;
    all.push(lists[least]![heads[least]!++]!);
  }
};

/** Every server's whole history of these rooms, read from that server itself. */
export const readHistories = (
  cluster: ClusterUnderTest,
  token: string,
  rooms: readonly string[],
): Promise<readonly ServerHistory[]> =>
  Promise.all(
    cluster.names.map(async (server) => {
      const lists: Entry[][] = [];
      for (const room of rooms) lists.push(await readRoom(cluster.url(server), token, room));
      return { server, entries: merged(lists) };
    }),
  );

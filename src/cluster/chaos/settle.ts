/** The end of a run: everything answered, everything applied everywhere, and what each server then holds. */
import {
  type FingerprintView,
  generalRoom,
  limits,
  type MessagePage,
  type Room,
  type TopologyView,
} from '../../protocol/index.ts';
import { peopleKey, type ServerContent, type Shown } from '../checker/index.ts';
import { askFor } from './api.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { factsOf, type NameOf } from './events.ts';
import { chaosLimits } from './options.ts';
import { type Workspace, witness } from './people.ts';
import { wholeOf } from './reading.ts';
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

/** A room's messages, read page by page from one server. */
const readMessages = async (base: string, token: string, room: string, nameOf: NameOf): Promise<Shown[]> => {
  const messages: Shown[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const path = `/rooms/${room}/messages?after=${after}&limit=${limits.pageMaxMessages}`;
    const page: MessagePage = await askFor<MessagePage>(base, path, { token });
    messages.push(...page.messages.map((message) => wholeOf(message, nameOf)));
    if (page.next !== null && page.next <= after) throw new Error(`${base}${path} leads to itself (next ${page.next})`);
    after = page.next;
  }
  return messages;
};

/** The rooms that one person sees at one server, but for the one that everybody is in. */
const readRooms = async (base: string, token: string): Promise<readonly Room[]> => {
  const { rooms } = await askFor<{ readonly rooms: readonly Room[] }>(base, '/rooms', { token });
  return rooms.filter(({ id }) => id !== generalRoom);
};

const isNamed = ({ access }: Room): boolean => access !== 'direct';

/** Everything that each server holds, read from that server itself with everybody's eyes. */
export const readContents = (
  cluster: ClusterUnderTest,
  { tokens, nameOf }: Pick<Workspace, 'tokens' | 'nameOf'>,
): Promise<readonly ServerContent[]> =>
  Promise.all(
    cluster.names.map(async (server) => {
      const keyOf = (room: Room): string => (room.with ? peopleKey(room.with.map(nameOf)) : room.id);
      const base = cluster.url(server);
      const rooms = await readRooms(base, tokens.get(witness)!);
      const messages = new Map<string, Shown[]>();
      for (const { id } of rooms.filter(isNamed))
        messages.set(id, await readMessages(base, tokens.get(witness)!, id, nameOf));
      const members: ServerContent['members'][number][] = [];
      for (const [person, token] of tokens) {
        for (const room of await readRooms(base, token)) {
          if (room.joined) members.push({ person, room: keyOf(room), readIndex: room.readIndex });
        }
      }
      return {
        server,
        messages,
        members,
        rooms: rooms.map((room) => {
          return { id: keyOf(room), content: factsOf(room.name, room.topic, room.archived), members: room.members };
        }),
      };
    }),
  );

/** Indices below the last one at which fingerprints are compared as well. */
const fingerprintsBack = [0, 1, 10, 100, 1_000, 10_000] as const;

/** Asks all servers for their fingerprints at the same indices. Returns those that differ, in words. */
export const compareFingerprints = async (cluster: ClusterUnderTest, index: number): Promise<readonly string[]> => {
  const differences: string[] = [];
  for (const back of fingerprintsBack) {
    if (back >= index) break;
    const views = await Promise.all(
      cluster.names.map((name) => askFor<FingerprintView>(cluster.url(name), `/fingerprints/${index - back}`)),
    );
    const told = views.filter(({ fingerprint }) => fingerprint !== null);
    if (new Set(told.map(({ fingerprint }) => fingerprint)).size <= 1) continue;
    const words = told.map(({ server, fingerprint }) => `${server} ${fingerprint}`);
    differences.push(`fingerprints differ at ${index - back}: ${words.join(', ')}`);
  }
  return differences;
};

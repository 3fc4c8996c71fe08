/** Servers on their way into the in-sync set, from one look at the topology to the next: what to tell of them, and when. */
import type { ServerView, TopologyView } from '../../protocol/index.ts';

/** How far a server has come that is behind: bytes of a snapshot, or entries of the log. */
export interface CatchUp {
  readonly name: string;
  readonly unit: 'bytes' | 'entries';
  readonly done: number;
  readonly of: number;
}

export type CatchUpNews =
  | ({ readonly what: 'catching-up' } & CatchUp)
  /** A server that was said to catch up has done so. */
  | { readonly what: 'caught-up'; readonly name: string };

/** A server this few entries behind will have caught up before anybody has read that it is behind. */
const worthTelling = 2_000;
const tellEveryMs = 1_000;

const progressOf = (server: ServerView, primaryLast: number): CatchUp | null => {
  const { name, role, inSync, fetching, last } = server;
  if (role !== 'backup' || inSync) return null;
  if (fetching !== null) return { name, unit: 'bytes', ...fetching };
  return primaryLast - last < worthTelling ? null : { name, unit: 'entries', done: last, of: primaryLast };
};

export class CatchUps {
  /** Who is being told of, and when last. */
  readonly #toldAtMs = new Map<string, number>();

  /** What is new since the last look. At most one line a second and server. */
  look({ servers, primary }: TopologyView, nowMs: number): readonly CatchUpNews[] {
    const news: CatchUpNews[] = [];
    const primaryLast = servers.find(({ name }) => name === primary)?.last ?? 0;
    for (const server of servers) {
      const { name } = server;
      const progress = progressOf(server, primaryLast);
      const told = this.#toldAtMs.get(name);
      if (progress !== null && (told === undefined || nowMs - told >= tellEveryMs)) {
        this.#toldAtMs.set(name, nowMs);
        news.push({ what: 'catching-up', ...progress });
      }
      if (server.inSync && this.#toldAtMs.delete(name)) news.push({ what: 'caught-up', name });
    }
    return news;
  }
}

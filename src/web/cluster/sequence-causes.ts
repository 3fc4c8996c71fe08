/**
 * Which event was caused by which on another server: the sending of an entry and its receipt, a request that was taken
 * and the place that the primary gave it, a death and its discovery. Pure. What has no partner, because it was never
 * told or is not known yet, is in no pair.
 */
import type { ClusterEvent } from '../../protocol/index.ts';

/** Servers of one machine have the same clock; what they read from it is apart by less than this. */
export const clockSkewMs = 20;

/** A cause and its effect, as whole events. */
export interface Pair {
  readonly cause: ClusterEvent;
  readonly effect: ClusterEvent;
}

export interface Pairs {
  /** By the id of the effect: where the primary's entry was sent from. Of `received`. */
  readonly sent: ReadonlyMap<string, ClusterEvent>;
  /** By the id of `sent`: where it arrived. */
  readonly received: ReadonlyMap<string, ClusterEvent>;
  /** By the id of `sequenced` or `dying`: where another server handed that request over. */
  readonly handed: ReadonlyMap<string, ClusterEvent>;
  /** By the id of a backup's `request-applied`: where the primary committed it. */
  readonly committed: ReadonlyMap<string, ClusterEvent>;
  /** By the id of a backup's `request-applied`: the primary that it has begun to follow since, and has it from. */
  readonly caughtUp: ReadonlyMap<string, string>;
  readonly all: readonly Pair[];
}

/** Lists of events by some key, in the order in which they were. */
class Shelves {
  readonly #shelves = new Map<string, ClusterEvent[]>();

  put(key: string, event: ClusterEvent): void {
    const shelf = this.#shelves.get(key);
    if (shelf === undefined) this.#shelves.set(key, [event]);
    else shelf.push(event);
  }

  /** The newest that was not after `at`, or after it by no more than clocks may be apart. */
  before(key: string, at: number, fits: (event: ClusterEvent) => boolean = () => true): ClusterEvent | undefined {
    return this.#shelves.get(key)?.findLast((event) => event.at <= at + clockSkewMs && fits(event));
  }

  /** The oldest, which is then there no more. */
  takeBefore(key: string, at: number): ClusterEvent | undefined {
    const shelf = this.#shelves.get(key);
    if (shelf?.[0] === undefined || shelf[0].at > at + clockSkewMs) return undefined;
    return shelf.shift();
  }
}

const copyKey = (epoch: number, primary: string, backup: string, index: number | undefined): string =>
  `${epoch} ${primary} ${backup} ${index ?? ''}`;

/** @param events by time, each once */
export const pairsOf = (events: readonly ClusterEvent[]): Pairs => {
  const sent = new Map<string, ClusterEvent>();
  const received = new Map<string, ClusterEvent>();
  const handed = new Map<string, ClusterEvent>();
  const committed = new Map<string, ClusterEvent>();
  const caughtUp = new Map<string, string>();
  const all: Pair[] = [];
  const pair = (cause: ClusterEvent | undefined, effect: ClusterEvent): ClusterEvent | undefined => {
    if (cause !== undefined && cause.server !== effect.server) all.push({ cause, effect });
    return cause;
  };

  // Everything is put on its shelf first: a receipt may have an earlier clock than its sending.
  const shelves = new Shelves();
  for (const event of events) {
    const { what, server, peer, epoch, upto, request } = event;
    if (what === 'sent' && peer !== undefined) shelves.put(`sent ${copyKey(epoch, server, peer, upto)}`, event);
    if (what === 'received' && peer !== undefined) shelves.put(`received ${copyKey(epoch, peer, server, upto)}`, event);
    if (what === 'request-taken' && request !== undefined) shelves.put(`taken ${request}`, event);
    if (what === 'committed' && request !== undefined) shelves.put(`committed ${request}`, event);
    if (what === 'dying') shelves.put(`dying ${server}`, event);
    if (what === 'promoted') shelves.put(`promoted ${epoch} ${server}`, event);
    if (what === 'following' && peer !== undefined) {
      shelves.put(`following ${epoch} ${server} ${peer}`, event);
      shelves.put(`follows ${server}`, event);
    }
    if (what === 'stepped-down' && peer !== undefined) shelves.put(`handed ${peer}`, event);
  }

  for (const event of events) {
    const { what, server, peer, epoch, upto, request, at } = event;
    if (what === 'received' && peer !== undefined) {
      const cause = pair(shelves.takeBefore(`sent ${copyKey(epoch, peer, server, upto)}`, at), event);
      if (cause !== undefined) {
        sent.set(event.id, cause);
        received.set(cause.id, event);
      }
    } else if (what === 'stored' && peer !== undefined) {
      pair(shelves.before(`received ${copyKey(epoch, server, peer, upto)}`, at), event);
    } else if ((what === 'sequenced' || what === 'dying') && request !== undefined) {
      const taken = shelves.before(`taken ${request}`, at);
      // What was taken before this primary led was handed over when the server that took it began to follow this one.
      const followed = taken && shelves.before(`following ${epoch} ${taken.server} ${server}`, at);
      const cause = pair(followed !== undefined && followed.at > taken!.at ? followed : taken, event);
      if (cause !== undefined && cause.server !== server) handed.set(event.id, cause);
    } else if (what === 'request-applied' && request !== undefined) {
      const cause = pair(
        shelves.before(`committed ${request}`, at, (one) => one.server !== server),
        event,
      );
      const follows = shelves.before(`follows ${server}`, at);
      if (follows?.peer !== undefined && follows.at > (cause?.at ?? at)) caughtUp.set(event.id, follows.peer);
      else if (cause !== undefined) committed.set(event.id, cause);
    } else if (what === 'primary-lost' && peer !== undefined) {
      pair(shelves.before(`dying ${peer}`, at), event);
    } else if (what === 'following' && peer !== undefined) {
      pair(shelves.before(`promoted ${epoch} ${peer}`, at), event);
    } else if (what === 'resynced' && peer !== undefined) {
      pair(shelves.before(`following ${epoch} ${peer} ${server}`, at), event);
    } else if (what === 'promoted') {
      pair(
        shelves.before(`handed ${server}`, at, (one) => one.epoch < epoch),
        event,
      );
    }
  }
  return { sent, received, handed, committed, caughtUp, all };
};

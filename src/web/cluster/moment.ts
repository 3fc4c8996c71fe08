/** A moment of the past, put together from what the servers remember of the last ten minutes. Pure. */
import type { ClusterHistory } from '../../protocol/index.ts';
import { type ClusterModel, emptyModel, kept } from './model.ts';

/** How many items at the beginning of a list, in the order of `place`, are not after `at`. */
export const countUpTo = <T>(list: readonly T[], at: number, place: (item: T) => number): number => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place(list[middle]!) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The model as it was at `at`. What nobody remembers of then is not made up: links that were faulty, what the supervisor
 * did and what flowed are left out; that acting is allowed is as now, and nothing acts on the past anyway.
 */
export const momentOf = (history: ClusterHistory, live: ClusterModel, at: number): ClusterModel => {
  const { topologies } = history;
  const before = topologies[countUpTo(topologies, at, (one) => one.at) - 1];
  const takeovers = live.takeovers.filter((one) => (one.durableAt ?? one.lockedAt ?? one.detectedAt ?? 0) <= at);
  return {
    ...emptyModel,
    at,
    server: history.server,
    chaos: live.chaos,
    topology: (before ?? topologies[0])?.topology ?? null,
    supervisor: null,
    events: history.events
      .slice(
        0,
        countUpTo(history.events, at, (event) => event.at),
      )
      .slice(-kept.events),
    requests: history.requests.filter((request) => request.at <= at).slice(-kept.requests),
    takeovers,
  };
};

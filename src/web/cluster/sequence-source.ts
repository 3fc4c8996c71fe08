/** What the diagram is made of, taken from the page's store and built again as that changes: not oftener than one can see. */
import { useEffect, useState } from 'react';
import type { ClusterEvent } from '../../protocol/index.ts';
import type { ClusterState } from './cluster-store.ts';
import { useClusterStore } from './hooks.ts';
import { type Built, buildSequence } from './sequence-build.ts';

/** How many events the diagram has room for: the newest. Beyond that one looks for a needle. */
export const sequenceMost = 3_000;
/** While events keep coming, it is built again this often. */
const everyMs = 300;

interface Source {
  readonly events: readonly (readonly ClusterEvent[])[];
  readonly servers: readonly string[];
}

const sourceOf = ({ at, live, shown, history }: ClusterState): Source => ({
  // What happened before this page watched is in the history only, what came since then in the news only.
  events: at === null ? [history?.events ?? [], live.events] : [shown.events],
  servers: shown.topology?.servers.map(({ name }) => name) ?? [],
});

const same = (a: Source, b: Source): boolean =>
  a.events.length === b.events.length &&
  a.events.every((list, place) => list === b.events[place]) &&
  a.servers.join() === b.servers.join();

const build = ({ events, servers }: Source): Built =>
  buildSequence(
    // As many of each as could be among the newest of all.
    events.flatMap((list) => list.slice(-sequenceMost)),
    { servers, most: sequenceMost },
  );

/** @param paused keeps what is shown as it is; what happens meanwhile is shown afterwards */
export const useBuiltSequence = (paused: boolean): Built => {
  const store = useClusterStore();
  const [built, setBuilt] = useState(() => build(sourceOf(store.state)));
  useEffect(() => {
    if (paused) return;
    let source: Source | null = null;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let at = store.state.at;
    const make = (): void => {
      timer = null;
      const now = sourceOf(store.state);
      if (source !== null && same(source, now)) return;
      source = now;
      setBuilt(build(now));
    };
    const look = (): void => {
      // Another moment is shown at once.
      if (store.state.at !== at) {
        at = store.state.at;
        if (timer !== null) clearTimeout(timer);
        make();
      } else timer ??= setTimeout(make, everyMs);
    };
    make();
    const stop = store.subscribe(look);
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [store, paused]);
  return built;
};

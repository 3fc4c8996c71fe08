/** What the map is to show of one moment: servers, links and logs, as numbers and names, without a pixel. Pure. */
import type { FaultsView } from '../../protocol/index.ts';
import { type ClusterModel, type Condition, isCutOff, newestIndex, type ShownServer, serversOf } from './model.ts';

/** A server's log beside the others': parts of the stretch that all strips show, from 0 to 1. */
export interface Strip {
  readonly applied: number;
  readonly committed: number;
  readonly stored: number;
  /** How many entries it lacks. */
  readonly lag: number;
}

export interface SceneNode {
  readonly name: string;
  readonly condition: Condition;
  /** The epoch that it knows; null when it is the cluster's. */
  readonly oldEpoch: number | null;
  readonly clients: number;
  /** Whether this page is one of them. */
  readonly here: boolean;
  readonly strip: Strip | null;
  /** How much of a snapshot it has copied, from 0 to 1, while it does. */
  readonly fetched: number | null;
  /** It hears nothing of another, or is not heard, because that was wanted. */
  readonly cutOff: boolean;
  readonly slowLinkMs: number;
  readonly slowDiskMs: number;
  readonly selected: boolean;
}

export interface SceneLink {
  /** The two names, in order. */
  readonly key: string;
  readonly a: string;
  readonly b: string;
  /** `spine` leads to the primary: entries go along it. */
  readonly kind: 'spine' | 'mesh';
  /** `gone`: one of its ends is dead. */
  readonly state: 'whole' | 'slow' | 'cut' | 'gone';
}

export interface Scene {
  readonly epoch: number;
  readonly primary: string | null;
  /** How many entries the strips show. */
  readonly span: number;
  readonly nodes: readonly SceneNode[];
  readonly links: readonly SceneLink[];
}

const spans = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000] as const;

/** A stretch of the log in which the one that is furthest behind can still be seen. */
export const spanFor = (lag: number): number => spans.find((span) => span >= lag * 1.25) ?? Math.ceil(lag * 1.25);

const lagOf = ({ server, condition }: ShownServer, newest: number): number =>
  server === null || condition === 'down' ? 0 : Math.max(0, newest - server.last);

const stripOf = (shown: ShownServer, newest: number, span: number): Strip | null => {
  const { server } = shown;
  if (server === null) return null;
  const part = (index: number): number => Math.max(0, Math.min(1, (span - newest + index) / span));
  return {
    applied: part(server.applied),
    committed: part(server.committed),
    stored: part(server.last),
    lag: Math.max(0, newest - server.last),
  };
};

const isCut = (faults: Readonly<Record<string, FaultsView>>, a: string, b: string): boolean =>
  faults[a]?.cutFrom.includes(b) === true || faults[b]?.cutFrom.includes(a) === true;

/** @param here the server that this page is connected to */
export const sceneOf = (model: ClusterModel, selected: string | null, here: string | null): Scene => {
  const servers = serversOf(model);
  const { epoch, primary } = model.topology ?? { epoch: 0, primary: null };
  const newest = newestIndex(model);
  const span = spanFor(Math.max(...servers.map((one) => lagOf(one, newest)), 0));
  const nodes = servers.map((one): SceneNode => {
    const { name, condition, server, faults } = one;
    const fetching = server?.fetching ?? null;
    return {
      name,
      condition,
      oldEpoch: server === null || server.epoch === epoch ? null : server.epoch,
      clients: condition === 'down' ? 0 : (server?.connections ?? 0),
      here: name === here,
      strip: stripOf(one, newest, span),
      fetched: fetching === null ? null : fetching.of === 0 ? 0 : fetching.done / fetching.of,
      cutOff: name !== primary && condition !== 'down' && isCutOff(model.faults, name),
      slowLinkMs: faults?.slowLinkMs ?? 0,
      slowDiskMs: faults?.slowDiskMs ?? 0,
      selected: name === selected,
    };
  });
  const links = nodes.flatMap((one, at) =>
    nodes.slice(at + 1).map((other): SceneLink => {
      const [a, b] = [one.name, other.name];
      const gone = one.condition === 'down' || other.condition === 'down';
      const slow = one.slowLinkMs > 0 || other.slowLinkMs > 0;
      const state = isCut(model.faults, a, b) ? 'cut' : gone ? 'gone' : slow ? 'slow' : 'whole';
      return { key: `${a} ${b}`, a, b, kind: a === primary || b === primary ? 'spine' : 'mesh', state };
    }),
  );
  return { epoch, primary, span, nodes, links };
};

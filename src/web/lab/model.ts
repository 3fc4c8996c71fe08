/**
 * What this page knows of the lab, and how each piece of news changes it. Pure, and bounded: of everything that grows only
 * the newest is kept. It knows no socket and no clock; `lab-store.ts` brings it the news.
 */
import type {
  LabClass,
  LabDevice,
  LabEvent,
  LabMethod,
  LabNews,
  LabNode,
  LabRun,
  LabSample,
  LabStory,
  LabTotals,
} from '../../protocol/index.ts';
import { type Box, boxesAfter, type Target } from './letters.ts';

/** Samples side by side on a chart. */
export const samplesShown = 20;
/** As many are kept: those shown, and a few that slide out. */
const samplesKept = samplesShown + 4;
const linesKept = 400;
const breaksKept = 12;
const sendsKept = 100;

/** A line of the event log: what happened, or how many things happened that were too many to tell. */
export type LogLine =
  | { readonly key: number; readonly event: LabEvent }
  | { readonly key: number; readonly leftOut: number };

/** When dials were changed: a segment began. */
export interface Turn {
  readonly segment: number;
  readonly at: number;
}

export interface LabModel {
  /** Whether anything was heard yet. */
  readonly known: boolean;
  /** The server at which the lab runs; null while there is none. */
  readonly host: string | null;
  /** The server that this page's socket ends at. */
  readonly server: string | null;
  /** The nodes of this page; ids. */
  readonly mine: readonly string[];
  /** All nodes, in the order in which they joined. */
  readonly nodes: ReadonlyMap<string, LabNode>;
  readonly dials: NonNullable<LabNews['dials']> | null;
  /** When the dials were changed, as far as this page saw it. */
  readonly turns: readonly Turn[];
  readonly samples: readonly LabSample[];
  readonly totals: NonNullable<LabNews['totals']> | null;
  /** By node and method, of the present segment. */
  readonly devices: ReadonlyMap<string, LabDevice>;
  readonly lines: readonly LogLine[];
  readonly class: LabClass | null;
  readonly run: LabRun | null;
  readonly relayLost: number;
  /** Messages of each of my nodes. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** To whom what I sent went, by its ref. */
  readonly sends: ReadonlyMap<string, Target>;
  readonly story: LabStory | null;
}

export const emptyModel: LabModel = {
  known: false,
  host: null,
  server: null,
  mine: [],
  nodes: new Map(),
  dials: null,
  turns: [],
  samples: [],
  totals: null,
  devices: new Map(),
  lines: [],
  class: null,
  run: null,
  relayLost: 0,
  boxes: new Map(),
  sends: new Map(),
  story: null,
};

const byJoining = (nodes: Iterable<LabNode>): ReadonlyMap<string, LabNode> =>
  new Map([...nodes].sort((a, b) => a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : 1)).map((node) => [node.id, node]));

const nodesAfter = (model: LabModel, news: LabNews): LabModel['nodes'] => {
  const { nodes, nodesChanged, nodesGone } = news;
  if (!nodes && !nodesChanged && !nodesGone) return model.nodes;
  const next = new Map(nodes ? nodes.map((node) => [node.id, node]) : model.nodes);
  for (const node of nodesChanged ?? []) next.set(node.id, node);
  for (const id of nodesGone ?? []) next.delete(id);
  return byJoining(next.values());
};

const turnsAfter = (model: LabModel, dials: LabNews['dials']): LabModel['turns'] => {
  if (!dials || model.turns.at(-1)?.segment === dials.segment) return model.turns;
  return [...model.turns, { segment: dials.segment, at: dials.since }].slice(-breaksKept);
};

/** The first news of a connection tells again what may be known: what is newer than its first sample gives way to it. */
const samplesAfter = (model: LabModel, samples: LabNews['samples']): LabModel['samples'] => {
  const first = samples?.[0];
  if (!samples || !first) return model.samples;
  return [...model.samples.filter(({ at }) => at < first.at), ...samples].slice(-samplesKept);
};

const deviceKey = ({ node, method }: { readonly node: string; readonly method: LabMethod }): string =>
  `${node} ${method}`;

/** A new segment begins with no figures of the one before. */
const devicesAfter = (model: LabModel, news: LabNews): LabModel['devices'] => {
  const anew = news.dials !== undefined && news.dials.segment !== model.dials?.segment;
  if (!anew && !news.devices) return model.devices;
  const next = new Map(anew ? [] : model.devices);
  for (const device of news.devices ?? []) next.set(deviceKey(device), device);
  return next;
};

const identity = ({ number, at }: LabEvent): string => `${number} ${at}`;

const linesAfter = (model: LabModel, { events = [], eventsLeftOut = 0 }: LabNews): LabModel['lines'] => {
  if (events.length === 0 && eventsLeftOut === 0) return model.lines;
  const told = new Set(model.lines.flatMap((line) => ('event' in line ? [identity(line.event)] : [])));
  let key = model.lines.at(-1)?.key ?? 0;
  const added: LogLine[] = events
    .filter((event) => !told.has(identity(event)))
    .map((event) => {
      key += 1;
      return { key, event };
    });
  if (eventsLeftOut === 0) return [...model.lines, ...added].slice(-linesKept);
  const last = model.lines.at(-1);
  // What was left out twice in a row was left out once, and more of it.
  if (added.length === 0 && last && 'leftOut' in last) {
    return [...model.lines.slice(0, -1), { key: last.key, leftOut: last.leftOut + eventsLeftOut }];
  }
  return [...model.lines, ...added, { key: key + 1, leftOut: eventsLeftOut }].slice(-linesKept);
};

/** What is known after a piece of news. */
export const reduce = (model: LabModel, news: LabNews): LabModel => ({
  known: true,
  host: news.host === undefined ? model.host : news.host,
  server: news.you?.server ?? model.server,
  mine: news.you?.nodes ?? model.mine,
  nodes: nodesAfter(model, news),
  dials: news.dials ?? model.dials,
  turns: turnsAfter(model, news.dials),
  samples: samplesAfter(model, news.samples),
  totals: news.totals ?? model.totals,
  devices: devicesAfter(model, news),
  lines: linesAfter(model, news),
  class: news.class === undefined ? model.class : news.class,
  run: news.run === undefined ? model.run : news.run,
  relayLost: news.relayLost ?? model.relayLost,
  boxes: boxesAfter(model.boxes, news, model.sends),
  sends: model.sends,
  story: news.story ?? model.story,
});

/** The page has sent something: what comes back with this ref went there. */
export const withSend = (model: LabModel, ref: string, target: Target): LabModel => ({
  ...model,
  sends: new Map([...model.sends, [ref, target] as const].slice(-sendsKept)),
});

/** The names of whom a node may send to: all others. */
export const othersThan = (model: LabModel, id: string): readonly LabNode[] =>
  [...model.nodes.values()].filter((node) => node.id !== id);

/** Every topic that somebody has subscribed to, with how many have. */
export const topicsOf = (nodes: LabModel['nodes']): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const { topics } of nodes.values()) {
    for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
};

/** A name that no node has: A to Z, then A1 and on. */
export const freeName = (nodes: LabModel['nodes']): string => {
  const taken = new Set([...nodes.values()].map(({ name }) => name.toUpperCase()));
  for (let round = 0; ; round++) {
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      const name = round === 0 ? letter : `${letter}${round}`;
      if (!taken.has(name)) return name;
    }
  }
};

export type { LabTotals };

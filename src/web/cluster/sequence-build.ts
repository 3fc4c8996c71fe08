/**
 * The sequence diagram, made of what the servers told: events become lanes, arrows and notes in causal order. Pure, and
 * as large as it is told to be, whatever comes in: events in any order, doubled, or with others missing. What nobody
 * told is not made up: an arrow of which one end is unknown has one end.
 */
import type { ClusterEvent } from '../../protocol/index.ts';
import { type Pairs, pairsOf } from './sequence-causes.ts';
import {
  type Arrow,
  endOf,
  type Fate,
  type Item,
  type Lane,
  type Moment,
  type Note,
  peopleLane,
  type Sequence,
} from './sequence-items.ts';
import { byTime, type Cause, inCausalOrder } from './sequence-order.ts';
import { goneAfter, type Lead, leadAt, leadsOf, spansOf, subjectOf } from './sequence-roles.ts';

/** A message whose sender or receiver is gone so soon after it was sent did not arrive, unless somebody told that it did. */
const lostMs = 3_000;

export interface SequenceOptions {
  /** Servers that have a lane whether or not anything is told of them, in their order. */
  readonly servers: readonly string[];
  /** How many events there is room for: the newest. */
  readonly most: number;
}

export interface Built {
  readonly sequence: Sequence;
  /** What it was made of, in causal order: the places of `sequence.clocks`. */
  readonly events: readonly ClusterEvent[];
  readonly causes: readonly Cause[];
}

/** What is known of the requests, wherever it was told. */
interface Known {
  readonly pairs: Pairs;
  readonly leads: readonly Lead[];
  readonly labels: ReadonlyMap<string, string>;
  /** Who gave a request its place in the log: the newest to have done so. */
  readonly sequencers: ReadonlyMap<string, string>;
  /** Requests that a server handed over, as `id server`. */
  readonly handedOver: ReadonlySet<string>;
  readonly stored: ReadonlySet<string>;
  readonly moment: (event: ClusterEvent) => Moment;
  readonly gone: (server: string, since: number) => number | null;
}

const told = (event: ClusterEvent, { labels }: Known) => ({
  epoch: event.epoch,
  index: event.upto ?? event.from ?? null,
  request: event.request ?? null,
  label: event.label ?? (event.request === undefined ? null : (labels.get(event.request) ?? null)),
  reason: event.reason ?? null,
});

const noteOf = (event: ClusterEvent, what: Note['what'], known: Known): Note => ({
  ...told(event, known),
  ...known.moment(event),
  kind: 'note',
  id: `note:${event.id}`,
  what,
  lane: subjectOf(event),
  peer: event.peer !== undefined && event.peer !== subjectOf(event) ? event.peer : null,
  action: event.action ?? null,
  by: event.by ?? null,
});

type Ends = Pick<Arrow, 'what' | 'from' | 'to' | 'left' | 'arrived' | 'fate'>;

const arrowOf = (event: ClusterEvent, ends: Ends, known: Known): Arrow => {
  // Clocks that tell nonsense were not believed, and neither is what would leave after it arrived.
  const backwards = ends.left !== null && ends.arrived !== null && ends.left.place >= ends.arrived.place;
  const left = backwards ? null : ends.left;
  return { ...told(event, known), ...ends, left, kind: 'arrow', id: `${ends.what}:${event.id}` };
};

/** What became of a message without a receipt. */
const fateOf = ({ at }: ClusterEvent, ends: readonly string[], { gone }: Known): Fate => {
  const soon = ends.some((server) => {
    const goneAt = gone(server, at);
    return goneAt !== null && goneAt - at <= lostMs;
  });
  return soon ? 'lost' : 'open';
};

/** A request on its way from the server that took it to the primary. */
const handOver = (event: ClusterEvent, known: Known): readonly Item[] => {
  const cause = known.pairs.handed.get(event.id);
  if (cause === undefined) return [];
  const ends = { from: cause.server, to: event.server, left: known.moment(cause), arrived: known.moment(event) };
  return [arrowOf(event, { what: 'forward', ...ends, fate: 'arrived' }, known)];
};

/** A request came to a server; and when that was not the primary and nobody has told that it reached it, so far it went. */
const taken = (event: ClusterEvent, known: Known): readonly Item[] => {
  const at = known.moment(event);
  const come = arrowOf(
    event,
    { what: 'taken', from: peopleLane, to: event.server, left: null, arrived: at, fate: 'arrived' },
    known,
  );
  const lead = leadAt(known.leads, event.at)?.server;
  const reached =
    known.handedOver.has(`${event.request} ${event.server}`) ||
    known.sequencers.get(event.request ?? '') === event.server;
  if (lead === undefined || lead === event.server || reached) return [come];
  const fate = fateOf(event, [lead, event.server], known);
  return [
    come,
    arrowOf(event, { what: 'forward', from: event.server, to: lead, left: at, arrived: null, fate }, known),
  ];
};

const applied = (event: ClusterEvent, known: Known): readonly Item[] => {
  const sequencer = known.sequencers.get(event.request ?? '');
  if (sequencer === event.server) return [noteOf(event, 'processed', known)];
  const arrived = known.moment(event);
  const cause = known.pairs.committed.get(event.id);
  // When the primary said so is known only if it told that too; that it was the primary is known anyway.
  const from = cause?.server ?? known.pairs.caughtUp.get(event.id) ?? leadAt(known.leads, event.at)?.server;
  if (from === undefined || from === event.server) return [noteOf(event, 'synchronised', known)];
  const ends = { from, to: event.server, left: cause === undefined ? null : known.moment(cause), arrived };
  return [arrowOf(event, { what: 'synchronised', ...ends, fate: 'arrived' }, known)];
};

const copyOf = ({ epoch, upto }: ClusterEvent, backup: string): string => `${epoch} ${upto ?? ''} ${backup}`;

const itemsOf = (event: ClusterEvent, known: Known): readonly Item[] => {
  const { what, server, peer } = event;
  const at = known.moment(event);
  switch (what) {
    case 'request-taken':
      return taken(event, known);
    case 'request-applied':
      return applied(event, known);
    case 'request-answered':
      return [
        arrowOf(
          event,
          { what: 'answered', from: server, to: peopleLane, left: at, arrived: null, fate: 'arrived' },
          known,
        ),
      ];
    case 'sent': {
      if (peer === undefined) return [];
      const receipt = known.pairs.received.get(event.id);
      const arrived = receipt === undefined ? null : known.moment(receipt);
      const here = arrived !== null || known.stored.has(copyOf(event, peer));
      const fate = here ? 'arrived' : fateOf(event, [server, peer], known);
      return [arrowOf(event, { what: 'append', from: server, to: peer, left: at, arrived, fate }, known)];
    }
    case 'received': {
      if (peer === undefined || known.pairs.sent.has(event.id)) return [];
      return [
        arrowOf(event, { what: 'append', from: peer, to: server, left: null, arrived: at, fate: 'arrived' }, known),
      ];
    }
    case 'stored': {
      if (peer === undefined) return [];
      return [
        arrowOf(event, { what: 'stored', from: peer, to: server, left: null, arrived: at, fate: 'arrived' }, known),
      ];
    }
    case 'sequenced':
    case 'dying':
      return [...handOver(event, known), noteOf(event, what, known)];
    default:
      return [noteOf(event, what, known)];
  }
};

/** Times at which each server is known to be gone, looked up as often as there are messages. */
const goneTimes = (events: readonly ClusterEvent[]): Known['gone'] => {
  const deaths = events.filter(
    ({ what }) => what === 'dying' || what === 'server-down' || what === 'primary-lost' || what === 'primary-killed',
  );
  return (server, since) => goneAfter(deaths, server, since);
};

const lanesOf = (events: readonly ClusterEvent[], servers: readonly string[]): readonly Lane[] => {
  const found = new Set<string>();
  for (const { server, peer, what } of events) {
    found.add(server);
    if (peer !== undefined && what !== 'acted') found.add(peer);
  }
  for (const server of servers) found.delete(server);
  const others = [...found].sort((a, b) => (a < b ? -1 : 1));
  return [{ id: peopleLane, kind: 'people' }, ...[...servers, ...others].map((id): Lane => ({ id, kind: 'server' }))];
};

/** @param told events in any order; what is there twice counts once */
export const buildSequence = (told: readonly ClusterEvent[], { servers, most }: SequenceOptions): Built => {
  const unique = byTime(told);
  const recent = unique.slice(-most);
  const pairs = pairsOf(recent);
  const { events, causes } = inCausalOrder(
    recent,
    pairs.all.map(({ cause, effect }) => ({ from: cause.id, to: effect.id })),
  );
  const places = new Map(events.map((event, place) => [event.id, place]));
  const clocks: number[] = [];
  for (const { at } of events) clocks.push(Math.max(at, clocks.at(-1) ?? at));

  const leads = leadsOf(recent);
  const labels = new Map<string, string>();
  const sequencers = new Map<string, string>();
  const handedOver = new Set<string>();
  const stored = new Set<string>();
  for (const event of recent) {
    const { request, label, what, server, peer } = event;
    if (request !== undefined && label !== undefined) labels.set(request, label);
    if (request !== undefined && what === 'sequenced') sequencers.set(request, server);
    const cause = pairs.handed.get(event.id);
    if (cause !== undefined) handedOver.add(`${request} ${cause.server}`);
    if (what === 'stored' && peer !== undefined) stored.add(copyOf(event, peer));
  }
  const moment = (event: ClusterEvent): Moment => ({ place: places.get(event.id)!, at: event.at });
  const known: Known = { pairs, leads, labels, sequencers, handedOver, stored, moment, gone: goneTimes(recent) };
  const items = events.flatMap((event) => itemsOf(event, known));
  const sequence: Sequence = {
    lanes: lanesOf(events, servers),
    // The order of their last moments; items of the same moment stay in the order in which they were made.
    items: items.sort((a, b) => endOf(a).place - endOf(b).place),
    spans: spansOf(recent, leads),
    clocks,
    leftOut: unique.length - recent.length,
  };
  return { sequence, events, causes };
};

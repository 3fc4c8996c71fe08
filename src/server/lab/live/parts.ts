/** The parts of the lab at one server, put together: as new, or going on from what another server had told. */
import { defaultSettings, Exchange, type Happening, type Refusal } from '../../../lab/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { type Burst, Bursts } from './bursts.ts';
import { Classroom } from './classroom.ts';
import { Dials } from './dials.ts';
import { Events } from './events.ts';
import type { Known } from './known.ts';
import { Measures } from './measures.ts';
import { Membership } from './membership.ts';
import { Nodes } from './nodes.ts';
import { Outbox } from './outbox.ts';
import { Runs } from './run.ts';
import { Teller } from './teller.ts';

export interface HostStart {
  /** The server that it runs on. */
  readonly server: string;
  readonly seed: number;
  readonly limits: EdgeLimits;
  /** What this server knows of the lab as it ran elsewhere. */
  readonly known: Known;
  /** Whether a server is up: only its nodes are still there. */
  readonly isUp: (server: string) => boolean;
  /** Makes an id that nobody has had. */
  readonly newId: () => string;
  /** Makes a code for a class: capital letters and digits. */
  readonly newCode: () => string;
}

export interface LabParts {
  readonly limits: EdgeLimits;
  readonly newId: () => string;
  readonly newCode: () => string;
  readonly exchange: Exchange;
  readonly nodes: Nodes;
  readonly membership: Membership;
  readonly bursts: Bursts;
  readonly dials: Dials;
  readonly events: Events;
  readonly outbox: Outbox;
  readonly measures: Measures;
  readonly runs: Runs;
  readonly classroom: Classroom;
}

/** Numbers that may have been used meanwhile by a server that died before it could say so are passed over. */
const beyond = (next: number): number => (next <= 1 ? next : Math.ceil((next + 1_000) / 1_000) * 1_000);

export const partsOf = (given: HostStart, nowMs: number): LabParts => {
  const { server, seed, limits, known, isUp, newId, newCode } = given;
  const { dials: last, kept } = known;
  const start = {
    seed,
    settings: last?.settings ?? defaultSettings,
    segment: (last?.segment ?? 0) + 1,
    nextMessage: beyond(kept.nextMessage),
  };
  const exchangeLimits = {
    nodesMax: limits.labNodesMax,
    pairsMax: limits.labPairsMax,
    storiesMax: limits.labStoriesMax,
    graceMs: limits.labSettleGraceMs,
  };
  const happened = (happening: Happening): void => {
    measures.happened(happening);
    teller.happened(happening);
    if (happening.what === 'settled') runs.settled(happening.story, happening.pairs, happening.atMs);
  };
  const exchange = new Exchange(start, exchangeLimits, happened);
  const outbox = new Outbox();
  const events = new Events(limits.labEventsPerNewsMax, beyond(kept.nextEvent));
  const dials = new Dials(exchange, nowMs, last?.changedBy ?? null, () => measures.newSegment());
  const nodes = new Nodes(limits);
  const measures = new Measures(limits, dials, nodes);
  const teller = new Teller(nodes, events, outbox);
  const sent = (burst: Burst, message: number, atMs: number): void => {
    runs.sent(burst);
    const { from, method, text, ref } = burst;
    const member = nodes.get(from);
    if (member === undefined) return;
    const to = exchange.story(message)?.nodes.length ?? 0;
    const progress = { node: from, message, what: 'sent', at: atMs, to, method, text } as const;
    outbox.progress(member.seat, ref === undefined ? progress : { ...progress, ref });
  };
  const ended = (burst: Burst, left: number, why: Refusal | 'stopped', atMs: number): void => {
    runs.burstEnded(burst, left, atMs);
    const member = nodes.get(burst.from);
    if (member !== undefined && why !== 'stopped') outbox.refuse(member.seat, 'send', burst.ref, why);
  };
  const bursts = new Bursts(exchange, limits, { sent, ended });
  const classroom = new Classroom(limits, known.class, kept.predictions, nowMs);
  const runs = new Runs({ limits, exchange, nodes, bursts, dials, events, outbox }, known.run, (run) => {
    if (!run.ofClass || run.state !== 'done') return;
    classroom.runDone(run.experiment);
    outbox.parts.add('class');
  });
  const membership = new Membership(nodes, exchange, bursts, events, outbox);
  if (last !== undefined) events.add('moved', nowMs, () => ({ other: server }));
  const seats = new Map(kept.seats);
  for (const node of known.nodes()) {
    const seat = seats.get(node.id);
    if (seat !== undefined && isUp(node.server)) membership.restore(node, seat);
    else nodes.remember(node);
  }
  for (const part of ['host', 'dials', 'class', 'run'] as const) outbox.parts.add(part);
  const parts = { limits, newId, newCode, exchange, nodes, membership, bursts, dials, events, outbox };
  return { ...parts, measures, runs, classroom };
};

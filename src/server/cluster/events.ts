/**
 * Events of the cluster as servers tell them to each other: how one is made from what is known of it, and how many are
 * cut into casts. An event's id is never given twice: it has its server's name, when that began, and a number.
 */
import { type Static, Type } from 'typebox';
import { type Trace, wallMs } from '../../log/index.ts';
import { type ClusterEvent, type ClusterEventKind, limits } from '../../protocol/index.ts';
import { clusterViews } from '../../protocol/schemas.ts';
import { castOf } from '../checks.ts';

/** What happened, as whoever saw it says it. What is not said is filled in. */
export type Note = Omit<ClusterEvent, 'id' | 'at' | 'server' | 'epoch'> &
  Partial<Pick<ClusterEvent, 'at' | 'server' | 'epoch'>>;

/** Traces that come with every entry. They are counted, and become events only where they are about a numbered request. */
export const ofEntries = ['sequenced', 'sent', 'received', 'stored', 'committed', 'forwarded'] as const;
export type EntryTraceKind = (typeof ofEntries)[number];

export interface EntryTrace extends Trace {
  readonly what: EntryTraceKind;
}

const entryKinds: ReadonlySet<string> = new Set(ofEntries);

export const isOfEntries = (trace: Trace): trace is EntryTrace => entryKinds.has(trace.what);

/** Makes the events of one server. */
export class EventMaker {
  readonly #server: string;
  readonly #prefix: string;
  #count = 0;
  /** The newest epoch that this server knows. */
  epoch = 0;

  constructor(server: string, startedAt: number) {
    this.#server = server;
    this.#prefix = `${server}-${startedAt.toString(36)}`;
  }

  make({ at = wallMs(), server = this.#server, epoch = this.epoch, reason, ...note }: Note): ClusterEvent {
    const id = `${this.#prefix}-${++this.#count}`;
    const why = reason === undefined ? {} : { reason: reason.slice(0, limits.clusterReasonMaxChars) };
    return { id, at, server, epoch, ...note, ...why };
  }

  /** A trace that is not of entries. */
  ofTrace({ at, server, epoch, what, peer, from, upto, reason }: Trace): ClusterEvent {
    return this.make({
      ...{ at, server, epoch, what: what as ClusterEventKind },
      ...(peer === undefined ? {} : { peer }),
      ...(from === undefined ? {} : { from }),
      ...(upto === undefined ? {} : { upto }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** Some events, and how many were left out before them. */
export const EventsCast = Type.Object({ events: Type.Array(clusterViews.ClusterEvent), leftOut: Type.Integer() });
export type EventsCast = Omit<Static<typeof EventsCast>, 'events'> & { readonly events: readonly ClusterEvent[] };

export const readEvents = castOf(EventsCast) as (body: Uint8Array) => EventsCast | null;

/** Events written as casts, each of at most `maxBytes`. One that does not fit by itself is left out. */
export const writeEvents = (events: readonly ClusterEvent[], leftOut: number, maxBytes: number): readonly Buffer[] => {
  const casts: Buffer[] = [];
  let parts: string[] = [];
  let bytes = 0;
  let missing = leftOut;
  // What a cast has beside its events, with a number of any size.
  const roomBytes = maxBytes - 64;
  const close = (): void => {
    casts.push(Buffer.from(`{"leftOut":${missing},"events":[${parts.join(',')}]}`));
    parts = [];
    bytes = 0;
    missing = 0;
  };
  for (const event of events) {
    const part = JSON.stringify(event);
    const size = Buffer.byteLength(part) + 1;
    if (size > roomBytes) {
      missing++;
      continue;
    }
    if (bytes + size > roomBytes) close();
    parts.push(part);
    bytes += size;
  }
  if (parts.length > 0 || missing > 0) close();
  return casts;
};

/** What a sequence diagram is made of: lanes, arrows between them, notes on them, and stretches of their lives. */
import type { ClusterEventKind } from '../../protocol/index.ts';

/** The lane of those who send requests. No server is called so: a server's name begins with a letter or a digit. */
export const peopleLane = '*people';

/** A column of the diagram. */
export interface Lane {
  readonly id: string;
  readonly kind: 'people' | 'server';
}

export const arrowKinds = [
  /** A request comes from a person to the server that they are connected to. */
  'taken',
  /** That server hands it to the primary. */
  'forward',
  /** The primary sends its entry to a backup. */
  'append',
  /** A backup says that it has it on its disk. */
  'stored',
  /** A backup has heard that it is committed, and applies it. */
  'synchronised',
  /** The answer goes to the person. */
  'answered',
] as const;
export type ArrowKind = (typeof arrowKinds)[number];

/** Where an arrow ended: `lost` means that one of its ends died meanwhile, `open` that no end is known (yet). */
export type Fate = 'arrived' | 'lost' | 'open';

interface Told {
  /** Nothing else has it, and it stays the same as more becomes known. */
  readonly id: string;
  readonly epoch: number;
  /** The place in the log that it is about. */
  readonly index: number | null;
  /** The id of the numbered request that it is about. */
  readonly request: string | null;
  /** That request's label, once it has one. */
  readonly label: string | null;
  readonly reason: string | null;
}

/** An end of an arrow: a place in `Sequence.clocks`, and when that was, on the servers' clock. */
export interface Moment {
  readonly place: number;
  readonly at: number;
}

export interface Arrow extends Told {
  readonly kind: 'arrow';
  readonly what: ArrowKind;
  readonly from: string;
  readonly to: string;
  /** Null: nobody measured it, or whoever did died before saying so. At least one end is known. */
  readonly left: Moment | null;
  readonly arrived: Moment | null;
  readonly fate: Fate;
}

/** Kinds of events that arrows are made of, and that are no note of their own. */
type InArrows = 'sent' | 'received' | 'stored' | 'request-taken' | 'request-answered' | 'request-applied';

export interface Note extends Told, Moment {
  readonly kind: 'note';
  /** `processed`: the primary applied a request; `synchronised`: a backup did, and nobody saw who told it to. */
  readonly what: Exclude<ClusterEventKind, InArrows> | 'processed' | 'synchronised';
  readonly lane: string;
  readonly peer: string | null;
  readonly action: string | null;
  /** Who acted: a person's id. */
  readonly by: string | null;
}

export type Item = Arrow | Note;

/** A stretch of a server's life: it led an epoch, or was gone. A null end is outside of what is known, or still to come. */
export interface Span {
  readonly id: string;
  readonly kind: 'primary' | 'down';
  readonly lane: string;
  readonly epoch: number | null;
  readonly from: number | null;
  readonly until: number | null;
}

export interface Sequence {
  readonly lanes: readonly Lane[];
  /** In the order of the last place that they touch. */
  readonly items: readonly Item[];
  readonly spans: readonly Span[];
  /**
   * When each thing happened, in an order in which what caused another thing comes before it. It never goes back: where
   * two servers' clocks disagree by a hair, the effect is put at the time of its cause.
   */
  readonly clocks: readonly number[];
  /** Older events that there was no room for. */
  readonly leftOut: number;
}

/** The moments at which an item touches its lanes, in their order: one or two. */
export const momentsOf = (item: Item): readonly Moment[] =>
  item.kind === 'note' ? [item] : [item.left, item.arrived].filter((moment) => moment !== null);

/** When an item was over, as far as is known. */
export const endOf = (item: Item): Moment => momentsOf(item).at(-1)!;

/** What tells the story without the steps of each copy. */
const steps: ReadonlySet<string> = new Set(['append', 'stored', 'sequenced', 'committed', 'trimmed', 'snapshotted']);

/** Whether an item is a step of the replication itself: shown when every step is wanted. */
export const isStep = (item: Item): boolean => steps.has(item.what) && !(item.kind === 'arrow' && item.fate === 'lost');

/**
 * The delivery lab on the wire: what the channel `lab` tells, `LabNews`. What may be said to it is in `lab-words.ts`, what
 * the addresses under `/api/v1/lab` take and answer in `lab-api.ts`. The lab runs on the primary's server; the others
 * pass on. Times are milliseconds since 1970 on the clock of the servers' machine, with a fraction.
 */
import type { LabDials, LabError, LabMethod } from './lab-words.ts';

export interface LabNode {
  readonly id: string;
  readonly name: string;
  /** Whose: a person’s id. */
  readonly user: string;
  /** The server that its socket ends at. */
  readonly server: string;
  readonly joinedAt: number;
  readonly topics: readonly string[];
  /** Whether it is in the class. */
  readonly inClass: boolean;
}

/** A closed interval. */
export interface LabRange {
  readonly low: number;
  readonly high: number;
}

/**
 * One figure of one interval. `count` is of how many it is; `value` is null of none. `theory` is what the present dials
 * make expect, `band` where 95 % of such figures of `count` lie, when theory is right; both null where it says nothing.
 */
export interface LabFigure {
  readonly value: number | null;
  readonly count: number;
  readonly theory: number | null;
  readonly band: LabRange | null;
}

/**
 * One method in one interval. Latencies, shares, copies and retries are of the messages *settled* in it: sent under the
 * present dials, and so long ago that nothing more can become of them. (Counting each as soon as its end is known would
 * count the quick ones first.) A message to several nodes counts once for each of them. One that the lab itself lost,
 * or whose sender or receiver has left, is not settled but left out.
 *
 * Latencies are as the links took them, without what the lab itself took on the way to the pages: that is `ownMs`.
 */
export interface LabMethodSample {
  /** Sent for the first time in this interval, each once for each node it went to. */
  readonly sent: number;
  /** First copies that the pages had in this interval. */
  readonly arrived: number;
  /** From sending to the first arrival, one way, ms. */
  readonly latencyP50: LabFigure;
  readonly latencyP95: LabFigure;
  /** From sending to the first ACK, ms. */
  readonly confirmedP50: LabFigure;
  readonly confirmedP95: LabFigure;
  /**
   * First copies a second; `count` is how many. Theory’s value is what it expects of the messages as they were sent: it
   * knows when, and under which dials.
   */
  readonly throughput: LabFigure;
  /** Of those settled: the share that arrived, the share that was confirmed, */
  readonly delivery: LabFigure;
  readonly confirmation: LabFigure;
  /** copies beyond the first, and sendings beyond the first, a message. */
  readonly duplicates: LabFigure;
  readonly retries: LabFigure;
  /** The share of crossings, messages and ACKs alike, that the links lost in this interval. */
  readonly loss: LabFigure;
  /** What the lab itself took, p50: measured minus what the links were to take, ms. */
  readonly ownMs: LabFigure;
}

/** Half a second, stamped by the server. */
export interface LabSample {
  readonly at: number;
  readonly segment: number;
  /** How long the interval was, ms: 500, and more when the server was late. */
  readonly overMs: number;
  readonly direct: LabMethodSample;
  readonly pubsub: LabMethodSample;
  readonly inFlight: number;
  /** Messages of bursts that wait for their turn. */
  readonly waiting: number;
  /** Passed between servers and lost there in this interval: the lab's own fault, not the links'. */
  readonly relayLost: number;
}

/** A share with its interval (Wilson, 95 %), a mean with its own; null of none. */
export interface LabEstimate {
  readonly value: number | null;
  readonly interval: LabRange | null;
  readonly theory: number | null;
}

/** What was settled since the dials were last changed, or of one run, by one method. */
export interface LabTotals {
  readonly messages: number;
  readonly delivered: number;
  readonly confirmed: number;
  readonly attempts: number;
  readonly duplicates: number;
  readonly deliveryShare: LabEstimate;
  readonly confirmationShare: LabEstimate;
  readonly latencyMeanMs: LabEstimate;
  readonly attemptsMean: LabEstimate;
  readonly duplicatesMean: LabEstimate;
  /** Held against theory; the same words as of a batch. */
  readonly verdict: LabVerdict;
}
export type LabVerdict = 'consistent' | 'not-consistent' | 'too-few';

/** The same of one sender, without estimates. */
export interface LabDevice {
  readonly node: string;
  readonly name: string;
  readonly method: LabMethod;
  readonly messages: number;
  readonly delivered: number;
  readonly confirmed: number;
  readonly duplicates: number;
  readonly attempts: number;
}

export const labEventKinds = [
  'joined',
  'left',
  'subscribed',
  'unsubscribed',
  'sent',
  'resent',
  'lost', // a message, on its way to `other`
  'delivered', // first copy
  'copy',
  'ack-lost', // an ACK, on its way from `other`
  'acknowledged', // by `other`
  'confirmed', // by all to whom it went
  'given-up',
  'dials', // changed by `node`'s person: a new segment begins
  'burst',
  'run-started',
  'run-ended',
  'class-opened',
  'class-closed',
  'moved', // the lab runs on another server now; what was on its way is lost
] as const;
export type LabEventKind = (typeof labEventKinds)[number];

/** A line of the event log. Names, not ids: the line stays true when the node has gone. */
export interface LabEvent {
  /** Grows by one; what is missing between two was left out. */
  readonly number: number;
  readonly at: number;
  readonly what: LabEventKind;
  /** The sender, or whoever did it. */
  readonly node?: string;
  readonly other?: string;
  readonly method?: LabMethod;
  readonly message?: number;
  readonly attempt?: number;
  readonly topic?: string;
  readonly text?: string;
  readonly count?: number;
  readonly ms?: number;
}

/** A message has reached a node’s page. It says `seen` at once. */
export interface LabDelivery {
  readonly node: string;
  readonly message: number;
  readonly attempt: number;
  readonly from: string;
  readonly fromName: string;
  readonly method: LabMethod;
  readonly topic: string | null;
  readonly text: string;
  readonly sentAt: number;
  /** An earlier attempt has reached this node already. */
  readonly copy: boolean;
  /** Whether it is to be shown: a first copy, or any with deduplication off. */
  readonly show: boolean;
}

/** For its sender: what became of a message. */
export interface LabProgress {
  readonly node: string;
  readonly message: number;
  readonly what: 'sent' | 'acknowledged' | 'confirmed' | 'given-up';
  readonly at: number;
  /** With `sent`: to how many nodes, by which method, what, and which `send` it belongs to. */
  readonly to?: number;
  readonly method?: LabMethod;
  readonly text?: string;
  readonly ref?: string;
  /** With `acknowledged`: by which node. */
  readonly by?: string;
}

/** One crossing, as the link decided it. */
export interface LabCrossing {
  readonly lost: boolean;
  readonly latencyMs: number;
}

/** Everything that happened to one message: `LiveStory` of src/lab, with names for whoever has gone meanwhile. */
export interface LabStory {
  readonly message: number;
  readonly from: string;
  readonly method: LabMethod;
  readonly to: { readonly node: string } | { readonly topic: string };
  readonly text: string;
  readonly segment: number;
  readonly settings: LabDials;
  readonly sentAtMs: number;
  readonly nodes: readonly string[];
  readonly attempts: readonly {
    readonly attempt: number;
    readonly node: string;
    readonly sentAtMs: number;
    readonly data: LabCrossing;
    /** When the link had it there; null before, and when it is lost. */
    readonly arrivedAtMs: number | null;
    readonly seenAtMs: number | null;
    readonly isCopy: boolean;
    readonly ack: LabCrossing | null;
    readonly ackArrivedAtMs: number | null;
  }[];
  readonly endedAtMs: number | null;
  readonly confirmed: boolean | null;
  readonly names: Readonly<Record<string, string>>;
}

/** An experiment on real nodes. */
export interface LabRun {
  readonly id: string;
  readonly experiment: 1 | 2;
  readonly by: string;
  readonly startedAt: number;
  readonly segment: number;
  readonly settings: LabDials;
  /** `interrupted`: the server that played it is gone. */
  readonly state: 'running' | 'settling' | 'done' | 'cancelled' | 'interrupted';
  readonly sent: number;
  readonly settled: number;
  readonly of: number;
  /** Messages that do not count: their sender or receiver left before they were settled. */
  readonly leftOut: number;
  readonly ofClass: boolean;
  readonly results: { readonly direct: LabTotals; readonly pubsub: LabTotals } | null;
  readonly devices: readonly LabDevice[];
}

/** Predictions in twenty steps of five points: how many predicted so much, by method. */
export interface LabHistogram {
  readonly direct: readonly number[];
  readonly pubsub: readonly number[];
}

export interface LabClass {
  readonly code: string;
  /** A person’s id. */
  readonly teacher: string;
  readonly dials: 'everybody' | 'teacher';
  readonly openedAt: number;
  readonly nodes: number;
  /** `done` when the run is over: only then is the histogram told. */
  readonly question: null | {
    readonly experiment: 1 | 2;
    readonly state: 'open' | 'locked' | 'done';
    readonly predictions: number;
    readonly histogram: LabHistogram | null;
  };
}

/** What the channel `lab` says. Whatever is absent is as before; the first news has everything. */
export interface LabNews {
  readonly at: number;
  /** The server at which the lab runs, or null while there is none. */
  readonly host?: string | null;
  /** The nodes of this very socket; ids. */
  readonly you?: { readonly server: string; readonly nodes: readonly string[]; readonly ref?: string };
  /** All nodes, in the place of those known before; or only what has changed, by id, and who has gone. */
  readonly nodes?: readonly LabNode[];
  readonly nodesChanged?: readonly LabNode[];
  readonly nodesGone?: readonly string[];
  readonly dials?: {
    readonly settings: LabDials;
    /** Grows by one at each change of the dials. */
    readonly segment: number;
    readonly since: number;
    /** Who may change them now. */
    readonly who: 'everybody' | 'teacher' | 'run';
    /** Who changed them last: a person’s id. */
    readonly changedBy: string | null;
    /** The preset that they are, if any. */
    readonly preset: string | null;
  };
  /** In the first news the last 20, then one every 500 ms while anything is measured. */
  readonly samples?: readonly LabSample[];
  /** Of the present segment, with each sample. */
  readonly totals?: { readonly segment: number; readonly direct: LabTotals; readonly pubsub: LabTotals };
  /** By sender, of the present segment: those that changed. A new segment begins with none. */
  readonly devices?: readonly LabDevice[];
  readonly events?: readonly LabEvent[];
  /** So many more happened since the last news and were too many to tell. */
  readonly eventsLeftOut?: number;
  /** Null: no class is open. */
  readonly class?: LabClass | null;
  /** The run that is under way, or the last one. */
  readonly run?: LabRun | null;
  /** Casts between servers that were lost since the lab began here. */
  readonly relayLost?: number;

  // Only for this socket.
  readonly deliveries?: readonly LabDelivery[];
  readonly progress?: readonly LabProgress[];
  readonly story?: LabStory & { readonly ref?: string };
  readonly error?: LabError;
}

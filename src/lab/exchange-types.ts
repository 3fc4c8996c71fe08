/** What the live lab's exchange is given, and what it tells. Times are ms on the clock of whoever moves it. */
import type { Crossing } from './link.ts';
import type { LabSettings } from './settings.ts';
import type { Method } from './theory.ts';

export interface ExchangeLimits {
  /** Nodes at a time. */
  readonly nodesMax: number;
  /** Messages that are not settled, each once for each node that it goes to. */
  readonly pairsMax: number;
  /** Messages, counted so too, that are settled and whose story can still be told, the newest. */
  readonly storiesMax: number;
  /** How long a page may take to say that it has a message before the message is settled without it, ms. */
  readonly graceMs: number;
}

/** Where an exchange begins: the first one, or one that goes on for another. */
export interface ExchangeStart {
  readonly seed: number;
  readonly settings: LabSettings;
  readonly segment?: number;
  readonly nextMessage?: number;
}

/** A message that a node sends. */
export interface Publication {
  readonly from: string;
  readonly method: Method;
  /** Who gets it: one node, or all subscribers of a topic but the sender. */
  readonly to: { readonly node: string } | { readonly topic: string };
  readonly text: string;
  /** The run that it belongs to. */
  readonly run: string | null;
}

/** One sending to one node, as it went. */
export interface LiveAttempt {
  readonly attempt: number;
  readonly node: string;
  readonly sentAtMs: number;
  readonly data: Crossing;
  /** When the link had it there; null before, and when it is lost or its node had gone. */
  arrivedAtMs: number | null;
  /** When the node's page said that it has it; null while it has not. */
  seenAtMs: number | null;
  /** Whether an earlier one had arrived there before. */
  isCopy: boolean;
  ack: Crossing | null;
  ackArrivedAtMs: number | null;
}

/** Everything that happened to one message. */
export interface LiveStory extends Publication {
  readonly message: number;
  readonly segment: number;
  readonly settings: LabSettings;
  readonly sentAtMs: number;
  /** To whom it was addressed: nodes' ids. */
  readonly nodes: readonly string[];
  readonly attempts: LiveAttempt[];
  /** When it was over for its sender. */
  endedAtMs: number | null;
  /** Whether all have acknowledged who were still there. Null until it is over; of Direct it is never known. */
  confirmed: boolean | null;
}

/**
 * What became of a message to one node, once nothing more can. It is left out where the lab is no judge: sender or node
 * have left, the link let it through and the page never said that it has it, or said it so late that the sender had lost
 * patience which would have had the ACK in time. Times from the sending, ms, as the links took them.
 */
export type SettledPair =
  | { readonly node: string; readonly leftOut: true }
  | {
      readonly node: string;
      readonly leftOut: false;
      /** To the first arrival; null when none. */
      readonly latencyMs: number | null;
      /** To the first ACK that its sender waited for; null when none. */
      readonly confirmedMs: number | null;
      readonly attempts: number;
      /** Arrivals beyond the first. */
      readonly duplicates: number;
    };

/** What happened. The story is the exchange's own and goes on changing. */
export type Happening =
  | { readonly what: 'sent'; readonly story: LiveStory; readonly attempt: LiveAttempt }
  /** The link has let it through: it is to be delivered to the node's page. */
  | { readonly what: 'arrived'; readonly story: LiveStory; readonly attempt: LiveAttempt }
  /** `ownMs` is what the page's having it took that the link did not. */
  | { readonly what: 'seen'; readonly story: LiveStory; readonly attempt: LiveAttempt; readonly ownMs: number }
  | { readonly what: 'ack-lost'; readonly story: LiveStory; readonly attempt: LiveAttempt }
  | { readonly what: 'acknowledged'; readonly story: LiveStory; readonly by: string; readonly atMs: number }
  /** A PubSub message is over for its sender. */
  | { readonly what: 'ended'; readonly story: LiveStory; readonly atMs: number }
  | {
      readonly what: 'settled';
      readonly story: LiveStory;
      readonly pairs: readonly SettledPair[];
      readonly atMs: number;
    };

/** Why a message or a node is not taken. */
export type Refusal = 'no-such-node' | 'nobody-there' | 'too-many-messages' | 'too-many-nodes';

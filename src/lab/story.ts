/**
 * One message's whole story on virtual time: each attempt, what the links did to it and to its ACK, what arrived, and
 * what its sender learned. The sender is the live lab's own (`pubsub.ts`); only time and the links are pretended.
 */
import { type Crossing, cross } from './link.ts';
import { Sender } from './pubsub.ts';
import type { LabSettings } from './settings.ts';
import type { Method } from './theory.ts';

/** One sending of a message to one subscriber. Times in milliseconds from the first sending. */
export interface Attempt {
  readonly attempt: number;
  readonly sentAtMs: number;
  readonly data: Crossing;
  /** Null when it was lost. */
  readonly arrivedAtMs: number | null;
  /** Null when nothing arrived to acknowledge, or the method knows no ACK. */
  readonly ack: Crossing | null;
  readonly ackArrivedAtMs: number | null;
}

export interface Story {
  readonly attempts: readonly Attempt[];
  /** First arrival; null when none. */
  readonly deliveredAtMs: number | null;
  /** First ACK that came before the sender gave up; null when none. */
  readonly confirmedAtMs: number | null;
  /** Copies that arrived beyond the first. */
  readonly duplicates: number;
  /** How long the message took one of its sender's slots. */
  readonly slotMs: number;
}

const least = (times: readonly (number | null)[]): number | null =>
  times.reduce((least, time) => (time !== null && (least === null || time < least) ? time : least), null);

const directStory = (settings: LabSettings, seed: number, message: number, subscriber: number): Story => {
  const data = cross(settings, seed, { message, attempt: 0, direction: 'data', subscriber });
  const arrivedAtMs = data.lost ? null : data.latencyMs;
  return {
    attempts: [{ attempt: 0, sentAtMs: 0, data, arrivedAtMs, ack: null, ackArrivedAtMs: null }],
    deliveredAtMs: arrivedAtMs,
    confirmedAtMs: null,
    duplicates: 0,
    slotMs: data.latencyMs,
  };
};

const pubSubStory = (settings: LabSettings, seed: number, message: number, subscriber: number): Story => {
  const sender = new Sender();
  const attempts: Attempt[] = [];
  let nowMs = 0;
  /** The first ACK of those that are on their way. */
  let ackMs: number | null = null;

  const transmit = (attempt: number): void => {
    const key = { message, attempt, subscriber } as const;
    const data = cross(settings, seed, { ...key, direction: 'data' });
    const arrivedAtMs = data.lost ? null : nowMs + data.latencyMs;
    const ack = arrivedAtMs === null ? null : cross(settings, seed, { ...key, direction: 'ack' });
    // Summed in one step: an ACK that takes exactly as long as the timeout must not come a rounding error after it.
    const ackArrivedAtMs = ack === null || ack.lost ? null : nowMs + (data.latencyMs + ack.latencyMs);
    if (ackArrivedAtMs !== null && (ackMs === null || ackArrivedAtMs < ackMs)) ackMs = ackArrivedAtMs;
    attempts.push({ attempt, sentAtMs: nowMs, data, arrivedAtMs, ack, ackArrivedAtMs });
  };

  sender.publish(message, [subscriber], settings, nowMs);
  transmit(0);
  let confirmedAtMs: number | null = null;
  while (sender.inFlight > 0) {
    const dueMs = sender.nextDueMs!;
    if (ackMs !== null && ackMs <= dueMs) {
      nowMs = ackMs;
      confirmedAtMs = ackMs;
      sender.acknowledged(message, subscriber);
    } else {
      nowMs = dueMs;
      for (const { attempt } of sender.due(nowMs).transmissions) transmit(attempt);
    }
  }
  const arrivals = attempts.map(({ arrivedAtMs }) => arrivedAtMs).filter((time) => time !== null);
  return {
    attempts,
    deliveredAtMs: least(arrivals),
    confirmedAtMs,
    duplicates: Math.max(0, arrivals.length - 1),
    slotMs: nowMs,
  };
};

/** What becomes of a message of this number to this subscriber: the same for the same seed, wherever it is asked. */
export const storyOf = (method: Method, settings: LabSettings, seed: number, message: number, subscriber = 0): Story =>
  (method === 'direct' ? directStory : pubSubStory)(settings, seed, message, subscriber);

/**
 * How many messages a second one sender gets out, with a window: a message takes a slot from its sending until it is
 * over for its sender, and what finds no slot waits. Without a window everything is sent when it is offered.
 */
import { Agenda } from './agenda.ts';
import type { LabSettings } from './settings.ts';
import { storyOf } from './story.ts';
import { Tally, type Totals } from './tally.ts';
import type { Method } from './theory.ts';

export interface BurstRun {
  readonly method: Method;
  readonly settings: LabSettings;
  readonly seed: number;
  readonly count: number;
  /** Messages that are there to be sent, each second. */
  readonly offeredPerSecond: number;
}

export interface BurstResult {
  readonly totals: Totals;
  /** Messages begun a second, once the first window is out; null when all began with it. */
  readonly sentPerSecond: number | null;
  /** Of these, what arrived (Direct) or was confirmed (PubSub). */
  readonly goodPerSecond: number | null;
  /** From the first sending to the last, ms. */
  readonly lastSentMs: number;
}

/** Plays a burst on virtual time. */
export const playBurst = ({ method, settings, seed, count, offeredPerSecond }: BurstRun): BurstResult => {
  const tally = new Tally();
  const slots = new Agenda<null>();
  let lastSentMs = 0;
  // The first window goes out as fast as it is offered: it is where counting begins.
  let firstMs = 0;
  let before = 0;
  for (let message = 0; message < count; message++) {
    const offeredMs = (message * 1_000) / offeredPerSecond;
    const isFull = settings.window > 0 && slots.size >= settings.window;
    const sentMs = isFull ? Math.max(offeredMs, slots.take(Number.POSITIVE_INFINITY)!.atMs) : offeredMs;
    const story = storyOf(method, settings, seed, message);
    tally.add(story);
    if (settings.window > 0) slots.add(sentMs + story.slotMs, null);
    if (sentMs === 0 || message < settings.window) {
      firstMs = sentMs;
      before++;
    }
    lastSentMs = Math.max(lastSentMs, sentMs);
  }
  const totals = tally.totals();
  const sentPerSecond = lastSentMs === firstMs ? null : ((count - before) * 1_000) / (lastSentMs - firstMs);
  const good = method === 'direct' ? totals.delivered : totals.confirmed;
  const goodPerSecond = sentPerSecond === null ? null : (sentPerSecond * good) / count;
  return { totals, sentPerSecond, goodPerSecond, lastSentMs };
};

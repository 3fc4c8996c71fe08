/**
 * How many messages a second one sender gets out, with a window: a message takes a slot from its sending until it is
 * over for its sender, and what finds no slot waits. Without a window everything is sent when it is offered.
 */
import { Agenda } from './agenda.ts';
import { playPart } from './batch.ts';
import type { LabSettings } from './settings.ts';
import type { Totals } from './tally.ts';
import type { Method } from './theory.ts';

export interface BurstRun {
  readonly method: Method;
  readonly settings: LabSettings;
  readonly seed: number;
  readonly count: number;
  /** Messages that are there to be sent, each second. */
  readonly offeredPerSecond: number;
}

/** How quickly the messages of a run got out. */
export interface BurstRates {
  /** Messages begun a second, once the first window is out; null when all began with it. */
  readonly sentPerSecond: number | null;
  /** Of these, what arrived (Direct) or was confirmed (PubSub). */
  readonly goodPerSecond: number | null;
  /** From the first sending to the last, ms. */
  readonly lastSentMs: number;
}

export interface BurstResult extends BurstRates {
  readonly totals: Totals;
}

/** Sends messages that have been played, in their order, through the window: a message's story is the same whenever it begins. */
export const burstRates = (
  method: Method,
  { window }: LabSettings,
  totals: Pick<Totals, 'slotsMs' | 'delivered' | 'confirmed'>,
  offeredPerSecond: number,
): BurstRates => {
  const { slotsMs } = totals;
  const count = slotsMs.length;
  const slots = new Agenda<null>();
  let lastSentMs = 0;
  // The first window goes out as fast as it is offered: it is where counting begins.
  let firstMs = 0;
  let before = 0;
  for (let message = 0; message < count; message++) {
    const offeredMs = (message * 1_000) / offeredPerSecond;
    const isFull = window > 0 && slots.size >= window;
    const sentMs = isFull ? Math.max(offeredMs, slots.take(Number.POSITIVE_INFINITY)!.atMs) : offeredMs;
    if (window > 0) slots.add(sentMs + slotsMs[message]!, null);
    if (sentMs === 0 || message < window) {
      firstMs = sentMs;
      before++;
    }
    lastSentMs = Math.max(lastSentMs, sentMs);
  }
  const sentPerSecond = lastSentMs === firstMs ? null : ((count - before) * 1_000) / (lastSentMs - firstMs);
  const good = method === 'direct' ? totals.delivered : totals.confirmed;
  const goodPerSecond = sentPerSecond === null ? null : (sentPerSecond * good) / count;
  return { sentPerSecond, goodPerSecond, lastSentMs };
};

/** Plays a burst on virtual time. */
export const playBurst = ({ offeredPerSecond, ...run }: BurstRun): BurstResult => {
  const totals = playPart({ ...run, from: 0 });
  return { totals, ...burstRates(run.method, run.settings, totals, offeredPerSecond) };
};

/** What experiment 6 counts, by method. Times are milliseconds since it began. */
import type { LabFailoverMethod } from '../../protocol/index.ts';

interface Message {
  state: 'waiting' | 'acknowledged' | 'refused';
  /** How often it has arrived: came back through the primary, or took effect. */
  arrivals: number;
  isRetried: boolean;
}

/**
 * The longest time between two deliveries that ends after the kill; null when there was none, or nothing was delivered.
 * The order to kill comes a moment before the death, in which one may still be delivered: so it need not begin before.
 * @param endMs when sending ended: whoever was delivered nothing any more waited until then at least
 */
export const gapAround = (deliveriesMs: readonly number[], killedMs: number | null, endMs: number): number | null => {
  const first = deliveriesMs[0];
  if (killedMs === null || first === undefined) return null;
  let [gapMs, beforeMs] = [0, first];
  for (const atMs of [...deliveriesMs, Math.max(endMs, deliveriesMs.at(-1) ?? 0)]) {
    if (atMs > killedMs) gapMs = Math.max(gapMs, atMs - beforeMs);
    beforeMs = atMs;
  }
  return gapMs;
};

export class MethodFigures {
  readonly #messages = new Map<number, Message>();
  readonly #deliveriesMs: number[] = [];
  readonly #acknowledges: boolean;

  /** @param acknowledges whether the method does: a Direct message is delivered when it has arrived */
  constructor(acknowledges: boolean) {
    this.#acknowledges = acknowledges;
  }

  sent(number: number): void {
    this.#messages.set(number, { state: 'waiting', arrivals: 0, isRetried: false });
  }

  arrived(number: number, atMs: number): void {
    const message = this.#messages.get(number);
    if (message === undefined) return;
    if (message.arrivals++ === 0) this.#deliveriesMs.push(atMs);
  }

  answered(number: number, state: 'acknowledged' | 'refused'): void {
    const message = this.#messages.get(number);
    if (message !== undefined) message.state = state;
  }

  /** It is sent again, under the same id. */
  retried(number: number): void {
    const message = this.#messages.get(number);
    if (message !== undefined) message.isRetried = true;
  }

  /** Numbers of those that have been neither acknowledged nor refused. */
  get waiting(): readonly number[] {
    return [...this.#messages].flatMap(([number, { state }]) => (state === 'waiting' ? [number] : []));
  }

  view(killedMs: number | null, endMs: number): LabFailoverMethod {
    const all = [...this.#messages.values()];
    const count = (of: (message: Message) => boolean): number => all.filter(of).length;
    const acknowledges = this.#acknowledges;
    /** What the method has promised: a Direct message nothing, so all of them are looked at. */
    const counts = ({ state }: Message): boolean => state === 'acknowledged' || !acknowledges;
    return {
      sent: all.length,
      delivered: count((one) => one.arrivals > 0 && counts(one)),
      lost: count((one) => one.arrivals === 0 && counts(one)),
      unacknowledged: acknowledges ? this.waiting.length : 0,
      doubled: count(({ arrivals }) => arrivals > 1),
      retried: count(({ isRetried }) => isRetried),
      gapMs: gapAround(this.#deliveriesMs, killedMs, endMs),
    };
  }

  /** First deliveries in each tenth of a second; of at least so many. */
  byTenth(least: number): number[] {
    const last = Math.floor((this.#deliveriesMs.at(-1) ?? 0) / 100);
    const counts = new Array<number>(Math.max(least, last + 1)).fill(0);
    for (const atMs of this.#deliveriesMs) counts[Math.floor(atMs / 100)]!++;
    return counts;
  }
}

/**
 * PubSub's two ends, without clock, timer or link: the sender is told what comes and what time it is, and says what is
 * to be sent. The live lab moves it with real sockets, a batch with virtual time; both are this code.
 *
 * A message goes to all of its subscribers at once, and every `ackTimeoutMs`, counted from the first sending, again to
 * whoever has not acknowledged, until all have or the attempts are spent. After the last attempt the sender waits
 * `ackTimeoutMs` more; what is acknowledged by then counts, by whichever attempt.
 */
import { Agenda } from './agenda.ts';
import type { LabSettings } from './settings.ts';

/** Send this message to this subscriber now. */
export interface Transmission {
  readonly message: number;
  /** From 0. */
  readonly attempt: number;
  readonly subscriber: number;
}

/** A message is over for its sender: acknowledged by all, or given up. */
export interface Ended {
  readonly message: number;
  readonly confirmed: boolean;
  /** Who has not acknowledged. */
  readonly missing: readonly number[];
}

interface Outgoing {
  readonly sentAtMs: number;
  readonly settings: LabSettings;
  readonly waiting: Set<number>;
  attempts: number;
}

export class Sender {
  readonly #outgoing = new Map<number, Outgoing>();
  /** When to look at which message: once for each that is out, and for some that are over. */
  readonly #agenda = new Agenda<number>();

  /** Messages that have not ended. */
  get inFlight(): number {
    return this.#outgoing.size;
  }

  /** When `due` has something to do, ms; null when nothing waits. */
  get nextDueMs(): number | null {
    for (;;) {
      const nextMs = this.#agenda.nextMs;
      if (nextMs === null || this.#outgoing.has(this.#agenda.first!)) return nextMs;
      this.#agenda.take(nextMs);
    }
  }

  /** Publishes a message of a number never used before. The settings of this moment are the message's for good. */
  publish(message: number, subscribers: readonly number[], settings: LabSettings, nowMs: number): Transmission[] {
    if (this.#outgoing.has(message)) throw new Error(`message ${message} has been published already`);
    const outgoing: Outgoing = { sentAtMs: nowMs, settings, waiting: new Set(subscribers), attempts: 1 };
    this.#outgoing.set(message, outgoing);
    this.#agenda.add(dueAt(outgoing), message);
    return subscribers.map((subscriber) => ({ message, attempt: 0, subscriber }));
  }

  /** An ACK has come. Says so when the message is over with it; null else, also for one that had ended. */
  acknowledged(message: number, subscriber: number): Ended | null {
    const outgoing = this.#outgoing.get(message);
    if (outgoing === undefined) return null;
    outgoing.waiting.delete(subscriber);
    if (outgoing.waiting.size > 0) return null;
    this.#outgoing.delete(message);
    return { message, confirmed: true, missing: [] };
  }

  /** What is to be sent again by now, and what is given up. An ACK of the same moment is to be told first. */
  due(nowMs: number): { readonly transmissions: readonly Transmission[]; readonly ended: readonly Ended[] } {
    const transmissions: Transmission[] = [];
    const ended: Ended[] = [];
    for (let next = this.#agenda.take(nowMs); next !== null; next = this.#agenda.take(nowMs)) {
      const message = next.thing;
      const outgoing = this.#outgoing.get(message);
      if (outgoing === undefined) continue;
      while (dueAt(outgoing) <= nowMs && outgoing.attempts <= outgoing.settings.maxRetries) {
        const attempt = outgoing.attempts++;
        for (const subscriber of outgoing.waiting) transmissions.push({ message, attempt, subscriber });
      }
      if (dueAt(outgoing) > nowMs) this.#agenda.add(dueAt(outgoing), message);
      else {
        this.#outgoing.delete(message);
        ended.push({ message, confirmed: false, missing: [...outgoing.waiting] });
      }
    }
    return { transmissions, ended };
  }

  /** A subscriber has left: nobody waits for it any more. Says which messages are over with that. */
  forget(subscriber: number): readonly Ended[] {
    return [...this.#outgoing.keys()].flatMap((message) => this.acknowledged(message, subscriber) ?? []);
  }

  /** A message is not to be sent again, whoever has not acknowledged it. Whether it had not ended. */
  drop(message: number): boolean {
    return this.#outgoing.delete(message);
  }
}

const dueAt = ({ sentAtMs, attempts, settings }: Outgoing): number => sentAtMs + attempts * settings.ackTimeoutMs;

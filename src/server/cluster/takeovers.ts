/**
 * Writes into the log who became primary, and how long that took: each primary of itself. What it writes comes after
 * whatever was waiting for it, and waits for nothing itself: nobody waits longer because of it.
 */
import type { Chat } from '../../chat/index.ts';
import type { ReplicatedLog, Trace } from '../../log/index.ts';
import { type Command, newCommandId, retryable, systemUser } from '../../protocol/index.ts';
import type { Answer, Commands } from '../commands.ts';
import type { EdgeLimits } from '../options.ts';
import { type Begun, TakeoverClock, type Timed } from './takeover-clock.ts';

interface Charge {
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly commands: Commands;
  readonly limits: EdgeLimits;
}

export class Takeovers {
  readonly #charge: Charge;
  readonly #clock: TakeoverClock;
  readonly #unsubscribe: () => void;
  /** The epoch of which this server has said that it leads it. */
  #begun = 0;
  /** The log has that this server leads the epoch. */
  #isBegun = false;
  #timed: Timed | null = null;
  #stopped = false;

  constructor(charge: Charge) {
    this.#charge = charge;
    const { log, chat } = charge;
    const { self, primary, epoch } = log.topology();
    this.#clock = new TakeoverClock(self);
    this.#unsubscribe = log.onTrace((trace) => this.#heed(trace));
    // It became primary before anybody could look at a clock.
    if (primary !== self) return;
    const cause = chat.position.index === 0 ? 'founded' : 'started';
    this.#begin({ epoch, server: self, previous: null, cause });
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
  }

  #heed(trace: Trace): void {
    for (const reading of this.#clock.heed(trace)) {
      if (reading.kind === 'begun') this.#begin(reading.begun);
      else {
        this.#timed = reading.timed;
        this.#sayTimes();
      }
    }
  }

  #begin(begun: Begun): void {
    this.#begun = begun.epoch;
    this.#isBegun = false;
    this.#timed = null;
    const body = begun.previous === null ? { ...begun, previous: this.#leaderBefore(begun) } : begun;
    this.#append({ id: newCommandId(), by: systemUser, kind: 'takeover.begun', body }, begun.epoch, () => {
      this.#isBegun = true;
      this.#sayTimes();
    });
  }

  /** Who led before, as far as the database knows, when this server did not see it. */
  #leaderBefore({ epoch }: Begun): string | null {
    const newest = this.#charge.chat.takeovers(1)[0];
    return newest !== undefined && newest.epoch < epoch ? newest.primary : null;
  }

  /** The times of a takeover belong to one that the log knows. */
  #sayTimes(): void {
    const timed = this.#timed;
    if (timed === null || !this.#isBegun || timed.epoch !== this.#begun) return;
    this.#timed = null;
    const command: Command = { id: newCommandId(), by: systemUser, kind: 'takeover.timed', body: timed };
    this.#append(command, timed.epoch, () => {});
  }

  /** Sends it until it is known to be in the log, for as long as this server leads that epoch. */
  #append(command: Command, epoch: number, done: () => void): void {
    const { log, commands, limits } = this.#charge;
    const answered = (answer: Answer): void => {
      if (answer.kind === 'done') {
        if (answer.outcome.ok && this.#begun === epoch) done();
        return;
      }
      if (!retryable.has(answer.error.code) || this.#stopped) return;
      setTimeout(() => {
        const { self, primary, epoch: now } = log.topology();
        if (!this.#stopped && self === primary && now === epoch) commands.submit(command, answered);
      }, limits.takeoverRetryMs).unref();
    };
    commands.submit(command, answered);
  }
}

/**
 * What must not take long. While nothing goes wrong, and nothing has for a while, a command given to any server is
 * answered soon: servers that are down, or hang, have been left behind by then. The numbers follow from the engine's own
 * limits.
 */
import { limits } from '../../../protocol/index.ts';
import { Violation } from './violation.ts';

/** Quiet must have lasted this long: a replica that has never heard its silent primary waits so long before it has it killed. */
export const settleMs = 2 * limits.primarySilenceMaxMs + limits.outsiderLockDelayMs;
/**
 * A command that is given in quiet, or waits when quiet has lasted long enough, is answered after this long: a member
 * that stores nothing may hold it up until it is let go, and one that joins until its time is over.
 */
export const answerMs = 2 * limits.memberSilenceMaxMs + limits.joinMaxMs;

/** A server whose clients wait, and since when, oldest first. */
interface Served {
  readonly name: string;
  readonly waiting: ReadonlyMap<string, number>;
  /** Until when it was catching up: outside the in-sync set, and moving. A client is answered where its server is. */
  readonly behindUntilMs: number;
}

export class Liveness {
  #troubles = 0;
  readonly #canServe: () => boolean;
  #quietSinceMs = 0;
  /** The longest wait that was held against `answerMs`. */
  longestMs = 0;

  /** @param canServe whether enough servers run for anything to be committed */
  constructor(canServe: () => boolean) {
    this.#canServe = canServe;
  }

  /** Something goes wrong and stays so until `over` is called. */
  begin(): void {
    this.#troubles++;
  }

  over(nowMs: number): void {
    this.#troubles--;
    this.#quietSinceMs = nowMs;
  }

  /** Something went wrong at this moment. */
  shock(nowMs: number): void {
    this.#quietSinceMs = nowMs;
  }

  /** Since when it has been quiet for long enough, or null. */
  settledAtMs(nowMs: number): number | null {
    const atMs = this.#quietSinceMs + settleMs;
    return this.#troubles === 0 && nowMs >= atMs && this.#canServe() ? atMs : null;
  }

  /** Throws when somebody's oldest command has waited too long in quiet. */
  look(nowMs: number, servers: readonly Served[]): void {
    for (const server of servers) {
      for (const [id, sinceMs] of server.waiting) {
        this.ended(server, id, sinceMs, nowMs, false);
        break;
      }
    }
  }

  /** A server answers a command, or gives it up. Throws when it may not, or has taken too long. */
  ended({ name, behindUntilMs }: Served, id: string, sinceMs: number, nowMs: number, gaveUp: boolean): void {
    const settledAtMs = this.settledAtMs(nowMs);
    if (settledAtMs === null) return;
    const fromMs = Math.max(sinceMs, settledAtMs, behindUntilMs);
    this.longestMs = Math.max(this.longestMs, nowMs - fromMs);
    if (gaveUp && fromMs === sinceMs)
      throw new Violation('liveness', `${name} gave ${id} up although nothing was wrong`);
    if (nowMs - fromMs > answerMs)
      throw new Violation('liveness', `${name} has not answered ${id} for ${Math.round(nowMs - fromMs)} ms of quiet`);
  }
}

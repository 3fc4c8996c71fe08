/**
 * Session tokens: how they are made, and whose they are. A token is 256 random bits that only its holder has; the log
 * and the database know its SHA-256.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Chat } from '../chat/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import { EstafetError, type User } from '../protocol/index.ts';
import type { Applier } from './applier.ts';
import type { EdgeLimits } from './options.ts';

export interface Session {
  readonly user: User;
  readonly tokenHash: string;
}

export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256 of a token, hexadecimal. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether two secrets are the same, in a time that tells nothing about where they differ. */
export const sameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());

/** A look at the clock this often shows whether the process was stopped in between. */
const clockIntervalMs = 100;

export class Sessions {
  readonly #chat: Chat;
  readonly #log: ReplicatedLog;
  readonly #applier: Applier;
  readonly #limits: EdgeLimits;
  readonly #clock: NodeJS.Timeout;
  #clockMs = performance.now();
  #doubtUntilMs = 0;
  #waits = 0;

  constructor(chat: Chat, log: ReplicatedLog, applier: Applier, limits: EdgeLimits) {
    this.#chat = chat;
    this.#log = log;
    this.#applier = applier;
    this.#limits = limits;
    this.#clock = setInterval(() => this.#readClock(), clockIntervalMs).unref();
  }

  /** The session as far as this server knows now. */
  peek(tokenHash: string): Session | null {
    const found = this.#chat.session(tokenHash);
    return found === null ? null : { user: found.user, tokenHash };
  }

  /**
   * The session of a token, or null when there is none. That there is none is said only by a server that knows: what
   * was acknowledged is on the disk of every server in sync, so one of those that has applied what is on its disk. Any
   * other waits a little for the session to arrive, and then rejects with `unavailable`: another server may know.
   */
  async find(token: string): Promise<Session | null> {
    const tokenHash = hashToken(token);
    const target = this.#newest();
    const found = this.peek(tokenHash);
    if (found !== null) return found;
    if (this.#knows(target)) return null;
    const answer = await this.#within(() => {
      const session = this.peek(tokenHash);
      return session !== null || this.#knows(target) ? { session } : null;
    });
    if (answer === null) throw this.#cannotTell();
    return answer.session;
  }

  /** Resolves when this server knows whatever was acknowledged before; rejects with `unavailable` when it does not soon. */
  async whenKnown(): Promise<void> {
    const target = this.#newest();
    if (this.#knows(target)) return;
    const isKnown = await this.#within(() => this.#knows(target) || null);
    if (isKnown === null) throw this.#cannotTell();
  }

  /**
   * Resolves when whatever is on this server's disk now is applied: a read that comes after it shows every write that
   * was acknowledged before it, by whichever server in sync. It waits a little and no longer, and not at all while
   * nobody leads: then a read shows what there is.
   */
  async whenShown(): Promise<void> {
    if (this.#log.topology().primary === null || this.#waits >= this.#limits.sessionWaitsMax) return;
    this.#waits++;
    await this.#applier.whenApplied(this.#newest(), this.#limits.sessionWaitMaxMs);
    this.#waits--;
  }

  stop(): void {
    clearInterval(this.#clock);
  }

  /** What `look` finds as entries are applied, or null when it finds nothing in time or too many wait already. */
  async #within<T>(look: () => T | null): Promise<T | null> {
    if (this.#waits >= this.#limits.sessionWaitsMax) return null;
    const deadlineMs = performance.now() + this.#limits.sessionWaitMaxMs;
    this.#waits++;
    try {
      for (let leftMs = deadlineMs - performance.now(); leftMs > 0; leftMs = deadlineMs - performance.now()) {
        await this.#applier.whenApplied(this.#chat.position.index + 1, Math.min(leftMs, clockIntervalMs));
        const found = look();
        if (found !== null) return found;
      }
      return null;
    } finally {
      this.#waits--;
    }
  }

  /** The newest entry on this server's disk. */
  #newest(): number {
    const { self, replicas } = this.#log.topology();
    return replicas.find(({ name }) => name === self)?.last ?? 0;
  }

  /** Whether everything acknowledged before `target` was this server's newest entry has been applied here. */
  #knows(target: number): boolean {
    const { self, primary, replicas } = this.#log.topology();
    const isInSync = replicas.some(({ name, inSync }) => name === self && inSync);
    return isInSync && primary !== null && this.#chat.position.index >= target && !this.#isInDoubt();
  }

  /** After the process was stopped for a while, what it believes of the cluster is of before; news comes soon. */
  #isInDoubt(): boolean {
    this.#readClock();
    return this.#clockMs < this.#doubtUntilMs;
  }

  #readClock(): void {
    const nowMs = performance.now();
    if (nowMs - this.#clockMs > this.#limits.memberSilenceMaxMs / 2) {
      this.#doubtUntilMs = nowMs + this.#limits.sessionWaitMaxMs / 2;
    }
    this.#clockMs = nowMs;
  }

  #cannotTell(): EstafetError {
    return new EstafetError('unavailable', 'This server is catching up and cannot tell who you are.');
  }
}

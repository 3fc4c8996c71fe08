/**
 * Session tokens: how they are made, and whose they are. A token is 256 random bits that only its holder has; the log
 * and the database know its SHA-256.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Chat } from '../chat/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import type { User } from '../protocol/index.ts';
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

export class Sessions {
  readonly #chat: Chat;
  readonly #log: ReplicatedLog;
  readonly #applier: Applier;
  readonly #limits: EdgeLimits;
  #waits = 0;

  constructor(chat: Chat, log: ReplicatedLog, applier: Applier, limits: EdgeLimits) {
    this.#chat = chat;
    this.#log = log;
    this.#applier = applier;
    this.#limits = limits;
  }

  /** The session as far as this server knows now. */
  peek(tokenHash: string): Session | null {
    const found = this.#chat.session(tokenHash);
    return found === null ? null : { user: found.user, tokenHash };
  }

  /**
   * The session of a token. One that another server has just acknowledged may still be on its way here: everything
   * acknowledged is on the disk of this server if it is in sync, so what is there is applied first, within a bound.
   */
  async find(token: string): Promise<Session | null> {
    const tokenHash = hashToken(token);
    const found = this.peek(tokenHash);
    if (found !== null || this.#waits >= this.#limits.sessionWaitsMax) return found;
    const target = this.#newestKnown();
    const deadline = performance.now() + this.#limits.sessionWaitMaxMs;
    this.#waits++;
    try {
      while (this.#chat.position.index < target) {
        const leftMs = deadline - performance.now();
        if (leftMs <= 0 || !(await this.#applier.whenApplied(this.#chat.position.index + 1, leftMs))) return null;
        const arrived = this.peek(tokenHash);
        if (arrived !== null) return arrived;
      }
      return null;
    } finally {
      this.#waits--;
    }
  }

  #newestKnown(): number {
    const { self, replicas } = this.#log.topology();
    return Math.max(0, ...replicas.map((replica) => (replica.name === self ? replica.last : replica.committed)));
  }
}

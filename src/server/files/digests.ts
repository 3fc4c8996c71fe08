/**
 * SHA-256 of uploads while they arrive. An upload that came to this server from its first byte on is hashed as it comes;
 * of one that came in part to another server the pieces are read again at its end.
 */
import { createHash, type Hash } from 'node:crypto';

interface Running {
  readonly hash: Hash;
  upto: number;
}

export class Digests {
  readonly #running = new Map<string, Running>();
  readonly #max: number;

  /** @param max uploads that are remembered; the longest forgotten is read again */
  constructor(max: number) {
    this.#max = max;
  }

  /** The bytes of an upload from `offset` on are stored. */
  add(upload: string, offset: number, bytes: Uint8Array): void {
    const running = offset === 0 ? this.#begin(upload) : this.#running.get(upload);
    if (running === undefined) return;
    if (running.upto !== offset) {
      this.#running.delete(upload);
      return;
    }
    running.hash.update(bytes);
    running.upto += bytes.length;
  }

  /** The hash of an upload of that size, hexadecimal, if all of it came this way. */
  of(upload: string, size: number): string | null {
    const running = size === 0 ? this.#begin(upload) : this.#running.get(upload);
    this.#running.delete(upload);
    return running?.upto === size ? running.hash.digest('hex') : null;
  }

  forget(upload: string): void {
    this.#running.delete(upload);
  }

  #begin(upload: string): Running {
    for (const oldest of this.#running.keys()) {
      if (this.#running.size < this.#max) break;
      this.#running.delete(oldest);
    }
    const running = { hash: createHash('sha256'), upto: 0 };
    this.#running.set(upload, running);
    return running;
  }
}

/**
 * Signs of life to every socket, spread over the interval so that ten thousand are not beaten at once. A ping is for
 * the connection; a live socket also gets an empty `events` frame, which a browser's script can see and which moves the
 * cursor of whoever sits in quiet rooms only.
 */
import type { Chat } from '../../chat/index.ts';
import type { EdgeLimits } from '../options.ts';
import { eventsFrame } from './text-frame.ts';

/** A socket, as the heartbeat sees it. */
export interface Beating {
  beat(nowMs: number, cursor: Buffer): void;
}

const parts = 10;

export class Heartbeat {
  readonly #chat: Chat;
  readonly #groups: readonly Set<Beating>[] = Array.from({ length: parts }, () => new Set<Beating>());
  readonly #timer: NodeJS.Timeout;
  #next = 0;
  #joined = 0;

  constructor(chat: Chat, limits: EdgeLimits) {
    this.#chat = chat;
    this.#timer = setInterval(() => this.#beat(), limits.socketPingIntervalMs / parts).unref();
  }

  /** Beats a socket from now on; the answer stops that. */
  add(socket: Beating): () => void {
    const group = this.#groups[this.#joined++ % parts]!;
    group.add(socket);
    return () => group.delete(socket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const group = this.#groups[this.#next++ % parts]!;
    if (group.size === 0) return;
    const cursor = eventsFrame(null, this.#chat.position.index, []);
    const nowMs = performance.now();
    for (const socket of group) socket.beat(nowMs, cursor);
  }
}

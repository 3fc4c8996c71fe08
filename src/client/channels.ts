/** The channels that a program watches: asked for again on each connection, because a server forgets who was there. */
import type { ChannelName, ChannelNews, ChannelWords, ClientFrame, NewsFrame } from '../protocol/index.ts';
import type { Unsubscribe } from './common-types.ts';

type Handler<C extends ChannelName> = (news: ChannelNews[C]) => void;

export class Watches {
  readonly #handlers = new Map<ChannelName, Set<Handler<ChannelName>>>();
  readonly #write: (frame: ClientFrame) => boolean;
  readonly #failed: (error: unknown) => void;

  /** `write` says whether the frame went out; `failed` gets what a handler throws. */
  constructor(write: (frame: ClientFrame) => boolean, failed: (error: unknown) => void) {
    this.#write = write;
    this.#failed = failed;
  }

  watch<C extends ChannelName>(channel: C, handler: Handler<C>): Unsubscribe {
    const own = handler as Handler<ChannelName>;
    let handlers = this.#handlers.get(channel);
    if (handlers === undefined) {
      handlers = new Set();
      this.#handlers.set(channel, handlers);
      this.#write({ type: 'watch', channel, on: true });
    }
    handlers.add(own);
    return () => {
      const left = this.#handlers.get(channel);
      if (left === undefined || !left.delete(own) || left.size > 0) return;
      this.#handlers.delete(channel);
      this.#write({ type: 'watch', channel, on: false });
    };
  }

  say<C extends ChannelName>(channel: C, body: ChannelWords[C]): boolean {
    return this.#handlers.has(channel) && this.#write({ type: 'say', channel, body });
  }

  /** There is a new connection. */
  online(): void {
    for (const channel of this.#handlers.keys()) this.#write({ type: 'watch', channel, on: true });
  }

  heard({ channel, body }: NewsFrame): void {
    for (const handler of [...(this.#handlers.get(channel) ?? [])]) {
      try {
        handler(body as ChannelNews[ChannelName]);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  clear(): void {
    this.#handlers.clear();
  }
}

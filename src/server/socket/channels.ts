/**
 * Channels: news beside the log for sockets that watch them. What a channel says is left out for a socket that does not
 * keep up, so each must now and then say the whole, or be asked for it.
 */
import { type ChannelName, EstafetError } from '../../protocol/index.ts';

/** A socket that watches. */
export interface Watcher {
  readonly userId: string;
  readonly tokenHash: string;
  /** The host name under which the client knows this server, for addresses. */
  readonly hostname: string;
  /** Writes a whole frame, unless too much waits for the client already. False when it was left out. */
  tell(frame: Buffer): boolean;
}

export interface Channel {
  /** A socket begins to watch. It is called once, until it has left. */
  enter(watcher: Watcher): void;
  leave(watcher: Watcher): void;
  /** A watching socket says something. Throws an `EstafetError` for what cannot be taken. */
  said(watcher: Watcher, body: unknown): void;
}

export type Channels = Readonly<Partial<Record<ChannelName, Channel>>>;

/** The channels that one socket watches. */
export class Watching {
  readonly #channels: Channels;
  readonly #watcher: Watcher;
  readonly #watched = new Set<Channel>();

  constructor(channels: Channels, watcher: Watcher) {
    this.#channels = channels;
    this.#watcher = watcher;
  }

  watch(name: ChannelName, on: boolean): void {
    const channel = this.#find(name);
    if (on === this.#watched.has(channel)) return;
    if (on) {
      this.#watched.add(channel);
      channel.enter(this.#watcher);
    } else {
      this.#watched.delete(channel);
      channel.leave(this.#watcher);
    }
  }

  /** Throws `bad-frame` when the channel is not watched. */
  say(name: ChannelName, body: unknown): void {
    const channel = this.#find(name);
    if (!this.#watched.has(channel)) throw new EstafetError('bad-frame', `Watch ${name} first.`);
    channel.said(this.#watcher, body);
  }

  /** The socket is gone. */
  end(): void {
    for (const channel of this.#watched) channel.leave(this.#watcher);
    this.#watched.clear();
  }

  #find(name: ChannelName): Channel {
    const channel = this.#channels[name];
    if (channel === undefined) throw new EstafetError('not-found', `There is no channel ${name} here.`);
    return channel;
  }
}

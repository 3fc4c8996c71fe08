/**
 * Who is online, on all servers. Each server casts the people who have a socket at it, at each change and every few
 * seconds, in parts that fit a cast; what a silent server said is forgotten. Clients are told when the whole changes.
 */
import { type Static, Type } from 'typebox';
import type { ReplicatedLog } from '../log/index.ts';
import { castOf } from './checks.ts';
import type { EdgeLimits } from './options.ts';
import type { Hub, Seat } from './socket/hub.ts';
import { encodeFrame } from './socket/text-frame.ts';

const topic = 'presence';
/** People in one cast: an id is 36 characters, in quotes, with a comma. */
const partSize = 90;

/** One part of a server's account. Parts of one account have the same number. */
const Part = Type.Object({
  account: Type.Integer(),
  part: Type.Integer(),
  parts: Type.Integer(),
  online: Type.Array(Type.String()),
});
type Part = Static<typeof Part>;
const readPart = castOf(Part);

interface Account {
  readonly number: number;
  readonly parts: Map<number, readonly string[]>;
}

/** What a server last said, whole, and when. */
interface Known {
  readonly online: readonly string[];
  readonly atMs: number;
}

export class Presence {
  readonly #log: ReplicatedLog;
  readonly #hub: Hub;
  readonly #limits: EdgeLimits;
  readonly #own: () => Iterable<string>;
  readonly #known = new Map<string, Known>();
  readonly #arriving = new Map<string, Account>();
  readonly #newcomers = new Set<Seat>();
  readonly #unsubscribe: () => void;
  readonly #interval: NodeJS.Timeout;
  #timer: NodeJS.Timeout | null = null;
  #ownChanged = false;
  #account = 0;
  #told = '';
  #nextToAllMs = 0;

  /** `own` gives the people who have a socket at this server. */
  constructor(log: ReplicatedLog, hub: Hub, limits: EdgeLimits, own: () => Iterable<string>) {
    this.#log = log;
    this.#hub = hub;
    this.#limits = limits;
    this.#own = own;
    this.#unsubscribe = log.onCast((of, body, from) => {
      const part = of === topic ? readPart(body) : null;
      if (part !== null) this.#heard(from, part);
    });
    this.#interval = setInterval(() => this.#tick(), limits.presenceIntervalMs).unref();
  }

  /** Somebody came to this server, or went. */
  changed(): void {
    this.#ownChanged = true;
    this.#schedule();
  }

  /** A socket that has just been welcomed is told soon. */
  introduce(seat: Seat): void {
    this.#newcomers.add(seat);
    this.#schedule();
  }

  /** A server is down: who was at it is not online there any more. */
  forget(server: string): void {
    this.#arriving.delete(server);
    if (this.#known.delete(server)) this.#schedule();
  }

  stop(): void {
    this.#unsubscribe();
    clearInterval(this.#interval);
    clearTimeout(this.#timer ?? undefined);
  }

  #heard(from: string, { account, part, parts, online }: Part): void {
    let arriving = this.#arriving.get(from);
    if (arriving?.number !== account) {
      arriving = { number: account, parts: new Map() };
      this.#arriving.set(from, arriving);
    }
    arriving.parts.set(part, online);
    if (arriving.parts.size < parts) return;
    this.#arriving.delete(from);
    this.#known.set(from, { online: [...arriving.parts.values()].flat(), atMs: performance.now() });
    this.#schedule();
  }

  #tick(): void {
    const oldestMs = performance.now() - this.#limits.presenceMaxAgeMs;
    for (const [server, { atMs }] of this.#known) if (atMs < oldestMs) this.forget(server);
    this.#tellServers();
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#tell(), this.#limits.presenceDebounceMs).unref();
  }

  #tell(): void {
    this.#timer = null;
    if (this.#ownChanged) this.#tellServers();
    const online = this.#everybody();
    const frame = encodeFrame({ type: 'cast', topic, online });
    const text = online.join();
    const nowMs = performance.now();
    if (text !== this.#told && nowMs >= this.#nextToAllMs) {
      this.#told = text;
      const bytes = frame.length * this.#hub.live.size;
      this.#nextToAllMs = nowMs + (bytes * 1_000) / this.#limits.presenceMaxBytesPerSecond;
      for (const seat of this.#hub.live) seat.write(frame);
    } else {
      for (const seat of this.#newcomers) if (this.#hub.live.has(seat)) seat.write(frame);
      if (text !== this.#told) this.#schedule();
    }
    // Who still resumes is told once that is done.
    for (const seat of this.#newcomers) if (this.#hub.live.has(seat) || !seat.isSignedIn) this.#newcomers.delete(seat);
    if (this.#newcomers.size > 0) this.#schedule();
  }

  #everybody(): readonly string[] {
    const online = new Set(this.#own());
    for (const known of this.#known.values()) for (const id of known.online) online.add(id);
    return [...online].sort().slice(0, this.#limits.presenceMaxUsers);
  }

  #tellServers(): void {
    this.#ownChanged = false;
    const online = [...this.#own()].slice(0, this.#limits.presenceMaxUsers);
    const parts = Math.max(1, Math.ceil(online.length / partSize));
    const account = ++this.#account;
    for (let part = 0; part < parts; part++) {
      const some = online.slice(part * partSize, (part + 1) * partSize);
      this.#log.cast(topic, Buffer.from(JSON.stringify({ account, part, parts, online: some })));
    }
  }
}

/**
 * What the lab's servers say to each other: short texts, over the log's casts, to one server or to all. Best effort like
 * the casts themselves, in order, and counted: every server hears every cast, so a gap in their numbers is a loss.
 * Texts of one turn of the event loop travel together; one that is longer than a cast is cut and put together again.
 */
import type { ReplicatedLog } from '../../../log/index.ts';
import type { EdgeLimits } from '../../options.ts';

const topic = 'lab';
/** Whoever hears another version of this says nothing to it. */
const version = 1;
const headBytes = 14;
const everybody = '*';
const between = '\n';

export interface RelayHandlers {
  /** A text has come. It has no line break. */
  heard(from: string, text: string): void;
  /** So many casts of this server have not come; what they said is not known. */
  lost(from: string, casts: number): void;
  /** A text was too long, and is not sent. */
  tooLong(to: string, bytes: number): void;
}

/** How far one server's casts have been heard. */
interface Heard {
  readonly life: number;
  next: number;
  parts: Buffer[];
}

interface Waiting {
  readonly to: string;
  readonly text: string;
}

export class Relay {
  readonly #log: ReplicatedLog;
  readonly #limits: EdgeLimits;
  readonly #handlers: RelayHandlers;
  readonly #life: number;
  readonly #self: string;
  readonly #heard = new Map<string, Heard>();
  readonly #unsubscribe: () => void;
  #waiting: Waiting[] = [];
  #number = 0;

  /** `life` tells this server from the same one before it was started again: any number below 2^32. */
  constructor(log: ReplicatedLog, limits: EdgeLimits, life: number, handlers: RelayHandlers) {
    this.#log = log;
    this.#limits = limits;
    this.#handlers = handlers;
    this.#life = life;
    this.#self = log.topology().self;
    this.#unsubscribe = log.onCast((of, body, from) => {
      if (of === topic) this.#receive(from, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    });
  }

  /** To one server. */
  send(to: string, text: string): void {
    if (this.#waiting.push({ to, text }) === 1) setImmediate(() => this.#flush());
  }

  /** To all other servers. */
  sendAll(text: string): void {
    this.send(everybody, text);
  }

  stop(): void {
    this.#unsubscribe();
    this.#waiting = [];
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let texts: string[] = [];
    let bytes = 0;
    for (const [at, { to, text }] of waiting.entries()) {
      texts.push(text);
      bytes += Buffer.byteLength(text) + between.length;
      const next = waiting[at + 1];
      const fits = next?.to === to && bytes + Buffer.byteLength(next.text) <= this.#room(to);
      if (fits) continue;
      this.#cast(to, Buffer.from(texts.join(between)));
      texts = [];
      bytes = 0;
    }
  }

  #room(to: string): number {
    return this.#limits.castMaxBytes - headBytes - Buffer.byteLength(to);
  }

  #cast(to: string, body: Buffer): void {
    const room = this.#room(to);
    const parts = Math.max(1, Math.ceil(body.length / room));
    if (parts > this.#limits.labRelayPartsMax) {
      // Whoever waits for it sees that something is missing, and asks for everything.
      this.#number++;
      this.#handlers.tooLong(to, body.length);
      return;
    }
    for (let part = 0; part < parts; part++) {
      const head = Buffer.alloc(headBytes);
      head.writeUInt8(version, 0);
      head.writeUInt32BE(this.#life, 1);
      head.writeUInt32BE(this.#number++, 5);
      head.writeUInt16BE(part, 9);
      head.writeUInt16BE(parts, 11);
      head.writeUInt8(Buffer.byteLength(to), 13);
      const piece = body.subarray(part * room, (part + 1) * room);
      this.#log.cast(topic, Buffer.concat([head, Buffer.from(to), piece]));
    }
  }

  #receive(from: string, cast: Buffer): void {
    if (cast.length < headBytes || cast.readUInt8(0) !== version) return;
    const life = cast.readUInt32BE(1);
    const number = cast.readUInt32BE(5);
    const part = cast.readUInt16BE(9);
    const parts = cast.readUInt16BE(11);
    const toBytes = cast.readUInt8(13);
    let heard = this.#heard.get(from);
    if (heard?.life !== life) {
      heard = { life, next: number, parts: [] };
      this.#heard.set(from, heard);
    }
    const gap = number - heard.next;
    heard.next = number + 1;
    if (gap > 0) {
      heard.parts = [];
      this.#handlers.lost(from, gap);
    }
    const to = cast.toString('utf8', headBytes, headBytes + toBytes);
    if (to !== everybody && to !== this.#self) return;
    // The beginning of this one was lost.
    if (part !== heard.parts.length) return;
    heard.parts.push(Buffer.from(cast.subarray(headBytes + toBytes)));
    if (part + 1 < parts) return;
    const whole = heard.parts.length === 1 ? heard.parts[0]! : Buffer.concat(heard.parts);
    heard.parts = [];
    for (const text of whole.toString('utf8').split(between)) this.#handlers.heard(from, text);
  }
}

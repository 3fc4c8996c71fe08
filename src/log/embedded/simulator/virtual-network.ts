/**
 * A network in virtual time: streams between pairs of processes, whose bytes arrive late, in order, and perhaps not at
 * all. A connection that breaks may still deliver what was under way, each end sees the end of it by itself, and the
 * next connection may be made before the older one's other end has. Entries and commands cross it in their wire form.
 */
import { decodeMessage, encodeMessage, frameHeaderBytes } from '../codec.ts';
import type { Input } from '../replica/effects.ts';
import type { PeerMessage } from '../replica/messages.ts';
import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';

/** One in so many control messages crosses in its wire form, and how long the others are taken to be there. */
const controlsEncoded = 16;
const controlBytes = 150;

/** A place on the network, with the process that runs there at the moment. */
export interface Host<Process> {
  readonly name: string;
  readonly disk: { readonly incarnation: string };
  readonly process: Process | null;
}

interface Connection<Process> {
  /** Whether anything that is sent still travels. */
  up: boolean;
  readonly ends: End<Process>[];
  /** When both ends had seen its beginning. */
  openedAtMs: number;
}

/** One end of a connection: what arrives there, and whether it has seen the beginning and the end of the stream. */
interface End<Process> {
  readonly host: Host<Process>;
  readonly process: Process;
  readonly connection: Connection<Process>;
  state: 'coming' | 'open' | 'closed';
  arrivesAtMs: number;
  /** Whatever is under way here arrives only then. */
  heldUntilMs: number;
  /** Bytes on their way here, and those of them that have arrived at a process that does not read. */
  waitingBytes: number;
  unreadBytes: number;
}

export interface NetworkHooks<Process> {
  /** Gives an input to a process, unless that process is no more. */
  deliver(host: Host<Process>, process: Process, input: Input): void;
  /** A process is told who is at the other end of a new link. */
  introduce(process: Process, peer: string, other: Process): void;
}

export class VirtualNetwork<Process extends { readonly paused: boolean }> {
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #latencyMs: number;
  readonly #bufferMaxBytes: number;
  readonly #hooks: NetworkHooks<Process>;
  /** The end that a host has towards another, by both names. */
  readonly #ends = new Map<string, End<Process>>();
  readonly #cut = new Set<string>();
  /** Links that were cut because their other end did not read. */
  overflows = 0;
  #controls = 0;

  constructor(
    agenda: Agenda,
    random: Random,
    shape: { readonly latencyMs: number; readonly bufferMaxBytes: number },
    hooks: NetworkHooks<Process>,
  ) {
    this.#agenda = agenda;
    this.#random = random;
    this.#latencyMs = shape.latencyMs;
    this.#bufferMaxBytes = shape.bufferMaxBytes;
    this.#hooks = hooks;
  }

  /** Connects two hosts after a while, if by then both have a process and nothing is in the way. */
  connect(a: Host<Process>, b: Host<Process>): void {
    const [dialler, acceptor] = a.name > b.name ? [a, b] : [b, a];
    this.#agenda.after(this.#random.delay(3), () => {
      if (this.#ends.has(way(dialler, acceptor)) || this.#cut.has(pair(a, b))) return;
      if (dialler.process === null || acceptor.process === null) return;
      const connection: Connection<Process> = { up: true, ends: [], openedAtMs: Number.POSITIVE_INFINITY };
      for (const host of [dialler, acceptor]) {
        const process = host.process!;
        const fresh = { state: 'coming', arrivesAtMs: 0, heldUntilMs: 0, waitingBytes: 0, unreadBytes: 0 } as const;
        connection.ends.push({ host, process, connection, ...fresh });
      }
      const [here, there] = connection.ends as [End<Process>, End<Process>];
      this.#ends.set(way(dialler, acceptor), here);
      this.#hello(here, there);
      this.#hello(there, here);
    });
  }

  /** The other end's greeting arrives: from now on there is a link. An older link to the same name ends with it. */
  #hello(end: End<Process>, other: End<Process>): void {
    this.#arrive(end, () => {
      if (end.state !== 'coming' || end.host.process !== end.process) return;
      const older = this.#ends.get(way(end.host, other.host));
      if (older !== undefined && older !== end) {
        // A greeting that is read late may end the newer link: what one end closes, the other must see the end of.
        this.#end(older.connection, this.#random.delay(2));
        this.#close(older, other.host);
      }
      end.state = 'open';
      this.#ends.set(way(end.host, other.host), end);
      if (other.state === 'open') end.connection.openedAtMs = this.#agenda.nowMs;
      this.#hooks.introduce(end.process, other.host.name, other.process);
      const { incarnation } = other.host.disk;
      this.#hooks.deliver(end.host, end.process, { type: 'linked', peer: other.host.name, incarnation });
    });
  }

  #arrive(end: End<Process>, then: () => void): void {
    end.arrivesAtMs = Math.max(end.arrivesAtMs, this.#agenda.nowMs + this.#random.delay(this.#latencyMs));
    const arrive = (): void => {
      const heldMs = end.heldUntilMs - this.#agenda.nowMs;
      if (heldMs > 0) this.#agenda.after(heldMs, arrive);
      else then();
    };
    this.#agenda.after(end.arrivesAtMs - this.#agenda.nowMs, arrive);
  }

  #close(end: End<Process>, peer: Host<Process>): void {
    const was = end.state;
    end.state = 'closed';
    end.connection.up = false;
    if (this.#ends.get(way(end.host, peer)) === end) this.#ends.delete(way(end.host, peer));
    if (was === 'open') this.#hooks.deliver(end.host, end.process, { type: 'unlinked', peer: peer.name });
  }

  /**
   * Nothing more is sent. What is under way may still arrive, all of it or not; then each end sees that it is over, by
   * itself, and the one that dials tries again.
   */
  disconnect(a: Host<Process>, b: Host<Process>, afterMs: number, lateMs = 0): void {
    const connections = new Set([this.#ends.get(way(a, b))?.connection, this.#ends.get(way(b, a))?.connection]);
    for (const connection of connections) if (connection !== undefined) this.#end(connection, afterMs, lateMs);
  }

  #end(connection: Connection<Process>, afterMs: number, lateMs = 0): void {
    if (!connection.up) return;
    connection.up = false;
    for (const end of connection.ends) {
      const peer = connection.ends.find((other) => other !== end)!.host;
      if (lateMs > 0) end.heldUntilMs = this.#agenda.nowMs + lateMs * this.#random.fraction();
      const lastBytesMs = this.#random.chance(0.5)
        ? Math.max(end.arrivesAtMs, end.heldUntilMs) - this.#agenda.nowMs
        : 0;
      this.#agenda.after(Math.max(afterMs, lastBytesMs), () => {
        if (end.state === 'closed') return;
        this.#close(end, peer);
        this.connect(end.host, peer);
      });
    }
  }

  /** The process of a host is no more: its own ends with it, and the others see it after a while. */
  gone(host: Host<Process>, others: readonly Host<Process>[]): void {
    for (const other of others) {
      this.disconnect(host, other, this.#random.delay(2), this.#random.chance(0.2) ? this.#random.delay(60) : 0);
      const own = this.#ends.get(way(host, other));
      if (own === undefined) continue;
      own.state = 'closed';
      this.#ends.delete(way(host, other));
    }
  }

  /** Whether two hosts have been connected all this time. */
  wereTogether(a: Host<Process>, b: Host<Process>, forMs: number): boolean {
    const connection = this.#ends.get(way(a, b))?.connection;
    return connection?.up === true && this.#agenda.nowMs - connection.openedAtMs >= forMs;
  }

  /** Keeps two hosts apart for a while; false when they are already. */
  cut(a: Host<Process>, b: Host<Process>, forMs: number, lateMs: number, then: () => void): boolean {
    const key = pair(a, b);
    if (this.#cut.has(key)) return false;
    this.#cut.add(key);
    this.disconnect(a, b, 0, lateMs);
    this.#agenda.after(forMs, () => {
      this.#cut.delete(key);
      this.connect(a, b);
      then();
    });
    return true;
  }

  /** A process that was paused reads again. */
  reads(host: Host<Process>, others: readonly Host<Process>[]): void {
    for (const other of others) {
      const end = this.#ends.get(way(host, other));
      if (end === undefined) continue;
      end.waitingBytes -= end.unreadBytes;
      end.unreadBytes = 0;
    }
  }

  /**
   * What carries entries travels as it does in reality, byte for byte, and so does one control message in some: most of
   * a run would be spent on their JSON otherwise.
   */
  #onTheWire(message: PeerMessage): { readonly bytes: number; readonly read: () => PeerMessage } {
    const isControl = message.type !== 'append' && message.type !== 'forward';
    if (isControl && ++this.#controls % controlsEncoded !== 0) return { bytes: controlBytes, read: () => message };
    const payload = encodeMessage(message).subarray(frameHeaderBytes);
    return { bytes: payload.length, read: () => decodeMessage(payload) };
  }

  send(from: Host<Process>, to: readonly Host<Process>[], message: PeerMessage): void {
    const { bytes, read } = this.#onTheWire(message);
    for (const host of to) {
      const own = this.#ends.get(way(from, host));
      if (own?.connection.up !== true) continue;
      const end = own.connection.ends.find((one) => one.host === host)!;
      if (end.waitingBytes > this.#bufferMaxBytes) {
        this.overflows++;
        this.disconnect(from, host, 0);
        continue;
      }
      end.waitingBytes += bytes;
      this.#arrive(end, () => {
        if (end.state !== 'open') return;
        if (end.process.paused) end.unreadBytes += bytes;
        else end.waitingBytes -= bytes;
        this.#hooks.deliver(host, end.process, { type: 'message', from: from.name, message: read() });
      });
    }
  }
}

interface Named {
  readonly name: string;
}
const way = (from: Named, to: Named): string => `${from.name} ${to.name}`;
const pair = (a: Named, b: Named): string => (a.name < b.name ? way(a, b) : way(b, a));
